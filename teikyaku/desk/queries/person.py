"""The client page, assembled from frozen values that each app hands out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from django.utils.translation import gettext as _

from billing.queries.person_months import months_of
from clients.models import Enrolment, Referral, RelatedPerson
from clients.queries import timeline as client_timeline
from clients.queries.consent import ConsentAnswer, consent_answers
from clients.queries.dossier import ClientDossier
from clients.queries.other_support import SupportPanel, support_panel
from clients.queries.summary import PersonSummary, person_summary
from plans.models import Interview
from plans.queries import timeline as plan_timeline
from plans.queries.dossier import SupportDossier, support_dossier
from plans.queries.summary import SupportSummary, support_summary
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.desk.queries.clock import BandSource, Clock, clock_of
from teikyaku.desk.queries.life_clock import LifeClock, ended_use, life_clock
from teikyaku.desk.queries.month_strip import MonthLine, month_lines
from teikyaku.desk.queries.next_things import NextThing, handover_things, next_things
from teikyaku.desk.queries.pace_line import PaceLine, pace_line
from teikyaku.desk.queries.referral_things import referral_things
from teikyaku.era import both
from teikyaku.money import yen
from teikyaku.periods import Month, Period
from teikyaku.timeline import TimelineEntry, TimelineKind, newest_first

RECENT = 8


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person for one office on a day."""

    person: PersonSummary
    enrolment: Enrolment
    support: SupportSummary
    next: tuple[NextThing, ...]
    clock: Clock | None
    life: LifeClock
    pace: PaceLine | None
    months: tuple[MonthLine, ...]
    consents: tuple[ConsentAnswer, ...]
    related: tuple[RelatedPerson, ...]
    supports: SupportPanel
    referrals: tuple[Referral, ...]
    """つなぎ of this office, newest first."""
    recent: list[TimelineEntry]
    """The entries that stand on the page; all are on the page of the history."""
    agreed_on: date | None
    """The next day agreed with the person."""
    is_running: bool
    came_with_office: bool
    """The use had begun before the office billed here: what was known then can be put right."""
    seen_on: date
    """Today, or the last day of the work: what came after it is not this office's to see."""

    @property
    def is_over(self) -> bool:
        """The office's work has ended: what the page shows stands still on its last day."""
        return not self.is_running

    @property
    def pace_now(self) -> int | None:
        """The agreed pace in months on the day of the page."""
        return self.support.due.agreed_on(self.seen_on)

    @property
    def last_contact(self) -> Interview | None:
        """The last contact that was a talk: that nobody was reached since is told beside it."""
        talks = (r for r in reversed(self.support.contacts) if r.outcome != ContactOutcome.ATTEMPT)
        return next(talks, None)

    @property
    def attempts_since(self) -> tuple[Interview, ...]:
        """Those who tried since the last talk and reached nobody, oldest first."""
        since = takewhile(
            lambda row: row.outcome == ContactOutcome.ATTEMPT, reversed(self.support.contacts)
        )
        return tuple(since)[::-1]


def person_page(dossier: ClientDossier, on: date, reader: Membership) -> PersonPage:
    """Assemble the page for `reader`; the number of queries does not depend on the history."""
    enrolment = dossier.enrolment
    file = support_dossier(dossier)
    person, support = person_summary(dossier), support_summary(file)
    # From the day of a death on nothing is asked, agreed or passed on any more (docs/rules.md §9).
    has_died = person.died_on is not None and person.died_on <= on
    is_running = not has_died and (enrolment.ends_on is None or on <= enrolment.ends_on)
    closed = months_of(enrolment) if reader.may(Permission.MONTH_READ) else ()
    agreed_on = enrolment.next_appointment(on) if is_running else None
    months = month_lines(file, closed, agreed_on)
    if not is_running:
        # After the end, and from a death on, no day is waited for.
        months = tuple(replace(line, gone=None) for line in months)
    return PersonPage(
        person=person,
        enrolment=enrolment,
        support=support,
        next=_next(file, person, support, months, reader, on),
        clock=_clock(enrolment, person, support, on),
        life=life_clock(dossier, person.standing, on),
        pace=_pace(enrolment, support, dossier.on),
        months=months,
        consents=() if has_died else consent_answers(dossier),
        related=dossier.related,
        supports=support_panel(dossier),
        referrals=tuple(row for row in reversed(dossier.referrals) if row.withdrawn_at is None),
        recent=entries_of(file, newest=RECENT)[:RECENT],
        agreed_on=agreed_on,
        is_running=is_running,
        came_with_office=_came_with_office(file),
        seen_on=dossier.on,
    )


def _came_with_office(file: SupportDossier) -> bool:
    first, began = file.opening.first_day, file.enrolment.use_starts_on
    return first is not None and began is not None and began < first


def _clock(
    enrolment: Enrolment, person: PersonSummary, support: SupportSummary, on: date
) -> Clock | None:
    ended = ended_use(enrolment, on)
    return clock_of(
        person.standing, _bands(support),
        ended_on=ended.ended_on if ended else None,
        nothing_left=ended is not None and not ended.effects.may_use_again,
    )  # fmt: skip


def _next(
    file: SupportDossier,
    person: PersonSummary,
    support: SupportSummary,
    months: tuple[MonthLine, ...],
    reader: Membership,
    on: date,
) -> tuple[NextThing, ...]:
    """While the use runs everything; after it the hand-over; from a death on nothing.

    At any time whom to speak to again.
    """
    enrolment = file.enrolment
    if person.died_on is not None and person.died_on <= on:
        return ()
    if enrolment.ends_on is None or on <= enrolment.ends_on:
        found = next_things(file, person, support, months, reader)
    else:
        found = handover_things(file, support, reader, on)
    return (*found, *referral_things(file, reader, on))


def entries_of(
    file: SupportDossier, kind: str = "", newest: int | None = None
) -> list[TimelineEntry]:
    """The timeline, newest first; of one kind where `kind` names one, or at least the `newest`."""
    found = newest_first(
        client_timeline.timeline(file.person), plan_timeline.timeline(file, newest)
    )
    return (
        [entry for entry in found if entry.kind == kind] if kind in TimelineKind.values else found
    )


def _pace(enrolment: Enrolment, support: SupportSummary, on: date) -> PaceLine | None:
    starts_on, ends_on = enrolment.use_starts_on, enrolment.window_ends_on
    if starts_on is None or starts_on > on or not support.pace_changes:
        return None
    return pace_line(support, starts_on, ends_on or on, on)


def _bands(support: SupportSummary) -> tuple[BandSource, ...]:
    decisions = tuple(
        (
            Period(row.starts_on, row.ends_on),
            f"{both(row.starts_on)}〜{both(row.ends_on)}",
        )
        for row in support.decisions
    )
    caps = tuple(
        (
            Period(cap.first_month, Month.of(cap.last_month).last_day if cap.last_month else None),
            f"{yen(cap.cap_yen)}（{cap.get_category_display()}）",
        )
        for cap in support.caps
    )
    return (BandSource(_("支給決定"), decisions), BandSource(_("負担上限月額"), caps, "success"))
