"""Yen and units: integers and decimals, never floats."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

DASH = "—"
# Digits of a sum that a page has shown: longer ones were written by nobody's page.
LONGEST_SUM = 15
_ONE = Decimal(1)


def floor_yen(amount: Decimal) -> int:
    """Whole yen: what is below the point is cut off (docs/rules.md §5 S: total cost, one tenth)."""
    return int(amount.quantize(_ONE, rounding=ROUND_FLOOR))


def round_half_up(amount: Decimal) -> int:
    """四捨五入 to a whole unit; halves go away from zero (docs/rules.md §5 S: percentages)."""
    return int(amount.quantize(_ONE, rounding=ROUND_HALF_UP))


def yen(amount: int) -> str:
    """12,345円."""
    return f"{amount:,}円"


def signed_yen(amount: int) -> str:
    """＋744円, −2,768円, ±0円: a difference, after less before."""
    return f"{_sign(amount)}{abs(amount):,}円"


def signed(amount: int) -> str:
    """＋744, −2,768, ±0: the same without a unit."""
    return f"{_sign(amount)}{abs(amount):,}"


def _sign(amount: int) -> str:
    return "＋" if amount > 0 else "−" if amount < 0 else "±"


def seen_yen(text: str) -> int:
    """A sum that a page sent back as it had shown it; −1, which no sum is, for anything else."""
    is_sum = text.isascii() and text.isdecimal() and len(text) <= LONGEST_SUM
    return int(text) if is_sum else -1


def yen_or_dash(amount: int | None) -> str:
    """12,345円, or a dash where nothing is entered: that is not 0 yen."""
    return DASH if amount is None else yen(amount)
