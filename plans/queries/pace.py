"""Histories as the rule of the pace takes them, for one person or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from clients.models import Employment, Enrolment, Leave
from plans.models import Interview, PaceDecision, PaceSetting
from plans.rules import pace as rule
from plans.rules.interview import counts_as_meeting
from plans.rules.kinds import ContactOutcome, ContactWay, Rating
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import figures_of
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month, in_force

SETTING_KEYS = (
    "monthly_first_months",
    "monthly_last_months",
    "settled_meetings",
    "attempts_to_tighten",
    "longest_months",
)


def settings_for(office: Office, on: date) -> rule.PaceSettings:
    """The office's settings in force on `on`; without a row the product's figures."""
    row = PaceSetting.objects.filter(in_force(on), office=office).first()
    if row is not None:
        return rule.PaceSettings(**{key: getattr(row, key) for key in SETTING_KEYS})
    found = figures_of([f"pace.{key}" for key in SETTING_KEYS], Month.of(on))
    return rule.PaceSettings(**{key: int(found[f"pace.{key}"].value) for key in SETTING_KEYS})


def next_due_of(enrolment: Enrolment, on: date) -> rule.NextDue:
    """When the next interview is due, at which pace, and why. `on` picks the settings only."""
    history = histories([enrolment])[enrolment.pk]
    return rule.next_due(history, settings_for(enrolment.office, on))


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
