"""Month by month: met? report shared? billed? The last year of one person at a glance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.person_months import PersonMonthRow, months_of
from billing.queries.person_verdicts import MonthVerdict, person_verdicts
from plans.models import Interview
from plans.queries.dossier import SupportDossier
from plans.queries.refusal import Refusal, refusal_of
from plans.queries.report_meetings import AppointmentGone, appointments_gone, meetings_gone
from plans.rules.interview import counts_as_meeting
from plans.rules.kinds import ContactOutcome, ContactWay
from plans.rules.refusal import refusal_in
from plans.rules.report_handed import handed_on
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month: the days of its meetings, the day its report was shared, what was closed."""

    month: Month
    met_on: tuple[date, ...]
    attempts: int
    shared_on: date | None
    """The day on which the person got it; None while they have not, or from before the meeting alone."""
    closed: PersonMonthRow | None
    is_running: bool
    report_url: str
    refusal: Refusal | None = None
    """The person did not want a meeting, and none was held in the month."""
    early_on: date | None = None
    """It was handed over before the meeting of the month, and not again since."""
    gone: AppointmentGone | None = None
    """The report that the person has names a day that does not hold any more."""
    untrue: tuple[date, ...] = ()
    """Days of meetings of which the report that the person has tells, and that do not stand any more."""
    verdict: MonthVerdict | None = None
    """How the open month stands for the money; only where it was asked for."""

    @property
    def met_words(self) -> str:
        """The days of its meetings within the month."""
        return "・".join(_("%(day)s日") % {"day": day.day} for day in self.met_on)

    @property
    def shared_words(self) -> str:
        """The day of the sharing."""
        return _day(self.shared_on)

    @property
    def early_words(self) -> str:
        """The day of a sharing from before the meeting."""
        return _day(self.early_on)

    @property
    def untrue_words(self) -> str:
        """The days of meetings that do not stand any more."""
        return "・".join(map(_day, self.untrue))

    @property
    def awaits_report(self) -> bool:
        """Met, and the person has not the report yet: the month could not be billed."""
        return bool(self.met_on) and self.shared_on is None


def month_lines(
    dossier: SupportDossier, closed: tuple[PersonMonthRow, ...], agreed_on: date | None = None
) -> tuple[MonthLine, ...]:
    """The months of use, newest first, at most twelve; empty before the first day of use.

    Months that the office did not bill here are not asked for.

    `agreed_on`: the day that is agreed now, against which reports are held that name one.
    """
    enrolment, on = dossier.enrolment, dossier.person.on
    if enrolment.use_starts_on is None or enrolment.use_starts_on > on:
        return ()
    last = Month.of(on)
    first = max(Month.of(enrolment.use_starts_on), last - (MONTHS - 1))
    if dossier.opening.first_day is not None:
        first = max(first, Month.of(dossier.opening.first_day))
    contacts = [row for row in dossier.contacts if row.enrolment_id == enrolment.pk]
    own = [
        share
        for share in dossier.shares
        if share.report.enrolment_id == enrolment.pk and share.recipient == share.Recipient.PERSON
    ]
    shared: defaultdict[date, list[date]] = defaultdict(list)
    for share in own:
        shared[share.report.month].append(share.shared_on)
    gone, untrue = appointments_gone(own, agreed_on, on), meetings_gone(own, contacts)
    # One address for all months: to look each one up costs more than its row.
    head, _sign, tail = reverse("report_page", args=[enrolment.public_id, last]).rpartition(
        str(last)
    )
    by_month = {row.month: row for row in closed}
    lines = [
        _line(
            month,
            contacts,
            shared[month.first_day],
            by_month.get(month.first_day),
            on,
            f"{head}{month}{tail}",
        )
        for month in Month.span(first, last)
    ]
    return tuple(
        replace(line, gone=gone.get(line.month), untrue=untrue.get(line.month, ()))
        for line in reversed(lines)
    )


def lines_with_money(
    dossier: SupportDossier, agreed_on: date | None, on: date, reader: Membership
) -> tuple[MonthLine, ...]:
    """As `month_lines`, with the verdict on every month that is not closed (some fifteen queries)."""
    enrolment = dossier.enrolment
    lines = month_lines(dossier, months_of(enrolment), agreed_on)
    still_open = [line.month for line in lines if line.closed is None]
    if not still_open:
        return lines
    found = person_verdicts(enrolment, min(still_open), max(still_open), on, reader)
    return tuple(
        replace(line, verdict=None if line.closed else found.get(line.month)) for line in lines
    )


def _line(
    month: Month,
    contacts: list[Interview],
    shared: Sequence[date],
    closed: PersonMonthRow | None,
    on: date,
    report_url: str,
) -> MonthLine:
    within = [row for row in contacts if month.contains(row.held_on) and row.held_on <= on]
    met_on = tuple(row.held_on for row in within if _counts(row))
    shared_on = handed_on(shared, met_on)
    return MonthLine(
        month=month,
        met_on=met_on,
        attempts=sum(1 for row in within if row.outcome == ContactOutcome.ATTEMPT),
        shared_on=shared_on,
        early_on=max(shared) if shared and shared_on is None else None,
        closed=closed,
        is_running=month.contains(on),
        report_url=report_url,
        refusal=None if met_on else refusal_of(refusal_in(within, month), on),
    )


def _day(on: date | None) -> str:
    return _("%(month)s月%(day)s日") % {"month": on.month, "day": on.day} if on else ""


def _counts(row: Interview) -> bool:
    return counts_as_meeting(
        ContactWay(row.way),
        ContactOutcome(row.outcome),
        met_by_support_worker=row.is_by_support_worker,
    )
