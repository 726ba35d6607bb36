"""欠如 before a close: what staffing facts and 届出 say differently of the month, and what that is in yen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from billing.calculation import Lines, total_units
from billing.queries.month import MonthBoard, item_keys, month_board
from billing.queries.office_month import OfficeMonth
from billing.queries.staffing_reduction import (
    MANAGERS,
    WORKERS,
    StaffingFinding,
    findings_of_month,
)
from teikyaku.accounts.models import Office
from teikyaku.money import floor_yen, yen
from teikyaku.periods import Month

# What is read of them at once stays small.
OFFICES_AT_A_TIME = 64


@dataclass(frozen=True, slots=True)
class StaffingAsk:
    """One contradiction of the month that is about to be closed."""

    mark: str
    """What it is about: the item by the facts, and the notified one; the same while neither changes."""
    text: str
    difference_yen: int
    """Total cost of who is ready by the facts, less the same by the 届出; yen."""

    @property
    def question(self) -> str:
        """What is ticked to close all the same."""
        return _("%(text)s　届出のまま締める（事実のとおりなら、総費用は%(yen)s）") % {
            "text": self.text, "yen": _signed(self.difference_yen),
        }  # fmt: skip


def staffing_asks(
    board: MonthBoard, findings: Sequence[StaffingFinding]
) -> tuple[StaffingAsk, ...]:
    """The contradictions among `findings`, which are of the board's month (no query)."""
    return tuple(_ask(board, each) for each in findings if each.is_contradiction)


def asks_before_close(
    offices: Sequence[Office], month: Month, on: date
) -> dict[int, tuple[StaffingAsk, ...]]:
    """The same by office, where somebody is ready to be closed; offices of which nothing is asked are left out.

    Six queries for each `OFFICES_AT_A_TIME`, and those of the month of an office that has a contradiction.
    """
    found = {}
    for start in range(0, len(offices), OFFICES_AT_A_TIME):
        some = offices[start : start + OFFICES_AT_A_TIME]
        findings = findings_of_month(some, month, on)
        for office in some:
            if asks := _asks_of(office, month, on, findings[office.pk]):
                found[office.pk] = asks
    return found


def _asks_of(
    office: Office, month: Month, on: date, findings: Sequence[StaffingFinding]
) -> tuple[StaffingAsk, ...]:
    if not any(each.is_contradiction for each in findings):
        return ()
    board = month_board(office, month, on)
    return staffing_asks(board, findings) if board.ready else ()


def _ask(board: MonthBoard, found: StaffingFinding) -> StaffingAsk:
    own, item = board.office_month, found.by_facts.item if found.by_facts else ""
    family = MANAGERS if (item or found.notified) in MANAGERS else WORKERS
    items = [each for each in own.items if each not in family]
    by_facts = replace(own, items=tuple(sorted([*items, item] if item else items)))
    return StaffingAsk(
        f"{item}-{found.notified}", found.text, _cost(board, by_facts) - _cost(board, own)
    )


def _cost(board: MonthBoard, own: OfficeMonth) -> int:
    """Total cost in yen of who is ready, with these items of the office; 0 while a figure is missing."""
    if own.tariff is None or own.tier is None or own.unit_price is None:
        return 0
    lines, total = Lines(), 0
    for entry in board.ready:
        manages = entry.cap_result is not None and entry.cap_result.earns_addition
        keys = item_keys(entry.support, own, entry.additions, manages=manages)
        units = total_units(lines.of(own.month, own.tariff, own.tier, keys))
        total += floor_yen(units * own.unit_price)
    return total


def _signed(amount: int) -> str:
    if not amount:
        return _("変わりません")
    words = _("%(yen)s減ります") if amount < 0 else _("%(yen)s増えます")
    return words % {"yen": yen(abs(amount))}
