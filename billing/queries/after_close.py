"""What others than who bills told anew after a month was closed.

What an office itself is told of stands in `queries.told_of_office`. A meeting that is corrected, roles
that change back to a past day, a municipality that says no, and the facts of `queries.told_since` that come
late or are corrected do not reach who bills: they are looked for here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from billing.models import CityAnswer, PersonMonth
from billing.queries.told_since import told_q
from plans.models import Interview
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import Month, day_before
from teikyaku.prepared import prepared
from teikyaku.rehearsal import once

Key = tuple[int, Month]  # of an enrolment, and its month
Touched = Mapping[Key, datetime]  # when last
# Of ClosedMonth, in its order.
CLOSED_COLUMNS = ("pk", "public_id", "enrolment", "month", "units", "closing__closed_at")


class ClosedMonth(NamedTuple):
    """A closed month that stands."""

    pk: int
    public_id: UUID
    enrolment: int
    day: date
    units: int
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class _Shortened:
    """Somebody who was not in their roles after all, after a past day."""

    user: int
    ends_on: date
    told_at: datetime


def touched_meetings(office: int, month: Month | None) -> Touched:
    """Months with a contact that was corrected or taken back, or whose worker had other roles after all.

    Of one `month`, or of all (two queries; one more where roles were changed back to a past day).
    """
    return _meetings(office, month)[0]


def without_role(office: int, month: Month | None) -> frozenset[Key]:
    """Of these months those whose worker had other roles after all; the others' contact itself was touched."""
    return _meetings(office, month)[1]


def _meetings(office: int, month: Month | None) -> tuple[Touched, frozenset[Key]]:
    return once(("touched_meetings", office, month), lambda: _touched_meetings(office, month))


def _touched_meetings(office: int, month: Month | None) -> tuple[Touched, frozenset[Key]]:
    found: dict[Key, datetime] = {}
    by_role: set[Key] = set()
    for enrolment, held_on, *instants in _contacts.rows(office=office, month=month):
        _note(found, enrolment, held_on, *instants)
    for enrolment, held_on, told_at in _met_without_role(office, month):
        _note(found, enrolment, held_on, told_at)
        by_role.add((enrolment, Month.of(held_on)))
    return found, frozenset(by_role)


def touched_answers(office: int, month: Month | None) -> Touched:
    """Months of which the municipality said something: the last answer, or that it was taken back (one query)."""
    found: dict[Key, datetime] = {}
    for enrolment, first_day, told_at in _answers.rows(office=office, month=month):
        _note(found, enrolment, first_day, told_at)
    return found


def told_after(office: int, month: Month | None) -> Mapping[Key, ClosedMonth]:
    """Closed months of which something of `told_since` was told after the close (one query)."""
    rows = (ClosedMonth(*row) for row in _told.rows(office=office, month=month))
    return {(row.enrolment, Month.of(row.day)): row for row in rows}


def closed_before(office: int, touched: Touched) -> Mapping[Key, ClosedMonth]:
    """Those that had been closed by then (one query; none where nothing was touched)."""
    if not touched:
        return {}
    enrolments = {enrolment for enrolment, _month in touched}
    found = (ClosedMonth(*row) for row in _closed.rows(office=office, enrolments=enrolments))
    rows = {(row.enrolment, Month.of(row.day)): row for row in found}
    return {
        key: row for key, row in rows.items() if key in touched and row.closed_at < touched[key]
    }


def _note(
    found: dict[Key, datetime], enrolment: int, day: date, *instants: datetime | None
) -> None:
    key = (enrolment, Month.of(day))
    found[key] = max(each for each in (found.get(key), *instants) if each is not None)


def _met_without_role(office: int, month: Month | None) -> Iterator[tuple[int, date, datetime]]:
    """(enrolment, day, when told) of meetings on a day that roles were taken from, later."""
    back = [each for each in _shortened(office) if each.ends_on < date_of(each.told_at)]
    if not back:
        return
    users = {each.user for each in back}
    for enrolment, held_on, user in _met_by.rows(office=office, users=users, month=month):
        for each in back:
            if each.user == user and each.ends_on < held_on <= date_of(each.told_at):
                yield enrolment, held_on, each.told_at


def _shortened(office: int) -> Iterator[_Shortened]:
    """By each change of a membership: it ended, or its roles were others from its first day on."""
    before: tuple[int, list[str]] = (0, [])
    for key, user, starts_on, ends_on, roles, told_at, kind in _in_post.rows(office=office):
        if kind == "~" and ends_on is not None:
            yield _Shortened(user, ends_on, told_at)
        if key == before[0] and roles != before[1]:
            yield _Shortened(user, day_before(starts_on), told_at)
        before = key, roles


@prepared("office")
def _contacts(office: int, month: Month | None) -> QuerySet[Any, Any]:
    """(enrolment, day, taken back, corrected) of the contacts that were touched."""
    touched = Interview.objects.filter(
        Q(withdrawn_at__isnull=False) | Q(replaced_by__isnull=False), enrolment__office=office
    )
    if month is not None:
        touched = touched.filter(held_on__range=(month.first_day, month.last_day))
    columns = ("enrolment", "held_on", "withdrawn_at", "replaced_by__recorded_at")
    return touched.order_by().values_list(*columns)


@prepared("office")
def _in_post(office: int) -> QuerySet[Any, Any]:
    """(membership, user, first day, last day, roles, when told, how), in order; of an office, some tens in a life."""
    rows = Membership.history.filter(office=office, history_type__in=("+", "~"))
    columns = ("id", "user", "starts_on", "ends_on", "roles", "history_date", "history_type")
    return rows.order_by("id", "history_id").values_list(*columns)


@prepared("office", "users")
def _met_by(office: int, users: Collection[int], month: Month | None) -> QuerySet[Any, Any]:
    met = Interview.objects.standing().filter(
        outcome=ContactOutcome.MET, way__in=list(MEETING_WAYS), enrolment__office=office,
        met_by__user__in=users,
    )  # fmt: skip
    if month is not None:
        met = met.filter(held_on__range=(month.first_day, month.last_day))
    return met.order_by().values_list("enrolment", "held_on", "met_by__user")


@prepared("office")
def _answers(office: int, month: Month | None) -> QuerySet[Any, Any]:
    rows = CityAnswer.objects.filter(enrolment__office=office, replaced_by=None)
    if month is not None:
        rows = rows.filter(month=month.first_day)
    return rows.order_by().values_list("enrolment", "month", "recorded_at")


@prepared("office")
def _told(office: int, month: Month | None) -> QuerySet[Any, Any]:
    rows = PersonMonth.objects.standing().filter(told_q(), closing__office=office)
    rows = rows if month is None else rows.filter(month=month.first_day)
    return rows.order_by().values_list(*CLOSED_COLUMNS)


@prepared("office", "enrolments")
def _closed(office: int, enrolments: Collection[int]) -> QuerySet[Any, Any]:
    rows = PersonMonth.objects.standing().filter(closing__office=office, enrolment__in=enrolments)
    return rows.order_by().values_list(*CLOSED_COLUMNS)
