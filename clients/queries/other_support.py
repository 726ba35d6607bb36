"""Other support as pages show it: each with its phases drawn, and the months that it bars."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from clients.enums import SupportKind
from clients.models import Client, OtherSupport
from clients.queries.dossier import ClientDossier
from clients.rules import kinds
from clients.rules.barred import BarringSupport, barred_months
from clients.rules.job_coach import PhaseSpan, length_of, phase_on
from teikyaku.era import both
from teikyaku.periods import Month, Period, last_day_of_months
from teikyaku.reasons import Reason

# Of a support that lasts the bar reaches as far as the usual length, or to the day.
DRAWN_MONTHS = 4
# Client, first and last month → each closed month among them in words.
ClosedIn = Callable[[Client, Month, Month | None], Sequence[str]]


def barring_of(rows: Iterable[OtherSupport]) -> tuple[BarringSupport, ...]:
    """Supports as the rule of barred months takes them."""
    return tuple(
        BarringSupport(kinds.SupportKind(row.kind), Period(row.starts_on, row.ends_on), row.months)
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class PhaseBand:
    """A phase as it is drawn: in percent of the bar."""

    phase: str
    label: str
    period: Period
    start_percent: int
    width_percent: int
    is_now: bool


@dataclass(frozen=True, slots=True)
class SupportLine:
    """One support on the person's page."""

    support_id: UUID
    kind: str
    label: str
    place: str
    phone: str
    period: Period
    end_note: str
    is_running: bool
    bands: tuple[PhaseBand, ...]
    """A job coach's phases; empty for others."""
    description: str
    """The bar in words."""
    today_percent: int | None
    now_label: str
    """The phase of the day."""
    remark: Reason | None
    """What is unusual about its length."""
    months: tuple[Month, ...]
    """The subsidised ones."""
    has_steps: bool
    takes_subsidy: bool


@dataclass(frozen=True, slots=True)
class BarredSpan:
    """請求できない月 in a row, for one reason."""

    first: Month
    last: Month
    reason: Reason

    @property
    def label(self) -> str:
        """The months in words."""
        if self.first == self.last:
            return self.first.label
        return f"{self.first.label}〜{self.last.label}"


@dataclass(frozen=True, slots=True)
class SupportPanel:
    """ほかの支援 of a person for one office, and the months that it bars."""

    lines: tuple[SupportLine, ...]
    barred: tuple[BarredSpan, ...]
    """From the beginning of the oldest up to the month of the day, and subsidised ones ahead."""


def support_panel(dossier: ClientDossier) -> SupportPanel:
    """The panel from a dossier at hand; running ones first."""
    on = dossier.on
    lines = [_line(row, on) for row in dossier.standing_supports]
    facts = barring_of(dossier.standing_supports)
    months = [Month.of(on), *(month for fact in facts for month in fact.months)]
    first = min((Month.of(fact.period.starts_on) for fact in facts), default=Month.of(on))
    return SupportPanel(
        lines=tuple(sorted(lines, key=lambda line: not line.is_running)),
        barred=_barred_spans(barred_months(facts, first, max(months))),
    )


def _barred_spans(months: Sequence[tuple[Month, Reason]]) -> tuple[BarredSpan, ...]:
    found: list[BarredSpan] = []
    for month, reason in months:
        last = found[-1] if found else None
        if last is not None and last.reason == reason and last.last + 1 == month:
            found[-1] = BarredSpan(last.first, month, reason)
        else:
            found.append(BarredSpan(month, month, reason))
    return tuple(found)


