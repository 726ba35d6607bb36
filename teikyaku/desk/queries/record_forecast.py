"""来年度の見通し of 就労定着実績体制加算: next year's count from today's facts, and what it would be otherwise.

Nothing here is stored: what is asked stands in the address alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.queries.tier_basis import FeeSpan, fee_spans
from clients.queries.evidence import work_evidence
from clients.queries.job_stay import JobStay, job_stays
from clients.rules.work_record import (
    AT_LEAST_MONTHS,
    Stay,
    WorkRecord,
    WorkRecordFact,
    has_months,
    hired_within,
    reaches_on,
    work_record,
)
from teikyaku.accounts.models import Office
from teikyaku.desk.queries.forecast import Outcome, people_in_use
from teikyaku.money import floor_yen
from teikyaku.periods import fiscal_year


@dataclass(frozen=True, slots=True)
class SupposedStay:
    """One person who counts, or will if the use ends, and what may still be otherwise."""

    stay: JobStay
    fact: WorkRecordFact
    """As it will be if nothing changes."""
    other: WorkRecordFact
    """If the person leaves, or is found to have reached the months."""
    how: Stay
    leaves: bool
    """Whether the opposite is leaving; else it is reaching 42 months."""
    is_flipped: bool
    note: str

    @property
    def key(self) -> str:
        """What an address says of the person."""
        return str(self.stay.client.public_id)

    @property
    def name(self) -> str:
        """As the office knows it."""
        return self.stay.name


@dataclass(frozen=True, slots=True)
class RecordForecast:
    """The coming fiscal year of one office."""

    year: int
    found: WorkRecord
    now: Outcome
    then: Outcome | None
    """With what was ticked; None where nothing was."""
    lines: tuple[SupposedStay, ...]
    """Of whom something may still be otherwise."""
    may_miss: int | None
    """How many who reach the months may yet miss them; None where 70 % is not reached."""
    must_reach: int | None
    """How many more must reach them for 70 %; None where it is reached, or nobody can."""

    @property
    def leaving(self) -> list[SupposedStay]:
        """Who works and may leave."""
        return [line for line in self.lines if line.leaves]

    @property
    def reaching(self) -> list[SupposedStay]:
        """Of whom it is not known."""
        return [line for line in self.lines if not line.leaves]

    @property
    def unknown(self) -> int:
        """Of how many it will not be known: they count as not having reached the months."""
        return self.found.count(Stay.UNKNOWN)


def record_forecast(office: Office, on: date, flipped: Collection[UUID] = ()) -> RecordForecast:
    """The year after the running one, as it will be if nothing changes (twelve queries).

    Who is in use and whose window ends by the counted March 31 counts as having ended the use by then,
    and as working on where the job is open today. `flipped` are people of whom the opposite is supposed.
    """
    year = fiscal_year(on) + 1
    day = date(year, 3, 31)
    stays = job_stays(office, on, day)
    erased, spans = work_evidence(office, year, on), fee_spans(office, year)
    in_use = people_in_use(office, on)
    supposed = [_as_it_goes(stay, on, day) for stay in stays]
    found = _count(supposed, erased, year)
    lines = []
    for stay, fact, person in zip(stays, supposed, found.people, strict=False):
        other = _otherwise(stay, fact, on, year)
        if other is not None:
            lines.append(_line(stay, fact, other, person.how, on, flipped))
    ticked = {line.fact.person_id: line for line in lines if line.is_flipped}
    last, then = found, None
    if ticked:
        facts = [
            ticked[fact.person_id].other if fact.person_id in ticked else fact for fact in supposed
        ]
        last = _count(facts, erased, year)
        gone = {line.stay.client.pk for line in ticked.values() if line.leaves}
        then = _outcome(last, spans, len(in_use - gone))
    return RecordForecast(
        year=year,
        found=found,
        now=_outcome(found, spans, len(in_use)),
        then=then,
        lines=tuple(lines),
        may_miss=_may_miss(last),
        must_reach=_must_reach(last),
    )


def _as_it_goes(stay: JobStay, on: date, day: date) -> WorkRecordFact:
    fact, ends_on = stay.fact, stay.enrolment.ends_on
    if ends_on is not None and ends_on <= on:
        return fact
    window = stay.enrolment.window_ends_on
    ended_on = ends_on or (window if window is not None and window <= day else None)
    if not stay.is_open:
        return replace(fact, ended_on=ended_on)
    return replace(fact, ended_on=ended_on, worked_until=day, is_open=False)


def _otherwise(stay: JobStay, fact: WorkRecordFact, on: date, year: int) -> WorkRecordFact | None:
    """The opposite; None where the file already says all that counts."""
    hired_on, known = stay.hired_on, stay.known_until
    if hired_on is None or known is None or not stay.is_open:
        return None
    if not hired_within(year).contains(hired_on):
        return None
    is_running = stay.enrolment.ends_on is None or stay.enrolment.ends_on > on
    if is_running:
        other = replace(fact, worked_until=known, ended_on=on, is_open=False)
        is_same = fact.ended_on is not None and has_months(hired_on, known, AT_LEAST_MONTHS)
        return None if is_same else other
    if has_months(hired_on, known, AT_LEAST_MONTHS) or reaches_on(hired_on) > date(year, 3, 31):
        return None
    return replace(fact, worked_until=reaches_on(hired_on), is_open=False)


def _line(
    stay: JobStay,
    fact: WorkRecordFact,
    other: WorkRecordFact,
    how: Stay,
    on: date,
    flipped: Collection[UUID],
) -> SupposedStay:
    leaves = stay.enrolment.ends_on is None or stay.enrolment.ends_on > on
    return SupposedStay(
        stay=stay,
        fact=fact,
        other=other,
        how=how,
        leaves=leaves,
        is_flipped=stay.client.public_id in flipped,
        note=_note(how, leaves=leaves, months=stay.months or 0),
    )


def _note(how: Stay, *, leaves: bool, months: int) -> str:
    known = _("分かっている日まで%(n)dか月") % {"n": months}
    words = {
        Stay.LONG: _("42か月に届く見込み"),
        Stay.SHORT: _("42か月に届かない見込み"),
        Stay.LEFT_OUT: _("利用が続く見込み（数えない）"),
    }
    return f"{words[how]}・{known}" if leaves and how in words else known


def _count(
    facts: Iterable[WorkRecordFact], erased: Iterable[WorkRecordFact], year: int
) -> WorkRecord:
    return work_record([*facts, *erased], year)


def _outcome(found: WorkRecord, spans: Collection[FeeSpan], in_use: int) -> Outcome:
    each = [_yen(span) if found.is_met else 0 for span in spans]
    first = next(iter(spans))
    known = [yen * span.months for span, yen in zip(spans, each, strict=True) if yen is not None]
    return Outcome(
        employed=found.count(Stay.LONG),
        total=found.total,
        tier=_("7割以上") if found.is_met else _("7割に届かない"),
        units=_units(first) if found.is_met else 0,
        in_use=in_use,
        month_yen=None if each[0] is None else each[0] * in_use,
        year_yen=sum(known) * in_use if len(known) == len(each) else None,
        is_sample=any(span.tariff is not None and span.tariff.is_sample for span in spans),
    )


def _units(span: FeeSpan) -> int | None:
    """Units a month and person of the addition; None without a table that has it."""
    item = (
        span.tariff.item(NotifiedItem.RETENTION_RECORD.value, span.first) if span.tariff else None
    )
    return int(item.amount) if item else None


def _yen(span: FeeSpan) -> int | None:
    units = _units(span)
    if units is None or span.unit_price is None:
        return None
    return floor_yen(units * span.unit_price)


def _may_miss(found: WorkRecord) -> int | None:
    return found.count(Stay.LONG) - found.wanted if found.is_met else None


def _must_reach(found: WorkRecord) -> int | None:
    if not found.total or found.is_met:
        return None
    return found.wanted - found.count(Stay.LONG)
