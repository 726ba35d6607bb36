"""期限 as workbooks: the rows of an office's board and of a ward's with their filters, all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from plans.queries.expiry_rows import Expiry
from plans.queries.ward_expiry import WardExpiry
from teikyaku.era import both
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def expiry_workbook(rows: Iterable[Expiry], on: date, whose: str, conditions: str) -> bytes:
    """期限 of an office (`whose`), one line for each end, by day; the conditions in words beside it."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("終わる日"), Kind.DATE),
        Column(_("残りの日数"), Kind.NUMBER), Column(_("段階"), width=14), Column(_("終わるもの"), width=28),
        Column(_("くわしく"), width=28), Column(_("更新"), width=16), Column(_("次にすること"), width=40),
        Column(_("だれの番"), width=20), Column(_("担当"), width=16),
    ]  # fmt: skip
    lines = (
        (
            row.name, row.kana, row.on, (row.on - on).days, row.stage.label, row.label, row.detail,
            row.renewal, row.step.words, row.owner, row.staff,
        )
        for row in rows
    )  # fmt: skip
    return workbook(
        [Sheet(_("期限"), columns, lines), _conditions(_("事業所"), whose, on, conditions)]
    )


def ward_expiry_workbook(
    rows: Iterable[WardExpiry], on: date, whose: str, conditions: str
) -> bytes:
    """期限 of a ward (`whose`), one line for each end, by day; the conditions in words beside it."""
    columns = [
        Column(_("氏名")), Column(_("ふりがな")), Column(_("終わる日"), Kind.DATE),
        Column(_("残りの日数"), Kind.NUMBER), Column(_("段階"), width=14), Column(_("終わるもの"), width=36),
        Column(_("次の手順"), width=40), Column(_("だれの番"), width=20),
    ]  # fmt: skip
    lines = (
        (
            row.name, row.kana, row.on, (row.on - on).days, row.stage.label, row.label,
            row.step.words, row.step.turn.label,
        )
        for row in rows
    )  # fmt: skip
    return workbook([Sheet(_("期限"), columns, lines), _conditions(_("区"), whose, on, conditions)])


def _conditions(side: str, whose: str, on: date, conditions: str) -> Sheet:
    """条件: whose ends they are, as of which day, and what the list was narrowed down to."""
    lines = ((side, whose), (_("基準日"), both(on)), (_("条件"), conditions))
    return Sheet(_("条件"), [Column(_("項目"), width=14), Column(_("値"), width=60)], lines)
