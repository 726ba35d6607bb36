"""Histories as the rule of the pace takes them, for one person or for many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

from django.db.models import QuerySet

from clients.models import Employment, Enrolment, StaffAssignment
from clients.queries.facts import life_of, working_lives
from clients.rules.facts import EmploymentFact
from plans.models import Interview, InterviewDue, PaceDecision, PaceSetting
from plans.queries.opening import NOTHING, openings_of
from plans.rules import pace as rule
from plans.rules.interview import counts_as_meeting
from plans.rules.kinds import ContactOutcome, ContactWay, Rating
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.figures import overrides
from teikyaku.figures import Figure, first_month_of, pick
from teikyaku.periods import Month, Period, day_after
from teikyaku.prepared import prepared
from teikyaku.rehearsal import once

SETTING_KEYS = (
    "monthly_first_months",
    "monthly_last_months",
    "settled_meetings",
    "attempts_to_tighten",
    "longest_months",
)
# The settings of an office (its key) on a day.
SettingsOf = Callable[[int, date], rule.PaceSettings]


def due_dates(enrolments: Iterable[Enrolment]) -> Mapping[int, rule.NextDue]:
    """When each next interview is due, at which pace, and why (nine queries, however many).

    The one answer: the page asks it, and the stored columns are written from it. Each fact is
    judged by the settings of its own day, so that the answer hangs on no "today".
    """
    rows = list(enrolments)
    settings = settings_of({row.office_id for row in rows})
    found = histories(rows)
    return {row.pk: due_by(row, found[row.pk], settings) for row in rows}


def next_due_of(enrolment: Enrolment) -> rule.NextDue:
    """When the next interview of one person is due, at which pace, and why."""
    return due_dates([enrolment])[enrolment.pk]


def due_by(enrolment: Enrolment, history: rule.History, settings: SettingsOf) -> rule.NextDue:
    """The same from a history and settings at hand."""
    return rule.next_due(history, partial(settings, enrolment.office_id))


def is_in_charge(enrolment: Enrolment, member: Membership, on: date) -> bool:
    """本人兼務: whether who decides on the pace is also in charge of the person (one query)."""
    held = StaffAssignment.objects.in_charge(on)
    return held.filter(enrolment=enrolment, staff__user=member.user_id).exists()


def due_if_monthly(enrolment: Enrolment, on: date) -> date | None:
    """When the next interview would be due if the pace were set to monthly by hand on `on`."""
    history = histories([enrolment])[enrolment.pk]
    decided = (*history.decisions, rule.PaceDecision(on=on, to_months=1))
    settings = settings_of({enrolment.office_id})
    return due_by(enrolment, replace(history, decisions=decided), settings).due_on


def settings_of(office_ids: set[int]) -> SettingsOf:
    """The settings of any of these offices on any day: its own row, else the product's figures.

    Two queries; one where its own row holds on every day that is asked for.
    """
    own: dict[int, list[PaceSetting]] = defaultdict(list)
    held = once(
        ("pace_settings", frozenset(office_ids)), lambda: list(_settings.rows(offices=office_ids))
    )
    for row in held:
        own[row.office_id].append(row)
    corrected = cache(overrides)

    first = first_month_of(f"pace.{SETTING_KEYS[0]}")

    @cache
    def product(month: Month) -> rule.PaceSettings:
        return product_settings(month, corrected())

    # A history asks for the day of each of its facts, and people of an office share their days.
    @cache
    def on_day(office_id: int, on: date) -> rule.PaceSettings:
        for row in own[office_id]:
            if Period(row.starts_on, row.ends_on).contains(on):
                return _values(row)
        # A day before the service existed is a slip of the pen: it breaks no page.
        return product(max(Month.of(on), first))

    return on_day


@prepared("offices")
def _settings(offices: set[int]) -> QuerySet[PaceSetting]:
    return PaceSetting.objects.filter(office__in=offices)


def _values(row: PaceSetting) -> rule.PaceSettings:
    return rule.PaceSettings(**{key: getattr(row, key) for key in SETTING_KEYS})


def product_settings(month: Month, corrected: Iterable[Figure]) -> rule.PaceSettings:
    """The product's figures in a month, for an office without settings of its own."""
    return rule.PaceSettings(
        **{key: int(pick(f"pace.{key}", month, corrected).value) for key in SETTING_KEYS}
    )


def histories(enrolments: Iterable[Enrolment]) -> Mapping[int, rule.History]:
    """The history of each of these enrolments (six queries, however many)."""
    rows = list(enrolments)
    ids = [row.pk for row in rows]
    contacts: dict[int, list[Interview]] = defaultdict(list)
    for contact in _contacts.rows(enrolments=ids):
        contacts[contact.enrolment_id].append(contact)
    decisions: dict[int, list[PaceDecision]] = defaultdict(list)
    for decision in _decisions.rows(enrolments=ids):
        decisions[decision.enrolment_id].append(decision)
    lives = working_lives({row.client_id for row in rows})
    dues: dict[int, list[InterviewDue]] = defaultdict(list)
    for due in _dues.rows(enrolments=ids):
        dues[due.enrolment_id].append(due)
    openings = openings_of(ids)
    return {
        row.pk: _history(
            row, contacts[row.pk], decisions[row.pk], lives[row.client_id].employments,
            dues[row.pk], openings[row.pk],
        )
        for row in rows
    }  # fmt: skip


