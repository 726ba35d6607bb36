"""職員の配置 before a close: what facts and 届出 say differently of the month, and what that is in yen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from django.utils.translation import gettext as _

from billing.calculation import Lines, total_units
from billing.queries.month import MonthBoard, item_keys, month_board
from billing.queries.office_month import OfficeMonth
from billing.queries.staffing_reduction import findings_of_month, staffing_findings
from billing.queries.trained_workers import trainings_of_month
from teikyaku.accounts.models import Office
from teikyaku.money import floor_yen, yen
from teikyaku.periods import Month

# What is read of them at once stays small.
OFFICES_AT_A_TIME = 64


class Finding(Protocol):
    """What facts and 届出 say of one thing in a month."""

    @property
    def mark(self) -> str:
        """What it is about; the same while neither facts nor 届出 change."""

    @property
    def text(self) -> str:
        """Both in words."""

    @property
    def is_contradiction(self) -> bool:
        """Whether they lead to different units."""

    def items_by_facts(self, items: Iterable[str]) -> list[str]:
        """The office's items of the month, as the facts would have them."""


@dataclass(frozen=True, slots=True)
class StaffingAsk:
    """One contradiction of the month that is about to be closed."""

    mark: str
    text: str
    difference_yen: int
    """Total cost of who is ready by the facts, less the same by the 届出; yen."""

    @property
    def question(self) -> str:
        """What is ticked to close all the same."""
        return _("%(text)s　届出のまま締める（事実のとおりなら、総費用は%(yen)s）") % {
            "text": self.text, "yen": _signed(self.difference_yen),
        }  # fmt: skip


def contradictions(office: Office, month: Month, on: date) -> tuple[Finding, ...]:
    """What facts of staffing and of training say against the 届出 of `month` (seven to nine queries)."""
    found: list[Finding] = [
        *staffing_findings(office, month, month, on),
        *trainings_of_month([office], month).values(),
    ]
    return tuple(each for each in found if each.is_contradiction)


def staffing_asks(board: MonthBoard, findings: Sequence[Finding]) -> tuple[StaffingAsk, ...]:
    """The contradictions among `findings`, which are of the board's month (no query)."""
    return tuple(_ask(board, each) for each in findings if each.is_contradiction)


def asks_before_close(
    offices: Sequence[Office], month: Month, on: date
) -> dict[int, tuple[StaffingAsk, ...]]:
    """The same by office, where somebody is ready to be closed; offices of which nothing is asked are left out.

    Seven to nine queries for each `OFFICES_AT_A_TIME`, and those of the month of an office that has a
    contradiction.
    """
    found = {}
    for start in range(0, len(offices), OFFICES_AT_A_TIME):
        some = offices[start : start + OFFICES_AT_A_TIME]
        findings = findings_of_month(some, month, on)
        trainings = trainings_of_month(some, month)
        for office in some:
            both: list[Finding] = [*findings[office.pk]]
            if office.pk in trainings:
                both.append(trainings[office.pk])
            if asks := _asks_of(office, month, on, both):
                found[office.pk] = asks
    return found


def _asks_of(
    office: Office, month: Month, on: date, findings: Sequence[Finding]
) -> tuple[StaffingAsk, ...]:
    if not any(each.is_contradiction for each in findings):
        return ()
    board = month_board(office, month, on)
    return staffing_asks(board, findings) if board.ready else ()


def _ask(board: MonthBoard, found: Finding) -> StaffingAsk:
    own = board.office_month
    by_facts = replace(own, items=tuple(sorted(found.items_by_facts(own.items))))
    return StaffingAsk(found.mark, found.text, _cost(board, by_facts) - _cost(board, own))


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
