"""The client page, assembled from frozen values that each app hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from billing.queries.person_months import PersonMonthRow, months_of
from clients.access import last_seen
from clients.models import Client, Enrolment
from clients.queries import timeline as client_timeline
from clients.queries.summary import PersonSummary, person_of
from plans.queries import timeline as plan_timeline
from plans.queries.summary import SupportSummary, support_summary
from teikyaku.desk.queries.clock import Clock, clock_of
from teikyaku.era import wareki_short
from teikyaku.periods import Period
from teikyaku.timeline import TimelineEntry, newest_first

RECENT = 12


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything about one person for one office on a day."""

    person: PersonSummary
    enrolment: Enrolment
    support: SupportSummary
    clock: Clock | None
    months: tuple[PersonMonthRow, ...]
    entries: list[TimelineEntry]
    is_running: bool
    seen_on: date
    """Today, or the last day of the work: what came after it is not this office's to see."""

    @property
    def recent(self) -> list[TimelineEntry]:
        """The entries that stand open on the page."""
        return self.entries[:RECENT]

    @property
    def older(self) -> list[TimelineEntry]:
        """The entries that are folded away."""
        return self.entries[RECENT:]


def person_page(client: Client, enrolment: Enrolment, on: date, *, money: bool) -> PersonPage:
    """Assemble the page; the number of queries does not depend on the history."""
    is_running = enrolment.ends_on is None or on <= enrolment.ends_on
    on = last_seen(enrolment, on)
    person = person_of(enrolment, on)
    support = support_summary(enrolment, on)
    window = person.standing.window
    bands = [
        (
            _("支給決定　%(starts)s〜%(ends)s")
            % {"starts": wareki_short(d.starts_on), "ends": wareki_short(d.ends_on)},
            Period(d.starts_on, d.ends_on),
        )
        for d in support.decisions
    ]
    entries = newest_first(
        client_timeline.timeline(client, enrolment.office, on),
        plan_timeline.timeline(client, enrolment.office, on),
    )
    return PersonPage(
        person=person,
        enrolment=enrolment,
        support=support,
        clock=clock_of(window, on, bands) if window else None,
        months=months_of(enrolment) if money else (),
        entries=entries,
        is_running=is_running,
        seen_on=on,
    )
