"""面談の間隔 as it is drawn: a step line over the window with every contact on it, in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from plans.models import InterviewDue
from plans.queries.summary import SupportSummary
from plans.rules.kinds import ContactOutcome
from teikyaku.desk.queries.day_axis import DayAxis, Tick
from teikyaku.era import both

# Pixels from the top for an interval of one, two and three months; longer ones stand higher.
HEIGHTS = {1: 84, 2: 54, 3: 24}
# What one asks about: how the last months went.
DUES = 6


@dataclass(frozen=True, slots=True)
class Level:
    """A faint line for one interval with its words."""

    label: str
    y: int


@dataclass(frozen=True, slots=True)
class Stroke:
    """A piece of the step line."""

    x1: float
    x2: float
    y1: int
    y2: int


@dataclass(frozen=True, slots=True)
class Dot:
    """One contact, at the height of the pace of its day: met, attempt or other."""

    x: float
    y: int
    kind: str


@dataclass(frozen=True, slots=True)
class PaceLine:
    """Everything that components/pace_line.html draws; `changes` say the same in words."""

    description: str
    levels: tuple[Level, ...]
    strokes: tuple[Stroke, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    today: float | None
    due: Dot | None
    changes: tuple[tuple[date, str], ...]
    dues: tuple[InterviewDue, ...] = ()
    """Which due date stood from which day on: the newest ones, newest first."""


def pace_line(support: SupportSummary, starts_on: date, ends_on: date, on: date) -> PaceLine:
    """The line from the first day of use to the last usable day (or today, whichever is later)."""
    axis = DayAxis(starts_on, max(ends_on, on))
    changes = support.pace_changes
    due_on = support.due.due_on
    last = min(due_on or on, axis.ends_on) if due_on is None or due_on > on else on
    return PaceLine(
        description=_description(support, on),
        levels=tuple(Level(_words(months), y) for months, y in reversed(HEIGHTS.items())),
        strokes=tuple(_strokes(changes, max(last, on), axis)),
        dots=tuple(_dots(support, axis)),
        ticks=axis.ticks(),
        today=axis.percent(on) if axis.holds(on) else None,
        due=Dot(axis.percent(due_on), _height(changes, due_on), "due") if due_on else None,
        changes=tuple((day, _words(months)) for day, months in changes),
        dues=support.interview_dues[::-1][:DUES],
    )


def _words(months: int) -> str:
    return _("毎月") if months == 1 else _("%(n)dか月ごと") % {"n": months}


def _height(changes: Sequence[tuple[date, int]], on: date) -> int:
    months = next((months for day, months in reversed(changes) if day <= on), 1)
    return HEIGHTS.get(months, HEIGHTS[3])


def _strokes(changes: Sequence[tuple[date, int]], until: date, axis: DayAxis) -> list[Stroke]:
    found = []
    for index, (day, months) in enumerate(changes):
        y = HEIGHTS.get(months, HEIGHTS[3])
        ends = changes[index + 1][0] if index + 1 < len(changes) else until
        x1, x2 = axis.percent(day), axis.percent(ends)
        if index:
            before = HEIGHTS.get(changes[index - 1][1], HEIGHTS[3])
            found.append(Stroke(x1, x1, before, y))
        found.append(Stroke(x1, x2, y, y))
    return found


def _dots(support: SupportSummary, axis: DayAxis) -> list[Dot]:
    kinds = {ContactOutcome.MET: "met", ContactOutcome.ATTEMPT: "attempt"}
    return [
        Dot(
            axis.percent(row.held_on),
            _height(support.pace_changes, row.held_on),
            kinds.get(ContactOutcome(row.outcome), "other"),
        )
        for row in support.contacts
        if axis.holds(row.held_on)
    ]


def _description(support: SupportSummary, on: date) -> str:
    met = sum(1 for row in support.contacts if row.outcome == ContactOutcome.MET)
    missed = sum(1 for row in support.contacts if row.outcome == ContactOutcome.ATTEMPT)
    parts = [
        _("%(on)sから%(words)s") % {"on": both(day), "words": _words(months)}
        for day, months in support.pace_changes
    ]
    text = _("面談の間隔：%(parts)s。会えた記録%(met)d件、会えなかった記録%(missed)d件。") % {
        "parts": "、".join(parts),
        "met": met,
        "missed": missed,
    }
    due_on = support.due.due_on
    if due_on is None:
        return text
    due = _("次の期限は%(on)s。") if due_on >= on else _("期限は%(on)sで、過ぎています。")
    return text + due % {"on": both(due_on)}
