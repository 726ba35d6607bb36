"""上限額管理結果票: one office's sheet from the figures that were reported, or what it cannot be. Pure.

docs/rules.md §5: the checks of the figures, results 1 to 3, and when the addition for managing is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.rules.cap_management import (
    CapOutcome,
    Fault,
    Rank,
    Share,
    doubts_of_figures,
    faults_of_figures,
    shared_out,
)
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class OfficeFigures:
    """What one office reported for the month. Money in yen."""

    number: str
    name: str
    rank: Rank
    total_cost_yen: int
    before_yen: int


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """One's own part of a sheet: with the addition for managing, and without it."""

    managing: OfficeFigures
    alone: OfficeFigures

    def beside(self, others: Sequence[OfficeFigures]) -> OfficeFigures:
        """利用者負担上限額管理加算 only in a month in which another office served the person (M)."""
        return self.managing if any(each.total_cost_yen > 0 for each in others) else self.alone


@dataclass(frozen=True, slots=True)
class Told:
    """What the office that manages the cap answered about our own line. Money in yen."""

    number: str
    name: str
    outcome: CapOutcome
    after_yen: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """結果票 as it would be recorded, the managing office first."""

    outcome: CapOutcome
    lines: tuple[tuple[OfficeFigures, Share], ...]


def is_other_manager(named: str, number: str, *, is_here: bool) -> bool:
    """Whether another office manages than the certificate names, which takes a reason.

    Where the certificate has no number there is nothing to compare: then only managing oneself does.
    """
    return number != named and (bool(named) or is_here)


def fault_of_day(decided_on: date, month: Month, on: date) -> str:
    """What of a sheet's day cannot be; "" where it can: once the month is over, and not ahead."""
    if decided_on <= month.last_day:
        return f"サービスの月が終わったあと（{(month + 1).label}1日から）の日付にしてください。"
    if decided_on > on:
        return "今日より先の日付です。"
    return ""


def faults_of_offices(
    cap_yen: int, own: OwnFigures, others: Sequence[OfficeFigures]
) -> list[Fault]:
    """What is wrong with who stands on a sheet and with their figures; line 0 is one's own."""
    if not others:
        return [Fault(None, "", "ほかの事業所を1つ以上入れてください。")]
    figures = (own.beside(others), *others)
    if len({each.number for each in figures}) < len(figures):
        text = "同じ事業所番号の行があります。1つの事業所は1行にまとめてください。"
        return [Fault(None, "", text)]
    return faults_of_figures(cap_yen, _shares(figures))


def doubts_of_offices(
    cap_yen: int, own: OwnFigures, others: Sequence[OfficeFigures]
) -> list[Fault]:
    """What is to be asked back before it is shared out; line 0 is one's own."""
    return doubts_of_figures(cap_yen, _shares((own.beside(others), *others)))


def made_sheet(cap_yen: int, own: OwnFigures, others: Sequence[OfficeFigures]) -> Sheet:
    """The sheet of a month whose cap is managed here.

    Raises ValueError where `faults_of_offices` finds something, and for a cap of 0.
    """
    if faults := faults_of_offices(cap_yen, own, others):
        raise ValueError(faults[0].text)
    figures = (own.beside(others), *others)
    outcome, shares = shared_out(cap_yen, _shares(figures))
    return Sheet(outcome, tuple(zip(figures, shares, strict=True)))


def _shares(figures: Sequence[OfficeFigures]) -> list[Share]:
    return [
        Share(
            each.rank,
            each.total_cost_yen,
            each.before_yen,
            is_manager=line == 0,
            number=each.number,
        )
        for line, each in enumerate(figures)
    ]
