"""就労の続き方 as it is drawn: a step line that falls with each who left, in percent of the width."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from teikyaku.desk.queries.office_year import Curve

# As the lines of the house's other step line: 100 %, 50 % and 0 % beside their words.
TOP, BOTTOM = 24, 84
YEAR = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the line."""

    x1: float
    x2: float
    y1: float
    y2: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at the side or below."""

    label: str
    at: float


@dataclass(frozen=True, slots=True)
class SurvivalLine:
    """The picture."""

    description: str
    strokes: tuple[Line, ...]
    levels: tuple[Mark, ...]
    ticks: tuple[Mark, ...]


def survival_line(curve: Curve) -> SurvivalLine:
    """The line over whole years, at least one."""
    span = max(YEAR, -(-curve.longest // YEAR) * YEAR)
    strokes, x, y = [], round(curve.first * 100 / span, 2), _height(Fraction(1))
    for step in curve.steps:
        falls_at, lower = round(step.months * 100 / span, 2), _height(step.share)
        strokes += [Line(x, falls_at, y, y), Line(falls_at, falls_at, y, lower)]
        x, y = falls_at, lower
    strokes.append(Line(x, round(curve.longest * 100 / span, 2), y, y))
    parts = [
        _("%(n)dか月で%(share)d％") % {"n": months, "share": share}
        for months, share, _people in curve.told
    ]
    return SurvivalLine(
        description=_("就職してからの月数と、働き続けている人の割合。%(parts)s。")
        % {"parts": "、".join(parts)},
        strokes=tuple(strokes),
        levels=tuple(Mark(f"{n}％", _height(Fraction(n, 100))) for n in (100, 50, 0)),
        ticks=tuple(
            Mark(_("%(n)d年") % {"n": months // YEAR}, round(months * 100 / span, 2))
            for months in range(0, span + 1, YEAR)
        ),
    )


def percent(share: Fraction) -> int:
    """For showing; rounded down, so that 100 means everybody."""
    return int(share * 100)


def _height(share: Fraction) -> float:
    return round(float(BOTTOM - (BOTTOM - TOP) * share), 1)
