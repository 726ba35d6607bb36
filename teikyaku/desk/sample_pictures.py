"""Made-up values for the drawn components of the page 部品."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from plans.queries.end_axis import bars_of
from plans.queries.team import Load, Team
from teikyaku.desk.queries.end_axis import AxisCell, AxisRow, EndAxis
from teikyaku.desk.queries.first_steps import FirstStep
from teikyaku.desk.queries.next_things import NextThing
from teikyaku.desk.queries.pace_line import Dot, Level, PaceLine, Stroke, Tick
from teikyaku.periods import Month
from teikyaku.reasons import Step

NOBODY = UUID(int=0)


def picture_samples() -> dict[str, Any]:
    """What the page draws beside the plain components."""
    return {
        "pace": _pace(),
        "things": _things(),
        "team": Team(
            (
                Load(NOBODY, "青木 はるか", 44, 30, 2, 110),
                Load(NOBODY, "石井 じゅん", 12, 9, 0, 30),
            ),
            40,
        ),
        "axis": _axis(),
        "bars": bars_of(_axis()),
        "first_steps": (
            FirstStep("会ったら、その場で記録します。", "#", "面談を記録する"),
            FirstStep("1年のうちに終わるものを見られます。", "#", "期限を見る"),
        ),
    }


def _pace() -> PaceLine:
    return PaceLine(
        description="面談の間隔：毎月、2025年11月から2か月ごと。",
        levels=(Level("3か月ごと", 24), Level("2か月ごと", 54), Level("毎月", 84)),
        strokes=(Stroke(0, 36, 84, 84), Stroke(36, 36, 84, 54), Stroke(36, 70, 54, 54)),
        dots=(
            *(Dot(2 + 3 * n, 84, "met") for n in range(11)),
            Dot(30, 84, "attempt"),
            Dot(42, 54, "met"),
            Dot(47, 54, "other"),
            Dot(53, 54, "met"),
        ),
        ticks=(Tick(0, "2025/4"), Tick(33.3, "2026/4"), Tick(66.6, "2027/4")),
        today=60,
        due=Dot(70, 54, "due"),
        changes=((date(2025, 4, 1), "毎月"), (date(2025, 11, 4), "2か月ごと")),
    )


def _things() -> tuple[NextThing, ...]:
    step = Step(
        "次の期限", "2026年4月に会ったので、1か月あとの月の終わり", "2026年5月31日（令和8年）"
    )
    return (
        NextThing(
            "支給決定が切れています",
            "danger",
            by=date(2026, 4, 30),
            url="#",
            url_label="受給者証を転記する",
        ),
        NextThing(
            "次の面談",
            "warning",
            by=date(2026, 5, 31),
            url="#",
            url_label="面談を記録する",
            steps=(step,),
        ),
        NextThing(
            "2026年5月の支援レポートを渡す",
            "info",
            note="渡すと、この月を請求できます。",
            url="#",
            url_label="レポートを開く",
        ),
    )


def _axis() -> EndAxis:
    first = Month(2026, 5)
    months = tuple(Month.span(first, first + 11))
    counts = (2, 0, 1, 0, 0, 3, 0, 0, 1, 0, 0, 4)
    cells = tuple(AxisCell(m, count, "#") for m, count in zip(months, counts, strict=True))
    none = tuple(AxisCell(month, 0, "#") for month in months)
    return EndAxis(
        months,
        (AxisRow("支給決定期間の終了", cells), AxisRow("利用可能期間の最終日", none)),
        1,
        "#",
    )