def _line(row: OtherSupport, on: date) -> SupportLine:
    phases = row.phases
    axis_end = row.ends_on or max(on, last_day_of_months(row.starts_on, DRAWN_MONTHS))
    axis = Period(row.starts_on, axis_end)
    now = phase_on(phases, on)
    is_coach = row.kind == SupportKind.JOB_COACH
    return SupportLine(
        support_id=row.public_id,
        kind=row.kind,
        label=row.get_kind_display(),
        place=row.organisation.name,
        phone=row.organisation.phone,
        period=Period(row.starts_on, row.ends_on),
        end_note=row.end_note,
        is_running=row.ends_on is None or on <= row.ends_on,
        bands=tuple(_band(span, axis, on) for span in phases),
        description="、".join(_phase_words(span) for span in phases),
        today_percent=_percent(on, axis) if phases and axis.contains(on) else None,
        now_label=now.label if now else "",
        remark=length_of(row.starts_on, row.ends_on, on).remark if is_coach else None,
        months=row.months,
        has_steps=row.ends_on is None,
        takes_subsidy=is_coach,
    )


def _phase_words(span: PhaseSpan) -> str:
    until = both(span.period.ends_on) if span.period.ends_on else ""
    return f"{span.phase.label} {both(span.period.starts_on)}〜{until}"


def _band(span: PhaseSpan, axis: Period, on: date) -> PhaseBand:
    start = _percent(span.period.starts_on, axis)
    end = 100 if span.period.ends_on is None else _percent(span.period.ends_on, axis)
    return PhaseBand(
        phase=span.phase.value,
        label=span.phase.label,
        period=span.period,
        start_percent=start,
        width_percent=max(1, end - start),
        is_now=span.period.contains(on),
    )


def _percent(day: date, axis: Period) -> int:
    days = max(1, (axis.days or 1) - 1)
    return min(100, max(0, round(100 * (day - axis.starts_on).days / days)))


def barring_words(
    client: Client,
    before: Sequence[BarringSupport],
    after: Sequence[BarringSupport],
    on: date,
    closed: ClosedIn,
) -> tuple[str, ...]:
    """What another set of supports changes about billing, in sentences: often nothing.

    Months up to that of `on`, and subsidised ones ahead; the closed ones among them are named, since
    what was frozen does not change by itself.
    """
    was, will = _months(before, on), _months(after, on)
    gone, come = [m for m in was if m not in will], [m for m in will if m not in was]
    found = []
    if come:
        why = "".join(dict.fromkeys(will[month].text for month in come))
        text = _("請求できなくなる月：%(months)s。%(why)s")
        found.append(text % {"months": _named(come), "why": why})
    if _lasts(after) and not _lasts(before):
        found.append(_("これからの月も、終わりの日が入るまで請求できません。"))
    if gone:
        found.append(_("請求できるようになる月：%(months)s。") % {"months": _named(gone)})
    changed = [text for span in _spans(sorted((*come, *gone))) for text in closed(client, *span)]
    if changed:
        text = _(
            "このうち、もう締めた月があります：%(months)s。締めた月の計算は変わりません。"
            "過誤の申立てが要るかを、支給決定をした市区町村に確かめてください。"
        )
        found.append(text % {"months": "、".join(changed)})
    return tuple(found)


def _months(supports: Sequence[BarringSupport], on: date) -> dict[Month, Any]:
    if not supports:
        return {}
    first = min(min((Month.of(each.period.starts_on), *each.months)) for each in supports)
    last = max((Month.of(on), *(month for each in supports for month in each.months)))
    return dict(barred_months(supports, first, last))


def _lasts(supports: Sequence[BarringSupport]) -> bool:
    return any(
        each.kind == kinds.SupportKind.INDEPENDENT_LIVING and each.period.ends_on is None
        for each in supports
    )


def _named(months: Iterable[Month]) -> str:
    return "、".join(month.label for month in months)


def _spans(months: Sequence[Month]) -> list[tuple[Month, Month]]:
    """Months in order as spans without a gap."""
    found: list[tuple[Month, Month]] = []
    for month in months:
        if found and found[-1][1] + 1 == month:
            found[-1] = (found[-1][0], month)
        else:
            found.append((month, month))
    return found
