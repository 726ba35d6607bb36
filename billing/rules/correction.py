"""過誤・再請求: old and new sums side by side, and what is still to be done. Pure; sums in yen.

What was claimed once is claimed anew only after the municipality has taken the old claim back:
過誤申立 → settled → 再請求 (docs/rules.md §8). Where nothing was paid (返戻), there is nothing to ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing.rules.difference import Billed
from billing.rules.settlement import Settlement


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison: units, or yen. None: the line does not stand on that side."""

    label: str
    before: int | None
    after: int | None
    is_yen: bool = False
    is_sum: bool = False

    @property
    def change(self) -> int:
        """After less before."""
        return (self.after or 0) - (self.before or 0)


# Told only where a municipality pays a part.
OF_A_SUBSIDY = ("subsidy_yen", "payable_yen")


def compared(before: Billed, after: Billed | None) -> tuple[Compared, ...]:
    """Every line of units, then the sums; `after` is None where the month comes to nothing."""
    return (*_units(before, after), *_sums(before, after))


def _units(before: Billed, after: Billed | None) -> Iterator[Compared]:
    old, new = before.units_by_line, after.units_by_line if after else {}
    for label in {**old, **new}:
        yield Compared(label, old.get(label), new.get(label))
    yield Compared(
        "単位数の合計", before.units, after.units if after else 0, is_sum=True
    )  # fmt: skip


def _sums(before: Billed, after: Billed | None) -> Iterator[Compared]:
    for label, name in (
        ("総費用額", "total_cost_yen"), ("利用者負担額", "copayment_yen"),
        ("自治体助成額", "subsidy_yen"), ("本人の支払い", "payable_yen"), ("給付費", "benefit_yen"),
    ):  # fmt: skip
        was, now = getattr(before, name), getattr(after, name) if after else 0
        if name in OF_A_SUBSIDY and not (before.subsidy_yen or (after and after.subsidy_yen)):
            continue
        yield Compared(label, was, now, is_yen=True, is_sum=True)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One row of a person's month, as the claims know it."""

    is_claimed: bool
    """It stands in a claim that was neither withdrawn nor returned."""
    is_petitioned: bool = False
    """A 過誤申立 is dated on it."""


def needs_petition(line: Sequence[LineRow]) -> bool:
    """Whether the claim of an earlier row still stands unasked, oldest row first.

    A petition settles every claim before its row.
    """
    for row, former in zip(reversed(line[1:]), reversed(line[:-1]), strict=True):
        if row.is_petitioned:
            return False
        if former.is_claimed:
            return True
    return False


def awaits_claim(line: Sequence[LineRow], *, is_withdrawn: bool) -> bool:
    """Whether the last row is to be claimed and stands in no claim yet, oldest row first."""
    return not is_withdrawn and not line[-1].is_claimed


def is_open(line: Sequence[LineRow], over_yen: int, *, is_withdrawn: bool) -> bool:
    """Whether something is to be done: ask the municipality, claim anew, or give money back."""
    return needs_petition(line) or awaits_claim(line, is_withdrawn=is_withdrawn) or over_yen > 0


def paper_words(
    before_yen: int, after_yen: int, kept_yen: int, *, is_withdrawn: bool
) -> tuple[str, ...]:
    """The difference in plain words, for the person. `kept_yen`: paid and not given back."""
    settled = Settlement(before_yen, after_yen, kept_yen).paper_words
    return tuple(each for each in (_change(before_yen, after_yen, is_withdrawn), settled) if each)


def _change(before_yen: int, after_yen: int, is_withdrawn: bool) -> str:
    if is_withdrawn:
        return f"この月の請求（{before_yen:,}円）を取りやめました。お支払いいただく額は0円です。"
    change = after_yen - before_yen
    if change == 0:
        return "計算の中身を直しました。お支払いいただく額は前の請求書と同じです。"
    words = f"{change:,}円 増えました" if change > 0 else f"{-change:,}円 減りました"
    return f"お支払いいただく額を直しました。前の請求書は{before_yen:,}円、正しい額は{after_yen:,}円です（{words}）。"
