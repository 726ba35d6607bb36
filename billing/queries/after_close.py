"""What others than who bills told anew after a month was closed: meetings, roles, answers, caps.

A tier or a notification that is corrected leads who corrects it to the months it touches. A meeting that is
corrected, roles that change back to a past day, a municipality that says no and a cap that comes late do
not reach who bills: they are looked for here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.models import CityAnswer, PersonMonth
from plans.models import CapPeriod, Interview
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.rehearsal import once

Key = tuple[int, Month]  # of an enrolment, and its month
Touched = Mapping[Key, datetime]  # when last
# Of ClosedMonth, in its order.
_COLUMNS = ("pk", "public_id", "enrolment", "month", "units", "closing__closed_at")


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
    """Somebody whose time in their roles was ended back to a past day."""

    user: int
    ends_on: date
    told_at: datetime


def touched_meetings(office: int, month: Month | None) -> Touched:
    """Months with a contact that was corrected or taken back, or whose worker had other roles after all.

    Of one `month`, or of all (two queries; one more where roles were changed back to a past day).
    """
    return once(("touched_meetings", office, month), lambda: _touched_meetings(office, month))


def _touched_meetings(office: int, month: Month | None) -> Touched:
    found: dict[Key, datetime] = {}
    for enrolment, held_on, *instants in _contacts.rows(office=office, month=month):
        _note(found, enrolment, held_on, *instants)
    for enrolment, held_on, told_at in _met_without_role(office, month):
        _note(found, enrolment, held_on, told_at)
    return found


def touched_answers(office: int, month: Month | None) -> Touched:
    """Months of which the municipality said something: the last answer, or that it was taken back (one query)."""
    found: dict[Key, datetime] = {}
    for enrolment, first_day, told_at in _answers.rows(office=office, month=month):
        _note(found, enrolment, first_day, told_at)
    return found


def capped_after(office: int, month: Month | None) -> Mapping[Key, ClosedMonth]:
    """Closed months for which 負担上限月額 was recorded after their close (one query)."""
    rows = (ClosedMonth(*row) for row in _capped.rows(office=office, month=month))
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
    ended = (_Shortened(*row) for row in _ended.rows(office=office))
    back = [each for each in ended if each.ends_on < date_of(each.told_at)]
    if not back:
        return
    users = {each.user for each in back}
    for enrolment, held_on, user in _met_by.rows(office=office, users=users, month=month):
        for each in back:
            if each.user == user and each.ends_on < held_on <= date_of(each.told_at):
                yield enrolment, held_on, each.told_at


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
def _ended(office: int) -> QuerySet[Any, Any]:
    """(user, last day, when told) of the rows that were ended; of an office, some tens in a life."""
    ended = Membership.history.filter(office=office, history_type="~", ends_on__isnull=False)
    return ended.order_by().values_list("user", "ends_on", "history_date")


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
def _capped(office: int, month: Month | None) -> QuerySet[Any, Any]:
    later = CapPeriod.objects.filter(
        Q(last_month=None) | Q(last_month__gte=OuterRef("month")), client=OuterRef("client"),
        first_month__lte=OuterRef("month"), recorded_at__gt=OuterRef("closing__closed_at"),
    )  # fmt: skip
    rows = PersonMonth.objects.standing().filter(Exists(later), closing__office=office)
    rows = rows if month is None else rows.filter(month=month.first_day)
    return rows.order_by().values_list(*_COLUMNS)


@prepared("office", "enrolments")
def _closed(office: int, enrolments: Collection[int]) -> QuerySet[Any, Any]:
    rows = PersonMonth.objects.standing().filter(closing__office=office, enrolment__in=enrolments)
    return rows.order_by().values_list(*_COLUMNS)
