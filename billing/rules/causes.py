"""Which of what was told after a close makes the difference of a month. Pure.

What was told anywhere in a life, or of an office, is a cause only of what it can move: a cap moves no line, and
of a notified item the line bears its name. Where something is still missing, each may be why; where the month
could not be billed for good, only what else moves lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from billing.calculation import BASE_LABEL
from billing.enums import NotifiedItem
from billing.rules.difference import Difference

TIER, PRICE = "tier", "price"
LINES = "units_by_line"
# What each moves beside the sums, by the fields of Billed.
MOVES = {
    "cap": {"cap_yen"},
    "sheet": {"cap_manager", "cap_outcome", "cap_sheet"},
    "decision": {"municipality", "renumbered", "certificate_number", "cap_yen", LINES},
    "subsidy": {"subsidy_yen", "subsidy_municipality"},
    "job": {LINES},
    "contract": {LINES},
    "answer": {LINES},
    "city": {LINES},
    "role": {LINES},
    "meeting": {LINES},
}
# The reasons by which a month is held where these are missing, and by an item: another one of its family
# stands beside it, or the fee table knows none.
HOLDS = {TIER: {"no_tier"}, PRICE: {"no_unit_price"}}
OF_ITEMS = {"rival_items", "no_tariff"}
# By these the copayment moves of itself: then a sheet of the cap is not why.
OF_SUMS = {LINES, "unit_price", "cap_yen"}
FACTORS = {
    NotifiedItem.NO_MANAGER, NotifiedItem.NO_MANAGER_LONG, NotifiedItem.FEW_WORKERS,
    NotifiedItem.FEW_WORKERS_LONG,
}  # fmt: skip
# A percentage of everything before: it moves with any line.
FOLLOWING = tuple(
    each.label
    for each in (NotifiedItem.TREATMENT_1, NotifiedItem.TREATMENT_3, NotifiedItem.TREATMENT_4)
)


def causes_of_office(found: Difference, told: Iterable[str]) -> tuple[str, ...]:
    """Of items, PRICE and TIER told since those that move something of the month, each once."""
    return tuple(kind for kind in dict.fromkeys(told) if _office_moves(found, kind))


def causes_of_person(
    found: Difference, told: Iterable[str], of_office: Collection[str]
) -> tuple[str, ...]:
    """Of the kinds in `MOVES` those that move what `of_office` (causes already) does not."""
    return tuple(kind for kind in dict.fromkeys(told) if _person_moves(found, kind, of_office))


def _office_moves(found: Difference, kind: str) -> bool:
    if not found.moved:
        held_by = {reason.code for reason in found.reasons}
        return found.is_held and bool(HOLDS.get(kind, OF_ITEMS) & held_by)
    if kind == PRICE:
        return "unit_price" in found.moved
    if kind == TIER:
        return any(label.startswith(BASE_LABEL) for label in found.moved_lines)
    return any(NotifiedItem(kind).label in label for label in found.moved_lines)


def _person_moves(found: Difference, kind: str, of_office: Collection[str]) -> bool:
    if not found.moved:
        return found.is_held or LINES in MOVES[kind]
    moved = found.moved
    if all(_is_moved_by(label, of_office) for label in found.moved_lines):
        moved = moved - {LINES}
    if moved & MOVES[kind]:
        return True
    return kind == "sheet" and "copayment_yen" in moved and not found.moved & OF_SUMS


def _is_moved_by(label: str, of_office: Collection[str]) -> bool:
    """Whether a line moves by what the office was told of."""
    if not of_office:
        return False
    if label in FOLLOWING:
        return True
    if label.startswith(BASE_LABEL):
        return any(kind == TIER or kind in FACTORS for kind in of_office)
    return any(
        kind in NotifiedItem.values and NotifiedItem(kind).label in label for kind in of_office
    )
