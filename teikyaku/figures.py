"""制度の数値: dated figures with their source and certainty, packaged as data.

What is [M] or [?] is data that an operator can correct without a release: overrides are handed in
by the caller and win for the months that they cover.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from teikyaku.periods import Month
from teikyaku.reasons import Certainty

PACKAGED = Path(__file__).resolve().parent / "data" / "figures.toml"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure for a span of months; `value` is an int, or text for decimals and words."""

    key: str
    value: int | str
    first_month: Month
    last_month: Month | None
    source: str
    certainty: Certainty
    note: str = ""
    is_override: bool = False

    def covers(self, month: Month) -> bool:
        """Whether the figure holds in `month`."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


class FigureError(LookupError):
    """A figure cannot be told for a month."""


class NoFigure(FigureError):  # noqa: N818  (a state of the data, named as people say it)
    """No figure covers the month."""

    def __init__(self, key: str, month: Month) -> None:
        super().__init__(f"{month.label}の数値「{key}」がありません。")


class TwoFigures(FigureError):  # noqa: N818
    """More than one figure covers the month."""

    def __init__(self, key: str, month: Month) -> None:
        super().__init__(f"{month.label}の数値「{key}」が二つあります。")


class BrokenFigures(ValueError):  # noqa: N818
    """The data file contradicts itself."""


def pick(key: str, month: Month, overrides: Iterable[Figure] = ()) -> Figure:
    """The figure `key` in `month`; an override wins over the packaged one.

    Raises NoFigure or TwoFigures, which name key and month.
    """
    for figures in (tuple(overrides), packaged()):
        found = [figure for figure in figures if figure.key == key and figure.covers(month)]
        if len(found) > 1:
            raise TwoFigures(key, month)
        if found:
            return found[0]
    raise NoFigure(key, month)


@cache
def packaged() -> tuple[Figure, ...]:
    """All figures that come with the product, checked."""
    with PACKAGED.open("rb") as file:
        return parse(tomllib.load(file))


def parse(data: Mapping[str, Any]) -> tuple[Figure, ...]:
    """Figures from a data file's content. Raises BrokenFigures for overlaps and wrong words."""
    try:
        figures = tuple(_figure(row) for row in data["figure"])
    except (KeyError, ValueError) as error:
        raise BrokenFigures(f"a figure is incomplete: {error}") from error
    for figure in figures:
        others = [other for other in figures if other.key == figure.key and other is not figure]
        if any(_overlap(figure, other) for other in others):
            raise BrokenFigures(f"two figures for {figure.key} share a month")
    return figures


def _figure(row: Mapping[str, Any]) -> Figure:
    last = row.get("last_month")
    return Figure(
        key=row["key"],
        value=row["value"],
        first_month=Month.parse(row["first_month"]),
        last_month=Month.parse(last) if last else None,
        source=row["source"],
        certainty=Certainty(row["certainty"]),
        note=row.get("note", ""),
    )


def _overlap(one: Figure, other: Figure) -> bool:
    starts = max(one.first_month, other.first_month)
    return one.covers(starts) and other.covers(starts)
