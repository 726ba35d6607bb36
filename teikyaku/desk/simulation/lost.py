"""Months that nobody could claim, and why: the product's own verdicts, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError

from billing.actions.month import close_month
from billing.models import PersonMonth
from billing.queries.month import month_boards
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.desk.simulation.world import World
from teikyaku.periods import Month

# How far back a month that was held is tried again.
TRIED_MONTHS = 3


@dataclass(slots=True)
class Lost:
    """Months of people: claimed, lost for good and held, each with the first reason."""

    claimed: int = 0
    not_billable: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    words: dict[str, str] = field(default_factory=dict)
    """Reason → as the page of the month words it."""


def close(world: World) -> None:
    """The month before, and what was held in the two before that."""
    last = Month.of(world.today) - 1
    for month in Month.span(last - (TRIED_MONTHS - 1), last):
        try:
            close_month(
                office=world.office,
                month=month,
                by=world.member("billing"),
                at=at_noon(world.today),
            )
        except ValidationError:
            continue  # nobody is ready in it


def lost_months(world: World, first: date) -> Lost:
    """Every month from the first to the last that is over, as of today."""
    found = Lost(
        claimed=PersonMonth.objects.standing().filter(closing__office=world.office).count()
    )
    last = Month.of(world.today) - 1
    if last < Month.of(first):
        return found
    boards = month_boards(world.office, Month.of(first), last, world.today)
    for board in boards.values():
        for entry in [*board.not_billable, *board.held]:
            reason = entry.reasons[0]
            is_lost = entry.state == MonthState.NOT_BILLABLE
            (found.not_billable if is_lost else found.held)[reason.code] += 1
            found.words.setdefault(reason.code, reason.text)
    return found
