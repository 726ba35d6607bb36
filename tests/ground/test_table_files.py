"""A table in a file: CSV and workbooks as people make them, read to lines of text."""

import io
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from teikyaku import workbook_rows
from teikyaku.table_files import read_table
from teikyaku.workbook_rows import NotAWorkbook, sheets_of

NAMES = {"item": ("項目", "名称"), "amount": ("額",), "month": ("月",)}
REQUIRED = ["item", "amount"]


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(body, **how):
    how = {"takes_workbooks": True, "head_within": 5, **how}
    return read_table(body, NAMES, REQUIRED, **how)


def test_titles_and_merged_headings_stand_above_the_lines():
    book = Workbook()
    page = book.active
    page.append(["表題"])
    page.append(["項目", "額", "つき"])
    page.append([None, None, "月"])
    page.append(["加算", 900, date(2026, 6, 1)])
    page.append([None, 10.3, datetime(2026, 7, 1, 9)])
    for area in ("A1:C1", "A2:A3", "B2:B3", "A4:A5"):
        page.merge_cells(area)
    found = read(saved(book))
    assert [(line.number, line.cells) for line in found.lines] == [
        (4, {"item": "加算", "amount": "900"}),
        (5, {"item": "加算", "amount": "10.3"}),
    ]
    assert found.ignored == ["つき"]


def test_headings_are_looked_for_only_so_far():
    body = "題\n題\n項目,額\nあ,1\n".encode()
    assert read(body, head_within=3).lines[0].number == 4
    with pytest.raises(ValidationError, match="次の列がありません：項目、額"):
        read(body, head_within=2)
    with pytest.raises(ValidationError, match="次の列がありません"):
        read_table(body, NAMES, REQUIRED)


def test_a_workbook_is_taken_only_where_a_page_asks_for_one():
    book = Workbook()
    book.active.append(["項目", "額"])
    book.active.append(["あ", 1])
    assert read(saved(book)).lines[0].cells == {"item": "あ", "amount": "1"}
    with pytest.raises(ValidationError, match="表計算ソフトのファイルです"):
        read(saved(book), takes_workbooks=False)


def test_formats_far_below_cost_nothing(monkeypatch):
    monkeypatch.setattr(workbook_rows, "LAST_ROW", 50)
    book = Workbook()
    page = book.active
    page.append(["項目", "額"])
    page.append(["あ", 1])
    page.cell(1_000_000, 3).number_format = "0.00"
    page.merge_cells("E1:Z2000")
    (rows,) = sheets_of(saved(book), 10)
    assert [(number, cells[:2]) for number, cells in rows] == [
        (1, ["項目", "額"]),
        (2, ["あ", "1"]),
    ]


def test_what_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(workbook_rows, "UNPACKED_BYTES", 100)
    with pytest.raises(NotAWorkbook):
        sheets_of(saved(Workbook()), 10)


def test_an_empty_workbook_holds_nothing():
    with pytest.raises(ValidationError, match="何も入っていません"):
        read(saved(Workbook()))
    with pytest.raises(ValidationError, match="見出しの行だけ"):
        read("項目,額\n".encode())
