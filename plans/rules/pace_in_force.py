"""Which due date everybody went by on which day: the dates as they were stored (docs/rules.md §6).

The facts on file are put right later, or told late; which date stood in the lists on a day is not.
Only a date that stood on its own day can have been missed, and nobody is late before the day on
which a date was set. Days on which none was stored yet are judged by the facts alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from plans.rules.pace_facts import DueInForce
from teikyaku.periods import day_after


def after_change(
    stored: Sequence[DueInForce], on: date, due_on: date | None
) -> tuple[DueInForce, ...]:
    """The dates in force when `due_on` is stored on a day: a day ends with one date.

    A clock that was put back changes the last one in its place: days never overlap.
    """
    since = max([on, *(row.since for row in stored[-1:])])
    kept = tuple(row for row in stored if row.since < since)
    if due_on == (kept[-1].due_on if kept else None):
        return kept
    return (*kept, DueInForce(since, due_on))


def passed(
    stored: Sequence[DueInForce], read: DueInForce, first: date, until: date
) -> Iterator[date]:
    """The dates in force on their own day, from `first` to the day before `until`, that were missed.

    `read`: the due date in that time as the facts read now, and since when by them. Where they read
    a later one by now (a meeting in time was written late), nobody has missed the earlier date.
    """
    if read.due_on is None:
        return
    covered = stored[0].since if stored else date.max
    if read.since <= read.due_on and first <= read.due_on < min(until, covered):
        yield read.due_on
    for due_on in _on_their_day(stored):
        if first <= due_on < until and read.due_on <= due_on:
            yield due_on


def lapses_on(stored: Sequence[DueInForce], read: DueInForce) -> date | None:
    """The day on which the date that stands is missed unless they meet before it.

    None where it had passed when it was set: nobody has missed it.
    """
    if read.due_on is None:
        return None
    standing = stored[-1] if stored and stored[-1].due_on == read.due_on else read
    return None if read.due_on < standing.since else day_after(read.due_on)


def _on_their_day(stored: Sequence[DueInForce]) -> Iterator[date]:
    for row, until in _spans(stored):
        if row.due_on is not None and row.since <= row.due_on < until:
            yield row.due_on


def _spans(stored: Sequence[DueInForce]) -> Iterator[tuple[DueInForce, date]]:
    """Each date with the day from which the next one stood."""
    for row, following in pairwise(stored):
        yield row, following.since
    if stored:
        yield stored[-1], date.max


def late_after(stored: Sequence[DueInForce], on: date) -> date | None:
    """The last day before a lateness that still goes on at the end of `on`; its days count from it.

    That is the due date, or the day on which a date was set that had passed by then. Another date
    set while somebody is late does not begin the days anew. None where nobody is late by what was
    stored.
    """
    found: date | None = None
    for row, until in _spans(stored):
        if row.since > on:
            break
        first = None if row.due_on is None else max(row.since, day_after(row.due_on))
        if first is None or first >= min(until, day_after(on)):
            found = None
        elif found is None or first > row.since:
            found = max(row.since, row.due_on or row.since)
    return found
