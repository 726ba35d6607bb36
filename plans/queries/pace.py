"""Histories as the rule of the pace takes them, for one person or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from clients.models import Employment, Enrolment, Leave
from plans.models import Interview, PaceDecision, PaceSetting
from plans.rules import pace as rule
from plans.rules.interview import counts_as_meeting
from plans.rules.kinds import ContactOutcome, ContactWay, Rating
from teikyaku.accounts.queries.figures import overrides
from teikyaku.accounts.roles import Role
from teikyaku.figures import Figure, pick
from teikyaku.periods import Month, Period

SETTING_KEYS = (
    "monthly_first_months",
    "monthly_last_months",
    "settled_meetings",
    "attempts_to_tighten",
    "longest_months",
)


def due_dates(enrolments: Iterable[Enrolment]) -> Mapping[int, rule.NextDue]:
    """When each next interview is due, at which pace, and why (seven queries, however many).

    The one answer: the page asks it, and the stored columns are written from it. The settings are
    those in force at the last fact, so that the answer hangs on no "today".
    """
    rows = list(enrolments)
    settings = _settings({row.office_id for row in rows})
    return {
        row.pk: rule.next_due(history, settings(row.office_id, _last_fact(row, history)))
        for row, history in _with_history(rows)
    }


def next_due_of(enrolment: Enrolment) -> rule.NextDue:
    """When the next interview of one person is due, at which pace, and why."""
    return due_dates([enrolment])[enrolment.pk]


def _with_history(rows: list[Enrolment]) -> Iterable[tuple[Enrolment, rule.History]]:
    found = histories(rows)
    return ((row, found[row.pk]) for row in rows)


def _last_fact(enrolment: Enrolment, history: rule.History) -> date:
    days = [contact.on for contact in history.contacts]
    days += [event.on for event in history.events]
    days += [decision.on for decision in history.decisions]
    return max([enrolment.use_starts_on or enrolment.starts_on, *days])


def _settings(office_ids: set[int]) -> Callable[[int, date], rule.PaceSettings]:
    """The settings of any of these offices on any day: its own row, else the product's figures."""
    own = list(PaceSetting.objects.filter(office__in=office_ids))
    corrected = overrides()

    def on_day(office_id: int, on: date) -> rule.PaceSettings:
        for row in own:
            if row.office_id == office_id and Period(row.starts_on, row.ends_on).contains(on):
                return rule.PaceSettings(**{key: getattr(row, key) for key in SETTING_KEYS})
        return _product_settings(Month.of(on), corrected)

    return on_day


def _product_settings(month: Month, corrected: Iterable[Figure]) -> rule.PaceSettings:
    return rule.PaceSettings(
        **{key: int(pick(f"pace.{key}", month, corrected).value) for key in SETTING_KEYS}
    )


def histories(enrolments: Iterable[Enrolment]) -> Mapping[int, rule.History]:
    """The history of each of these enrolments (five queries, however many)."""
    rows = list(enrolments)
    ids = [row.pk for row in rows]
    contacts = _contacts(ids)
    decisions = _decisions(ids)
    events = _events({row.client_id for row in rows})
    return {
        row.pk: rule.History(
            use_starts_on=row.use_starts_on,
            last_usable_on=row.window_ends_on,
            contacts=tuple(contacts[row.pk]),
            events=tuple(events[row.client_id]),
            decisions=tuple(decisions[row.pk]),
            ended_on=row.ends_on,
        )
        for row in rows
    }


def _contacts(enrolment_ids: list[int]) -> Mapping[int, list[rule.PaceContact]]:
    found: dict[int, list[rule.PaceContact]] = defaultdict(list)
    current = Interview.objects.filter(enrolment__in=enrolment_ids, replaced_by=None)
    for row in current.select_related("met_by").order_by("held_on", "pk"):
        found[row.enrolment_id].append(
            rule.PaceContact(
                on=row.held_on,
                counts=counts_as_meeting(
                    ContactWay(row.way),
                    ContactOutcome(row.outcome),
                    met_by_support_worker=row.met_by.has_role(Role.SUPPORT_WORKER),
                ),
                is_attempt=row.outcome == ContactOutcome.ATTEMPT,
                is_with_others=row.outcome == ContactOutcome.OTHERS,
                work=Rating(row.work_rating) if row.work_rating else None,
                life=Rating(row.life_rating) if row.life_rating else None,
                worries=row.has_worries,
                wants_more=row.wants_more,
                employer_concern=row.has_employer_concern,
            )
        )
    return found


def _decisions(enrolment_ids: list[int]) -> Mapping[int, list[rule.PaceDecision]]:
    found: dict[int, list[rule.PaceDecision]] = defaultdict(list)
    for row in PaceDecision.objects.filter(enrolment__in=enrolment_ids).order_by("decided_on"):
        found[row.enrolment_id].append(
            rule.PaceDecision(on=row.decided_on, to_months=row.to_months, accepted=row.is_accepted)
        )
    return found


def _events(client_ids: set[int]) -> Mapping[int, list[rule.PaceEvent]]:
    found: dict[int, list[rule.PaceEvent]] = defaultdict(list)
    jobs: dict[int, list[Employment]] = defaultdict(list)
    for job in Employment.objects.filter(client__in=client_ids).order_by("starts_on", "pk"):
        jobs[job.client_id].append(job)
    for client_id, held in jobs.items():
        for index, job in enumerate(held):
            if index:
                found[client_id].append(
                    rule.PaceEvent(on=job.starts_on, kind=rule.PaceEventKind.JOB_CHANGE)
                )
            if job.ends_on:
                found[client_id].append(
                    rule.PaceEvent(on=job.ends_on, kind=rule.PaceEventKind.EMPLOYMENT_END)
                )
    leaves = Leave.objects.filter(employment__client__in=client_ids).select_related("employment")
    for leave in leaves.order_by("starts_on"):
        found[leave.employment.client_id].append(
            rule.PaceEvent(on=leave.starts_on, kind=rule.PaceEventKind.LEAVE_START)
        )
    return found
