"""サービス提供実績記録票: the counted days of a person's month with time, way, place and staff.

Which days count is asked where the claim file asks it (claim_parts.service_days); the contacts behind
a day are those that a day counts for (plans.rules.interview).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from billing.kokuhoren.statement import ServiceDay
from billing.models import CityAnswer, PersonMonth
from billing.queries.city_answers import answers_of
from billing.queries.city_words import report_day_of
from billing.queries.claim_parts import first_use_on, service_days
from billing.queries.claim_rows import conferences_in, contracts_in
from plans.models import Contract, Interview
from plans.queries.month import MonthOfSupport, months_in_span
from plans.rules.interview import MEETING_WAYS
from plans.rules.kinds import ContactOutcome
from teikyaku.accounts.models import Office
from teikyaku.periods import Month

Meetings = Mapping[tuple[int, date], list[Interview]]


@dataclass(frozen=True, slots=True)
class RecordDay:
    """One line of the sheet."""

    on: date
    times: tuple[str, ...]
    """"10:00–10:30", "10:00–" or "30分", of each contact of the day; maybe none."""
    ways: tuple[str, ...]
    places: tuple[str, ...]
    staff: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """実績記録票 of one person and month."""

    enrolment_id: int
    client_public_id: UUID
    name: str
    kana: str
    certificate_number: str
    municipality: str
    contracted_amount: str
    month: Month
    days: tuple[RecordDay, ...]
    counted: int
    """How many days count."""
    first_use_on: date | None
    report_shared_on: date | None
    is_report_day_answered: bool
    """The day is one that the municipality said, of somebody who cannot be given the report any more."""
    is_closed: bool
    is_withdrawn: bool
    """The month was closed and its claim withdrawn."""


def record_sheets(
    office: Office, month: Month, on: date, only: Collection[int] | None = None
) -> list[RecordSheet]:
    """The sheets of everybody with a counted day in the month, by kana, as known on `on`.

    With `only`, of these enrolments, also where no day counts yet. A constant number of queries.
    """
    keys = None if only is None else set(only)
    supports = list(months_in_span([office], month, month, on, only=keys))
    if keys is None:
        supports = [each for each in supports if each.facts.qualifying_meetings]
    ids = {each.enrolment_id for each in supports}
    closed = _closed(office, month, ids)
    contracts, conferences = contracts_in(ids, month), conferences_in(ids, month)
    meetings, cities = _meetings(ids, month), answers_of(ids, month)
    sheets = [
        _sheet(
            each, closed.get(each.enrolment_id), contracts[each.enrolment_id],
            conferences[each.enrolment_id], meetings, cities.get(each.enrolment_id),
        )
        for each in supports
    ]  # fmt: skip
    return sorted(sheets, key=lambda sheet: (sheet.kana, sheet.enrolment_id))


def _closed(office: Office, month: Month, ids: set[int]) -> dict[int, PersonMonth]:
    """By enrolment, the last row of the month, which may be withdrawn."""
    rows = PersonMonth.objects.filter(
        closing__office=office, month=month.first_day, enrolment__in=ids, replaced_by=None
    )
    related = rows.select_related("municipality__city").prefetch_related("lines")
    return {row.enrolment_id: row for row in related.order_by("pk")}


def _meetings(ids: set[int], month: Month) -> Meetings:
    """The contacts that count where their day counts, by enrolment and day, in the order of the day."""
    rows = (
        Interview.objects.standing()
        .filter(
            enrolment__in=ids,
            held_on__range=(month.first_day, month.last_day),
            outcome=ContactOutcome.MET,
            way__in=list(MEETING_WAYS),
        )
        .by_support_workers()
        .select_related("met_by__user")
        .order_by("held_on", "starts_at", "pk")
    )
    found: dict[tuple[int, date], list[Interview]] = defaultdict(list)
    for row in rows:
        found[row.enrolment_id, row.held_on].append(row)
    return found


def _sheet(
    support: MonthOfSupport,
    row: PersonMonth | None,
    contracts: Sequence[Contract],
    conferences: Sequence[Interview],
    meetings: Meetings,
    city: CityAnswer | None,
) -> RecordSheet:
    kinds = {line.kind for line in row.lines.all()} if row else set()
    month, days = support.month, list(service_days(support, conferences, kinds))
    shared_on = report_day_of(support.facts, city)
    by_day = {meeting.held_on: meeting for meeting in conferences}
    return RecordSheet(
        enrolment_id=support.enrolment_id,
        client_public_id=support.client_public_id,
        name=support.name,
        kana=support.kana,
        certificate_number=row.certificate_number if row else support.certificate_number,
        municipality=row.municipality.full_name if row else support.municipality_name,
        contracted_amount="、".join(c.contracted_amount for c in contracts if c.contracted_amount),
        month=month,
        days=tuple(_day(day, support, meetings, by_day) for day in days),
        counted=sum(day.is_counted for day in days),
        first_use_on=first_use_on(contracts, month) if "initial" in kinds else None,
        report_shared_on=shared_on,
        is_report_day_answered=shared_on is not None and support.facts.report_shared_on is None,
        is_closed=row is not None,
        is_withdrawn=row is not None and row.is_withdrawn,
    )


def _day(
    day: ServiceDay,
    support: MonthOfSupport,
    meetings: Meetings,
    conferences: Mapping[date, Interview],
) -> RecordDay:
    on = support.month.first_day.replace(day=day.day)
    held = list(meetings.get((support.enrolment_id, on), ()))
    if day.liaison and not day.is_counted:
        held = [conferences[on]]
    remarks = []
    if day.liaison:
        remarks.append(f"地域連携会議（{'Ⅰ' if day.liaison == '1' else 'Ⅱ'}）")
    if day.is_special_area:
        remarks.append("特別地域加算")
    return RecordDay(
        on=on,
        times=tuple(text for row in held if (text := time_of(row.starts_at, row.minutes))),
        ways=_each(str(row.get_way_display()) for row in held),
        places=_each(row.place for row in held),
        staff=_each(row.met_by.user.name for row in held),
        remarks=tuple(remarks),
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, without the empty ones."""
    return tuple(dict.fromkeys(text for text in texts if text))


def time_of(starts_at: time | None, minutes: int | None) -> str:
    """From when to when, or how long, as far as it was recorded."""
    if starts_at is None:
        return f"{minutes}分" if minutes else ""
    if not minutes:
        return f"{starts_at:%H:%M}〜"
    ended = datetime.combine(date.min, starts_at) + timedelta(minutes=minutes)
    return f"{starts_at:%H:%M}〜{ended:%H:%M}"
