"""A table in a file: CSV and workbooks as people make them, read to lines of text."""

import io
import zipfile
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


HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
BOMBS = {
    "cells": HEAD + b"<row>" + b"<c/>" * 400_000 + b"</row></sheetData></worksheet>",
    "cells with a prefix": HEAD.replace(b"xmlns=", b"xmlns:x=").replace(b"<", b"<x:")
    + b"<x:row>" + b"<x:c></x:c>" * 400_000,
    "rows": HEAD + b"<row/>" * 400_000 + b"</sheetData></worksheet>",
    "one merged area": HEAD + b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>',
    "one text": HEAD + b"<row><c><v>" + b"1" * 2_000_000 + b"</v></c></row></sheetData></worksheet>",
}  # fmt: skip


def with_part(name, content):
    """A workbook with one part put in the place of its own, or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved(Workbook()))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("kind", BOMBS)
def test_a_small_file_that_takes_long_to_read_is_refused_before_it_is_read(monkeypatch, kind):
    monkeypatch.setattr(workbook_rows, "load_workbook", None)
    body = with_part("xl/worksheets/sheet1.xml", BOMBS[kind])
    assert len(body) < 50_000
    with pytest.raises(ValidationError, match="重すぎて読めません"):
        read(body)


def test_formats_and_texts_are_counted_too(monkeypatch):
    monkeypatch.setattr(workbook_rows, "load_workbook", None)
    with pytest.raises(workbook_rows.TooMuch):
        sheets_of(with_part("xl/styles.xml", b"<styleSheet>" + b"<xf/>" * 400_000), 10)


def test_a_full_table_of_usual_width_is_no_bomb(monkeypatch):
    """2,000 lines of 60 columns, each cell with a text of its own and a format."""
    row = b"<row r='1'>" + b'<c r="A1" s="1" t="s"><v>12</v></c>' * 60 + b"</row>"
    body = with_part("xl/worksheets/sheet1.xml", HEAD + row * 2_000 + b"</sheetData></worksheet>")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        workbook_rows._refuse_heavy(parts)


def test_an_empty_workbook_holds_nothing():
    with pytest.raises(ValidationError, match="何も入っていません"):
        read(saved(Workbook()))
    with pytest.raises(ValidationError, match="見出しの行だけ"):
        read("項目,額\n".encode())
