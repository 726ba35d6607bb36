"""システム管理者の朝: users, places, figures to check, mail, health. Nobody's client is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.fee_tables import TIER_WORDS, fee_tables, waiting_imports
from billing.rules.fee_months import CodeState, TableSpan, spans
from plans.queries.move_in_places import places_wanted
from teikyaku.accounts.models import JobRun, OutboxMail, SecondFactorReset
from teikyaku.accounts.queries.figures import overrides, unconfirmed
from teikyaku.accounts.queries.people import Show, people_counts
from teikyaku.accounts.queries.places import (
    MunicipalityShow,
    OfficeShow,
    municipality_counts,
    office_counts,
    proposals_waiting,
)
from teikyaku.clock import TOKYO, date_of
from teikyaku.desk.queries.inconsistencies import standing_of
from teikyaku.era import both
from teikyaku.periods import Month

# Fee tables are looked for so many months ahead.
TABLES_AHEAD = 3
# Of what waits for a confirmation so much stands on the home; the list has all.
WAITING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SystemCount:
    """A number and the list that agrees with it."""

    label: str
    count: int
    url: str
    unit: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about the installation in words, with how it is."""

    label: str
    text: str
    tone: str
    url: str = ""
    pill: str = ""
    """What stands beside it in one word; "" leaves it to the tone."""


@dataclass(frozen=True, slots=True)
class SystemDesk:
    """What the administrator sees first."""

    people: tuple[SystemCount, ...]
    places: tuple[SystemCount, ...]
    wanted: tuple[Line, ...]
    """Municipalities that offices wait for."""
    figures: tuple[Line, ...]
    running: tuple[Line, ...]


def system_desk(at: datetime) -> SystemDesk:
    """Everything above as of an instant (some fourteen queries)."""
    on = date_of(at)
    return SystemDesk(
        people=_people(on), places=_places(on), wanted=_wanted(at), figures=_figures(on),
        running=_running(at),
    )  # fmt: skip


def _people(on: date) -> tuple[SystemCount, ...]:
    counts, url = people_counts(on), reverse("people")
    tones = {Show.NO_FACTOR: "warning", Show.ENDING: "warning", Show.INVITED: "info"}
    found = [
        SystemCount(
            str(show.label), counts[show], f"{url}?show={show.value}", _("人"),
            tones.get(show, "neutral") if counts[show] else "neutral",
        )
        for show in (Show.BELONGING, Show.INVITED, Show.NO_FACTOR, Show.ENDING, Show.OUTSIDE)
    ]  # fmt: skip
    waiting = SecondFactorReset.objects.filter(confirmed_at=None, withdrawn_at=None).count()
    label = _("二要素の解除の確認待ち")
    found.append(
        SystemCount(label, waiting, f"{url}#resets", _("件"), "danger" if waiting else "neutral")
    )
    return tuple(found)


def _places(on: date) -> tuple[SystemCount, ...]:
    offices, wards = office_counts(on), municipality_counts(on)
    office_page, ward_page = reverse("offices"), reverse("municipalities")
    headless, empty = offices[OfficeShow.HEADLESS], wards[MunicipalityShow.EMPTY]
    place, ward = _("か所"), _("区")
    return (
        SystemCount(_("事業所"), offices[OfficeShow.ALL], office_page, place),
        SystemCount(
            str(OfficeShow.HEADLESS.label), headless,
            f"{office_page}?show={OfficeShow.HEADLESS.value}", place,
            "warning" if headless else "neutral",
        ),
        SystemCount(
            str(MunicipalityShow.WARDS.label), wards[MunicipalityShow.WARDS],
            f"{ward_page}?show={MunicipalityShow.WARDS.value}", ward,
        ),
        SystemCount(
            str(MunicipalityShow.EMPTY.label), empty,
            f"{ward_page}?show={MunicipalityShow.EMPTY.value}", ward,
        ),
    )  # fmt: skip


def _wanted(at: datetime) -> tuple[Line, ...]:
    text, url = _("登録を待っています：%(offices)s"), reverse("municipality_new")
    entered = _("%(office)sが仮登録しました（番号 %(code)s）")
    return tuple(
        Line(each.name, text % {"offices": "、".join(each.offices)}, "warning", url, _("未登録"))
        for each in places_wanted(at)
    ) + tuple(
        Line(
            each.municipality.full_name,
            entered % {"office": each.office.name, "code": each.municipality.code},
            "warning", reverse("municipality_edit", args=[each.municipality.public_id]), _("確認待ち"),
        )
        for each in proposals_waiting()[:WAITING_SHOWN]
    )  # fmt: skip


def _figures(on: date) -> tuple[Line, ...]:
    month = Month.of(on)
    unsure = len(unconfirmed(month, overrides()))
    months = spans(fee_tables(), month, month + TABLES_AHEAD, TIER_WORDS)
    missing = [m for span in months if span.problem for m in Month.span(span.first, span.last)]
    named = "、".join(each.label for each in missing)
    return (
        Line(
            _("制度の数値"),
            _("確かめていない数値 %(n)d件") % {"n": unsure},
            "warning" if unsure else "success",
            f"{reverse('figures')}?show=unsure",
        ),
        Line(
            _("報酬表"),
            _("%(months)sの報酬表がありません") % {"months": named}
            if missing
            else _("%(n)dか月先まであります") % {"n": TABLES_AHEAD},
            "danger" if month in missing else "warning" if missing else "success",
            reverse("tariffs"),
        ),
        Line(_("サービスコード"), *_codes(months), f"{reverse('tariffs')}#months"),
        *_waiting(),
    )


