"""Every table of お金の統計, in the order of the page; the workbook has a sheet for each."""

from __future__ import annotations

from billing.statistics.fee_tables import cap_table, fee_table, item_table, open_table, tier_table
from billing.statistics.later_tables import (
    age_table,
    claim_table,
    correction_table,
    lost_table,
    reason_table,
)
from billing.statistics.numbers import MoneyStatistics
from billing.statistics.table import MoneyTable
from teikyaku.spreadsheets import Sheet, workbook

MAKERS = (
    fee_table, open_table, tier_table, lost_table, reason_table, cap_table, item_table,
    correction_table, claim_table, age_table,
)  # fmt: skip


def money_tables(found: MoneyStatistics) -> list[MoneyTable]:
    """The tables of the page."""
    return [make(found) for make in MAKERS]


def money_workbook(found: MoneyStatistics, *, mark: str = "") -> bytes:
    """The same numbers, without the lines of sums: a program adds them up itself."""
    sheets = (
        Sheet(
            table.title, table.columns, ([cell.value for cell in row] for row in table.rows),
            table.drawn,
        )
        for table in money_tables(found)
    )  # fmt: skip
    return workbook(sheets, mark=mark)
