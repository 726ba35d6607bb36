"""Support reports: written for a month, issued as frozen versions, shared only with consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_after_death, refuse_future
from clients.enums import ReportItem
from clients.models import Consent, Enrolment
from clients.queries.no_contact import must_not_contact
from plans.models import ReportShare, ReportVersion, SupportReport
from plans.queries.report import earlier_version, sharing_with
from plans.queries.report_meetings import (
    appointment_gone,
    gone_from,
    told_meetings,
    untrue_refusal,
)
from plans.report_papers import version_content
from plans.rules.report import DIED, PERSON, is_after_death
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.era import both
from teikyaku.fonts import code_point
from teikyaku.frozen import canonical, digest
from teikyaku.printing import missing_in


@transaction.atomic
def write_report(
    *,
    enrolment: Enrolment,
    month: date,
    by: Membership,
    at: datetime,
    correction_reason: str = "",
    seen: int | None = None,
    **items: str,
) -> SupportReport:
    """支援レポート for a month: the one on file is changed, else a new one.

    After the first version it is a correction: it needs its reason, and is the text of the next
    version until that is issued. `seen` is the revision that the writer had before them. Raises
    ValidationError for a month that lies ahead or before the beginning, for a correction without
    reason or change, and when somebody else has saved in between.
    """
    if month < enrolment.starts_on.replace(day=1):
        raise ValidationError(_("相談の開始より前の月です。"))
    if month > date_of(at):
        raise ValidationError(_("まだ来ていない月です。"))
    if enrolment.ends_on is not None and month > enrolment.ends_on:
        raise ValidationError(_("利用が終わったあとの月です。"))
    report = (
        SupportReport.objects.select_for_update().filter(enrolment=enrolment, month=month).first()
    )
    if report is None:
        if seen:
            raise ValidationError(_(GONE))
        report = SupportReport(enrolment=enrolment, month=month)
    else:
        if seen is not None and seen != report.revision:
            raise ValidationError(_(SAVED_MEANWHILE))
        report.revision += 1
        _check_correction(report, correction_reason, items, date_of(at))
    for name, text in items.items():
        setattr(report, name, text)
    report.correction_reason = correction_reason
    with violations_as_validation_errors(SupportReport):
        return save_record(
            report,
            verb="report_written",
            by=by,
            at=at,
            person_id=enrolment.client.public_id,
            fields=tuple(items),
        )


GONE = "このレポートは、もうありません。前のページから開き直してください。"
SAVED_MEANWHILE = (
    "ほかの人が、この間に保存しました。入力した文を写してから、ページを開き直してください。"
)


def _check_correction(report: SupportReport, reason: str, items: dict[str, str], on: date) -> None:
    latest = report.versions.last()
    if latest is None:
        return
    if not reason:
        text = _("渡したレポートは変えられません。訂正の理由を入れると、次の版になります。")
        raise ValidationError({"correction_reason": text})
    now = {**latest.content["texts"], "plain": latest.content["plain"]}
    # The days of its meetings and the next one are no part of the text, and come from the records.
    is_stale = bool(gone_from(latest)) or appointment_gone(latest, on) is not None
    if not is_stale and all(now.get(name, "") == text for name, text in items.items()):
        raise ValidationError(_("前の版と同じ文です。直すところがなければ、訂正版は要りません。"))


@transaction.atomic
def drop_correction(*, report: SupportReport, by: Membership, at: datetime) -> SupportReport:
    """A correction that was begun is given up: the text is again that of the latest version.

    Raises ValidationError when there is none (any more).
    """
    report = _locked(report)
    latest = report.versions.last()
    if latest is None or not report.correction_reason:
        raise ValidationError(_("書きかけの訂正版はありません。"))
    for name, text in {**latest.content["texts"], "plain": latest.content["plain"]}.items():
        setattr(report, name, text)
    report.correction_reason = ""
    report.revision += 1
    person = report.enrolment.client.public_id
    return save_record(report, verb="report_correction_dropped", by=by, at=at, person_id=person)


@transaction.atomic
def issue_version(
    *, report: SupportReport, by: Membership, at: datetime, handed_on: date | None = None
) -> ReportVersion:
    """The version of the text as it stands: frozen, and made once, also when two ask at once.

    `handed_on`: the person had it on that day already, and it is only put on record now. Raises
    ValidationError for characters that cannot be printed, and after a death.
    """
    report = _locked(report)
    latest = report.versions.last()
    if latest is not None and not report.correction_reason:
        return latest
    client = report.enrolment.client
    was_handed = handed_on is not None and not is_after_death(PERSON, client.died_on, handed_on)
    if client.died_on is not None and client.died_on <= date_of(at) and not was_handed:
        raise ValidationError(_("亡くなった方です。レポートは発行しません。"))
    number = latest.number + 1 if latest else 1
    content = canonical(
        version_content(report, version=number, issued_on=date_of(at), author=report.recorded_by)
    )
    _refuse_unprintable(content)
    version = ReportVersion(
        report=report, number=number, content=content, digest=digest(content),
        reason=report.correction_reason, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    with violations_as_validation_errors(ReportVersion):
        version.save()
    audit(verb="report_issued", subject=version, by=by, at=at, person_id=client.public_id)
    if report.correction_reason:
        report.correction_reason = ""
        save_record(report, verb="report_written", by=by, at=at, person_id=client.public_id)
    return version


def _locked(report: SupportReport) -> SupportReport:
    """The row as it is now, so that two people at once come one after the other."""
    rows = SupportReport.objects.select_for_update(of=("self",))
    related = ("enrolment__client", "enrolment__office", "recorded_by__user")
    return rows.select_related(*related).get(pk=report.pk)


def _refuse_unprintable(content: dict[str, Any]) -> None:
    """Characters without a shape are named where they stand, before anybody gets a box."""
    places = missing_in(content)
    if not places:
        return
    labels = {**{f"texts.{item.value}": str(item.label) for item in ReportItem},
              "plain": _("やさしい言葉で"), "person.name": _("氏名"), "person.kana": _("ふりがな"),
              "reason": _("訂正の理由")}  # fmt: skip
    told = "、".join(
        _("%(place)sの%(characters)s")
        % {
            "place": labels.get(place, _("事業所か職員の名前")),
            "characters": "・".join(map(code_point, characters)),
        }
        for place, characters in places.items()
    )
    text = _("印刷できない文字があります：%(told)s。別の字に直してください。")
    raise ValidationError(text % {"told": told})


@dataclass(frozen=True, slots=True)
class Handing:
    """Beside whom and when: which version, and whether the plain one went with it."""

    version: ReportVersion | None = None
    """None: the latest; what is being written is issued first."""
    with_plain: bool = False
    is_received: bool = False
    """Whoever handed it over saw that it was received, there and then."""


@transaction.atomic
def share_report(
    *,
    report: SupportReport,
    recipient: str,
    shared_on: date,
    way: str,
    by: Membership,
    at: datetime,
    recipient_name: str = "",
    handing: Handing | None = None,
) -> ReportShare:
    """The report went to somebody on a day; to others than the person only with consent for it.

    What went is cut to the items of that consent. Raises ValidationError without consent on that
    day, for a workplace that must not know, after a death, for a day before the month, before the
    first meeting that the version tells of, or ahead, for a version that tells the person of a
    meeting that is not on file any more, and for the plain version where not every item may go.
    """
    handing = handing or Handing()
    refuse_future(at=at, shared_on=shared_on)
    # As it is now: a death may have been recorded since the report was read.
    report = _locked(report)
    if shared_on < report.month:
        raise ValidationError({"shared_on": _("レポートの月より前の日付です。")})
    allowed = sharing_with(report.enrolment, recipient, recipient_name, shared_on, date_of(at))
    if allowed.refusal is DIED and recipient == PERSON:
        text = _("亡くなった方です。亡くなった日までに渡していたときだけ、記録できます。")
        raise ValidationError({"shared_on": text})
    if allowed.refusal is not None:
        raise ValidationError({"recipient": allowed.refusal.text})
    if handing.with_plain and not allowed.is_whole:
        text = _("やさしい版には全部の項目が入ります。項目を限った同意の相手には渡せません。")
        raise ValidationError({"with_plain": text})
    handed_on = shared_on if recipient == PERSON else None
    version = handing.version or issue_version(report=report, by=by, at=at, handed_on=handed_on)
    if recipient == PERSON:
        _refuse_untrue(version)
    _refuse_before_told(version, shared_on)
    earlier = earlier_version(report, recipient, recipient_name, version.number)
    row = ReportShare(
        report=report,
        version=version,
        recipient=recipient,
        recipient_name=recipient_name,
        shared_on=shared_on,
        way=way,
        items=[item.value for item in allowed.items],
        with_plain=handing.with_plain,
        earlier=earlier,
        consent_id=allowed.consent,
    )
    if handing.is_received:
        row.received_on, row.received_how = shared_on, ReportShare.Receipt.SEEN
        row.receipt_at, row.receipt_by = at, by
    person = report.enrolment.client.public_id
    with violations_as_validation_errors(ReportShare):
        return save_record(row, verb="report_shared", by=by, at=at, person_id=person)


def _refuse_untrue(version: ReportVersion) -> None:
    """No month is earned with a paper about a meeting that is not on file any more."""
    refusal = untrue_refusal(version)
    if refusal is not None:
        raise ValidationError(refusal.text)


def _refuse_before_told(version: ReportVersion, shared_on: date) -> None:
    """Nobody got a paper before anything that it tells of: the month would be held for good."""
    first = min((each.on for each in told_meetings(version)), default=None)
    if first is not None and shared_on < first:
        text = _(
            "%(on)sの面談を伝えるレポートです。その日より前には渡せません。渡した日を確かめてください。"
        )
        raise ValidationError({"shared_on": text % {"on": both(first)}})


@transaction.atomic
def give_consent(
    *,
    enrolment: Enrolment,
    recipient: str,
    scope: str,
    starts_on: date,
    by: Membership,
    at: datetime,
    **details: Any,
) -> Consent:
    """The person consented, for one recipient and scope, from a day on.

    Raises ValidationError for the workplace while it must not be contacted: that flag goes first;
    and for a day after a death.
    """
    refuse_future(at=at, starts_on=starts_on)
    refuse_after_death(enrolment.client, starts_on=starts_on)
    if recipient == Consent.Recipient.EMPLOYER and must_not_contact(enrolment.client, starts_on):
        raise ValidationError(
            {"recipient": _("職場連絡禁止の方です。先に就労の記録を直してください。")}
        )
    row = Consent(
        enrolment=enrolment, recipient=recipient, scope=scope, starts_on=starts_on, **details
    )
    person = enrolment.client.public_id
    return save_record(row, verb="consent_given", by=by, at=at, person_id=person)


@transaction.atomic
def withdraw_consent(
    *, consent: Consent, on: date, by: Membership, at: datetime, words: str = ""
) -> Consent:
    """The person withdrew it on `on`: from that day nothing goes. What went before stays on file.

    How and why they said so (`words`) stands in the history, and goes with the person.

    Raises ValidationError for a day ahead or before the consent, and when it is withdrawn already.
    """
    refuse_future(at=at, withdrawn_on=on)
    consent = Consent.objects.select_for_update(of=("self",)).select_related(
        "enrolment__client"
    ).get(pk=consent.pk)  # fmt: skip
    if consent.withdrawn_on is not None:
        raise ValidationError(_("この同意は、もう撤回されています。"))
    consent.withdrawn_on = on
    person = consent.enrolment.client.public_id
    fields = ("withdrawn_on",)
    return save_record(
        consent, verb="consent_withdrawn", by=by, at=at, person_id=person, fields=fields,
        reason=words.strip(),
    )  # fmt: skip
