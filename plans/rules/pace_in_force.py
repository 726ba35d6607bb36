"""Which due date everybody went by on which day: the dates as they were stored (docs/rules.md §6).

The facts on file are put right later, or told late; which date stood in the lists on a day is not.
The date by which somebody could go is the later of the stored one and the one that the facts read
now: only when both have passed, without a meeting, a date was missed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from plans.rules.pace_facts import DueInForce
from teikyaku.periods import Month, day_after


@dataclass(frozen=True, slots=True)
class Missed:
    """A due date that nobody kept by the end of a day."""

    due_on: date
    by: date
    """The due date itself; a later day where it had passed when it was set."""


def after_change(
    stored: Sequence[DueInForce], on: date, due_on: date | None
) -> tuple[DueInForce, ...]:
    """The dates in force when `due_on` is stored on a day: a day ends with one date.

    A clock that was put back changes the last one in its place: days never overlap. That there is
    none any more is kept, too; not that there never was one.
    """
    since = max([on, *(row.since for row in stored[-1:])])
    kept = tuple(row for row in stored if row.since < since)
    if (kept[-1].due_on if kept else None) == due_on and (kept or not stored):
        return kept
    is_carried = bool(stored) and not kept and stored[0].is_carried
    return (*kept, DueInForce(since, due_on, is_carried=is_carried))


def met_by(row: DueInForce) -> date | None:
    """By when they have to meet so that nobody has missed the date.

    One that had passed when it was set could be kept by nobody: until the end of that month.
    """
    if row.due_on is None or row.due_on >= row.since:
        return row.due_on
    return Month.of(row.since).last_day


def missed(
    stored: Sequence[DueInForce], read: DueInForce, first: date, until: date
) -> Iterator[Missed]:
    """The dates that were missed by days from `first` to the one before `until`, in their order.

    `read`: the due date of that time as the facts read now, and since when by them. Nothing was
    missed before the first stored date, unless it was carried over from a time without any.
    """
    read_by = met_by(read)
    if read_by is None or read.due_on is None:
        return
    days: dict[date, date] = {}
    for row, ends in _spans(stored):
        by = met_by(row)
        if by is not None and row.due_on is not None and row.since <= by < ends and read_by <= by:
            days[by] = row.due_on
    standing = standing_on(stored, read_by)
    if standing is None:
        if not stored or stored[0].is_carried:
            days[read_by] = read.due_on
    elif (by := met_by(standing)) is not None and by < read_by:
        days[read_by] = read.due_on
    for by in sorted(days):
        if first <= by < until:
            yield Missed(days[by], by)


def standing_on(stored: Sequence[DueInForce], on: date) -> DueInForce | None:
    """What stood at the end of a day; None where nothing had been stored by then."""
    return next((row for row in reversed(stored) if row.since <= on), None)


def _spans(stored: Sequence[DueInForce]) -> Iterator[tuple[DueInForce, date]]:
    """Each date with the day from which the next one stood."""
    for row, following in pairwise(stored):
        yield row, following.since
    if stored:
        yield stored[-1], date.max


def late_after(stored: Sequence[DueInForce], on: date) -> date | None:
    """The last day before a lateness that still goes on at the end of `on`; its days count from it.

    That is the due date, or the day on which a date was set that had passed by then. An earlier
    date set while somebody is late does not begin the days anew; a later one does: they have met
    since. None where nobody is late by what was stored.
    """
    run = _late_run(stored, on)
    return None if run is None else max(run.since, run.due_on or run.since)


def set_late(stored: Sequence[DueInForce]) -> tuple[date, date] | None:
    """Where the lateness began with a date that had passed when it was set: that day, and what stood before."""
    run = _late_run(stored, stored[-1].since) if stored else None
    if run is None or run.due_on is None or run.due_on >= run.since:
        return None
    before = next((row for row, following in pairwise(stored) if following == run), None)
    return None if before is None or before.due_on is None else (run.since, before.due_on)


def _late_run(stored: Sequence[DueInForce], on: date) -> DueInForce | None:
    """The date with which the lateness that goes on at the end of `on` began."""
    run: DueInForce | None = None
    before: date | None = None
    for row, until in _spans(stored):
        if row.since > on:
            break
        first = None if row.due_on is None else max(row.since, day_after(row.due_on))
        if first is None or first >= min(until, day_after(on)):
            run = None
        elif run is None or first > row.since or (before and row.due_on and row.due_on > before):
            run = row
        before = row.due_on
    return run