def _codes(months: list[TableSpan]) -> tuple[str, str]:
    """The codes of the first span that lacks some: without them no claim file can be written."""
    tables = [span for span in months if span.table is not None]
    lacking = next((span for span in tables if span.code_state != CodeState.ALL), None)
    if lacking is not None:
        text = (
            _(
                "%(month)sからのコードがありません。国のサービスコード表を取り込むと、請求のファイルを作れます"
            )
            if lacking.code_state == CodeState.NONE
            else _("%(month)sから、コードのない行が%(n)d件あります")
        )
        return text % {"month": lacking.first.label, "n": lacking.missing_codes}, "warning"
    if not tables:
        return _("報酬表がないため、確かめられません"), "warning"
    if any(span.table is not None and span.table.has_sample_codes for span in tables):
        return _("見本のコードです。請求には使えません"), "warning"
    return _("%(n)dか月先まであります") % {"n": TABLES_AHEAD}, "success"


def _waiting() -> list[Line]:
    waiting = waiting_imports()
    if not waiting:
        return []
    text = _("確認待ち %(n)d件。読み込んだ人とは別の管理者が確認します") % {"n": waiting}
    return [Line(_("報酬表の取り込み"), text, "warning", f"{reverse('tariffs')}#imports")]


def _running(at: datetime) -> tuple[Line, ...]:
    mail = OutboxMail.objects.aggregate(
        waiting=Count("pk", filter=Q(sent_at=None, withdrawn_at=None)), last=Max("sent_at")
    )
    last: datetime | None = mail["last"]
    sent = _when(last) if last else _("まだありません")
    if last and not JobRun.objects.filter(name=JobRun.Name.SEND_MAIL).exists():
        # What went out without the recurring run, which stands below among what never ran.
        sent = _("%(last)s（定期の送信ではありません）") % {"last": sent}
    is_stuck = mail["waiting"] > 0
    return (
        Line(
            _("メール"),
            _("送信待ち %(n)d通。最後の送信 %(last)s") % {"n": mail["waiting"], "last": sent},
            "warning" if is_stuck else "success",
        ),
        _inconsistencies(),
        *_jobs(at),
        Line(
            _("データベース"),
            _("応答しています（%(kind)s）") % {"kind": connection.display_name},
            "success",
        ),
        Line(_("版"), settings.VERSION, "neutral"),
    )


def _inconsistencies() -> Line:
    found = standing_of(None).count()
    text = _("%(n)d件あります") % {"n": found} if found else _("ありません")
    url = reverse("inconsistencies")
    return Line(_("記録の食い違い"), text, "danger" if found else "success", url)


def _jobs(at: datetime) -> list[Line]:
    """Each kind of recurring work: its last run, also where there was none."""
    runs = {run.name: run for run in JobRun.objects.all()}
    never = [name for name in JobRun.Name if name not in runs and not name.is_by_hand]
    told = [
        Line(name.label, *_job(name, runs.get(name), at), pill="" if name in runs else _("まだ"))
        for name in JobRun.Name
        if name not in never
    ]
    return [*_never(never), *told]


def _never(names: list[JobRun.Name]) -> list[Line]:
    """What has never run, told once: a backup among it is a warning wherever this runs."""
    if not names:
        return []
    # A demo or a trial has no clock that starts them; in production they are missing.
    is_warning = settings.IS_PRODUCTION or JobRun.Name.BACKUP in names
    text = _(
        "%(jobs)s。決まった時刻に動くように設定してください（docs/operations.md の「定期処理」）。"
    )
    jobs = "、".join(str(name.label) for name in names)
    tone = "warning" if is_warning else "neutral"
    return [Line(_("まだ一度も動いていないもの"), text % {"jobs": jobs}, tone, pill=_("まだ"))]


def _job(name: JobRun.Name, run: JobRun | None, at: datetime) -> tuple[str, str]:
    if run is None and name.is_by_hand:
        tone = "warning" if settings.IS_PRODUCTION else "neutral"
        return _("まだ一度も確かめていません。別の場所に戻して確かめ、記録してください。"), tone
    assert run is not None  # noqa: S101  (what never ran is told by `_never`)
    if run.finished_at is None:
        text = _("%(at)sに始めました。終わりの記録がありません") % {"at": _when(run.started_at)}
        return text, "info" if at - run.started_at < name.late_after else "danger"
    text = f"{_when(run.finished_at)}　{run.said}"
    if run.has_failed:
        return text, "danger"
    return text, "warning" if at - run.finished_at > name.late_after else "success"


def _when(at: datetime) -> str:
    there = at.astimezone(TOKYO)
    return f"{both(there.date())} {there:%H:%M}"
