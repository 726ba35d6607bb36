"""期限 as workbooks: the rows of an office's board and of a ward's with their filters, all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from plans.queries.expiry_rows import Expiry
from plans.queries.ward_expiry import WardExpiry
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def expiry_workbook(rows: Iterable[Expiry], on: date) -> bytes:
    """期限 of an office, one line for each end, by day."""
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
    return workbook([Sheet(_("期限"), columns, lines)])


def ward_expiry_workbook(rows: Iterable[WardExpiry], on: date) -> bytes:
    """期限 of a ward, one line for each end, by day."""
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
    return workbook([Sheet(_("期限"), columns, lines)])