@prepared("enrolments")
def _contacts(enrolments: list[int]) -> QuerySet[Interview]:
    current = Interview.objects.standing().filter(enrolment__in=enrolments)
    return current.with_day_roles().order_by("held_on", "pk")


@prepared("enrolments")
def _decisions(enrolments: list[int]) -> QuerySet[PaceDecision]:
    return PaceDecision.objects.filter(enrolment__in=enrolments).order_by("decided_on", "pk")


@prepared("enrolments")
def _dues(enrolments: list[int]) -> QuerySet[InterviewDue]:
    return InterviewDue.objects.filter(enrolment__in=enrolments).order_by("since")


def in_force_of(rows: Iterable[InterviewDue]) -> tuple[rule.DueInForce, ...]:
    """The stored due dates of one enrolment, in the order of their days, as the rules take them."""
    return tuple(rule.DueInForce(row.since, row.due_on, row.is_carried) for row in rows)


def standing_dues(enrolments: Collection[int]) -> Mapping[int, InterviewDue]:
    """Enrolment → what stands by the log of due dates (one query)."""
    rows = InterviewDue.objects.filter(enrolment__in=enrolments).order_by("since")
    return {row.enrolment_id: row for row in rows}


def history_of(
    enrolment: Enrolment,
    contacts: Iterable[Interview],
    decisions: Iterable[PaceDecision],
    jobs: Iterable[Employment],
    dues: Iterable[InterviewDue],
    opening: rule.PaceOpening = NOTHING,
) -> rule.History:
    """The history of one enrolment from rows at hand, each in the order of its dates.

    Contacts come `with_day_roles` and are those that hold; jobs with their leaves; `dues` are the due
    dates as they were stored.
    """
    lives = life_of(tuple(jobs), ()).employments
    return _history(enrolment, contacts, decisions, lives, dues, opening)


def _history(
    enrolment: Enrolment, contacts: Iterable[Interview], decisions: Iterable[PaceDecision],
    jobs: Iterable[EmploymentFact], dues: Iterable[InterviewDue], opening: rule.PaceOpening,
) -> rule.History:  # fmt: skip
    return rule.History(
        use_starts_on=enrolment.use_starts_on,
        last_usable_on=enrolment.window_ends_on,
        contacts=tuple(map(_contact, contacts)),
        events=events_of(jobs),
        decisions=tuple(
            rule.PaceDecision(on=row.decided_on, to_months=row.to_months, accepted=row.is_accepted)
            for row in decisions
        ),
        ended_on=enrolment.ends_on,
        in_force=in_force_of(dues),
        opening=opening,
    )


def _contact(row: Interview) -> rule.PaceContact:
    return rule.PaceContact(
        on=row.held_on,
        counts=counts_as_meeting(
            ContactWay(row.way),
            ContactOutcome(row.outcome),
            met_by_support_worker=row.is_by_support_worker,
        ),
        is_attempt=row.outcome == ContactOutcome.ATTEMPT,
        is_with_others=row.outcome == ContactOutcome.OTHERS,
        work=Rating(row.work_rating) if row.work_rating else None,
        life=Rating(row.life_rating) if row.life_rating else None,
        worries=row.has_worries,
        wants_more=row.wants_more,
        employer_concern=row.has_employer_concern,
    )


def events_of(jobs: Iterable[EmploymentFact]) -> tuple[rule.PaceEvent, ...]:
    """出来事 of a working life that bring the pace back to monthly; jobs in the order of their dates."""
    return tuple(_events(jobs))


def _events(jobs: Iterable[EmploymentFact]) -> Iterator[rule.PaceEvent]:
    kinds = rule.PaceEventKind
    held = list(jobs)
    for index, job in enumerate(held):
        if _follows_a_leaving(job, held[:index]):
            yield rule.PaceEvent(on=job.starts_on, kind=kinds.JOB_CHANGE)
        others = [*held[:index], *held[index + 1 :]]
        if job.ends_on and not _is_at_work(others, day_after(job.ends_on)):
            yield rule.PaceEvent(on=job.ends_on, kind=kinds.EMPLOYMENT_END)
        for leave in job.leaves:
            if not _is_at_work(others, day_after(leave.starts_on)):
                yield rule.PaceEvent(on=leave.starts_on, kind=kinds.LEAVE_START)


def _is_at_work(jobs: Iterable[EmploymentFact], on: date) -> bool:
    """Whether one of these jobs runs on a day, and they are not on leave from it."""
    return any(
        Period(job.starts_on, job.ends_on).contains(on) and not job.is_on_leave(on) for job in jobs
    )


def _follows_a_leaving(job: EmploymentFact, earlier: Sequence[EmploymentFact]) -> bool:
    """転職: a job after another has ended. One beside a running job (副業) changes nothing."""
    on = job.starts_on
    return bool(earlier) and all(row.ends_on is not None and row.ends_on < on for row in earlier)


def anchor_of(enrolment: Enrolment) -> date:
    """The day whose window is the enrolment's own: that on which use began, else it opened."""
    return enrolment.use_starts_on or enrolment.starts_on
