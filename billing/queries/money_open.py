"""What is not closed, and what cannot be billed: from the boards of the months (`month_boards`)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from billing.queries.mending import short_label
from billing.queries.month import MonthBoard
from billing.queries.month_lost import lost_by_reason
from billing.rules.money_span import Span
from teikyaku.periods import Month

Boards = Mapping[Month, MonthBoard]


@dataclass(frozen=True, slots=True)
class OpenMonth:
    """Who of a month is not closed: people, and the total cost that it would come to in yen."""

    ready: int
    ready_yen: int
    held: int
    held_yen: int | None
    """None while tier, table or unit price is missing."""


@dataclass(frozen=True, slots=True)
class LostSums:
    """People's months that cannot be billed, and what they would have cost (an estimate) in yen."""

    people: int = 0
    yen: int | None = 0
    """None where nothing can be said: tier, table or unit price is missing."""


def open_months(boards: Boards, span: Span) -> dict[Month, OpenMonth]:
    """The months of which somebody can be closed or is held (no query)."""
    found = {}
    for month in span.months:
        board = boards[month]
        ready, held = len(board.ready), len(board.held)
        if ready or held:
            found[month] = OpenMonth(ready, board.ready_yen, held, board.held_yen)
    return found


def lost_in_months(boards: Boards, span: Span) -> dict[Month, LostSums]:
    """By month: the list 請求できない of its page, and its estimate (no query)."""
    found = {}
    for month in span.months:
        people, reasons = len(boards[month].not_billable), lost_by_reason(boards[month])
        is_known = bool(reasons) or not people
        found[month] = LostSums(
            people, sum(_yen(costs) for costs in reasons.values()) if is_known else None
        )
    return found


def lost_reasons(boards: Boards, span: Span) -> dict[str, LostSums]:
    """The same by the first reason of each, the dearest first (no query)."""
    people: Counter[str] = Counter()
    yen: dict[str, int] = defaultdict(int)
    for month in span.months:
        board = boards[month]
        people.update(short_label(entry.reasons[0]) for entry in board.not_billable)
        for why, costs in lost_by_reason(board).items():
            yen[why] += _yen(costs)
    order = sorted(people, key=lambda why: (-yen.get(why, 0), -people[why], why))
    return {why: LostSums(people[why], yen.get(why)) for why in order}


def _yen(costs: Counter[int]) -> int:
    return sum(cost * n for cost, n in costs.items())
