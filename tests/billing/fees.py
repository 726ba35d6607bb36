"""Files and imports of fee tables, as operators bring them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from billing.actions.fee_table import Head, confirm_fee_table, read_fee_table
from billing.models import FeeTableImport
from billing.queries.fee_tables import TIER_WORDS, fee_tables, scheme
from billing.rules.fee_table import FeeRow, read_rows
from billing.tariffs import packaged
from teikyaku.clock import at_noon
from teikyaku.desk.demo.fees import sample_rows
from teikyaku.periods import Month
from tests.cast import Cast

HEADINGS = (
    "項目",
    "就労定着率の区分",
    "かける減算",
    "サービスコード",
    "単位数・率",
    "確かさ",
    "最初の月",
)
JUNE = date(2026, 6, 1)


def lines(**changed: str) -> list[list[str]]:
    """A whole table in the amounts of R6; `changed` gives other amounts by tier or item key."""
    table = packaged()[0]
    found = [
        [
            "基本報酬",
            TIER_WORDS[tier.key],
            "",
            "",
            changed.get(f"t{tier.key}", str(tier.units)),
            "S",
            "",
        ]
        for tier in table.tiers
    ]
    found += [
        [item.label, "", "", "", changed.get(key, str(item.amount)), item.certainty.value, ""]
        for key, item in table.items.items()
    ]
    return found


def as_csv(rows: Iterable[Sequence[str]], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADINGS, *rows])
    return text.getvalue().encode(encoding)


def as_workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook as people make them: a title in merged cells, merged headings, merged items."""
    book = Workbook()
    page = book.active
    page.append(["令和8年度　就労定着支援　報酬の一覧"])
    page.merge_cells("A1:G1")
    page.append([])
    page.append(HEADINGS)
    kept = list(rows)
    for row in kept:
        page.append([_cell(value) for value in row])
    bases = sum(1 for row in kept if row[0] == "基本報酬" and not row[2])
    if bases > 1:
        page.merge_cells(f"A4:A{3 + bases}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(value: str) -> Any:
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value or None


def whole_rows(**changed: str) -> list[FeeRow]:
    """The rows of a whole table as the action takes them."""
    names = ("item", "tier", "factors", "code", "amount", "certainty", "first_month")
    cells = [dict(zip(names, row, strict=True)) for row in lines(**changed)]
    found = read_rows(enumerate(cells, 2), scheme())
    assert not found.faults
    return list(found.rows)


def read_codes(cast: Cast, first: date, last: date, **head: Any) -> FeeTableImport:
    """Made-up codes for months of R6, read in by the first administrator."""
    facts = {"is_sample": True, **head}
    return read_fee_table(
        head=Head("codes", "R6", "令和6年度報酬改定", first, last, "見本", "見本.xlsx", **facts),
        rows=sample_rows(fee_tables().of(Month.of(first))),
        by=cast.members["admin"], at=at_noon(cast.today),
    )  # fmt: skip


def read_table(
    cast: Cast, first: date = JUNE, last: date = date(2027, 3, 1), name: str = "R8", **more: Any
) -> FeeTableImport:
    """A whole table, read in by the first administrator."""
    changed, is_sample = more.pop("changed", {}), more.pop("is_sample", False)
    return read_fee_table(
        head=Head("table", name, f"令和8年度（{name}）", first, last, "告示", "r8.xlsx", is_sample=is_sample),
        rows=whole_rows(**changed), by=cast.members["admin"], at=at_noon(cast.today),
    )  # fmt: skip


def confirm(cast: Cast, table: FeeTableImport, key: str = "admin2") -> FeeTableImport:
    """The second administrator says yes."""
    return confirm_fee_table(table=table, by=cast.members[key], at=at_noon(cast.today))
