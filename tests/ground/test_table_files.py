"""A table in a file: CSV and workbooks as people make them, read to lines of text."""

import io
import tracemalloc
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
    "styles beside a sheet": HEAD + b"<xf/>" * 400_000,
    "texts within cells": HEAD + b"<row><c>" + b"<t/>" * 1_000_000,
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


AREA = "D1:DZ60000"
COVERED = {
    "an area": f'<mergeCells><mergeCell ref="{AREA}"/></mergeCells>',
    "an area in other letters": f'<mergeCells><mergeCell ref="{AREA.replace("D1", "&#68;1")}"/></mergeCells>',
    "a link": f'<hyperlinks><hyperlink ref="{AREA}" location="A1"/></hyperlinks>',
}  # fmt: skip


def table_with(end):
    """The bytes of a sheet with a heading, one line, and what stands behind the lines."""
    lines = "".join(f'<row><c t="str"><v>{a}</v></c><c t="str"><v>{b}</v></c></row>'
                    for a, b in (("項目", "額"), ("あ", "1")))  # fmt: skip
    return HEAD + f"{lines}</sheetData>{end}</worksheet>".encode()


def moved(body):
    """The same workbook, its sheet a part of another name."""
    file = io.BytesIO()
    old_name, new_name = "worksheets/sheet1.xml", "elsewhere/one.dat"
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            content = old.read(each).replace(old_name.encode(), new_name.encode())
            new.writestr(each.replace(old_name, new_name), content)
    return file.getvalue()


@pytest.mark.parametrize("is_moved", [False, True])
@pytest.mark.parametrize("kind", COVERED)
def test_what_only_covers_millions_of_cells_brings_none_of_them_to_life(kind, is_moved):
    body = with_part("xl/worksheets/sheet1.xml", table_with(COVERED[kind]))
    tracemalloc.start()
    found = read(moved(body) if is_moved else body)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [line.cells for line in found.lines] == [{"item": "あ", "amount": "1"}]
    assert most < 20_000_000


def test_many_merged_areas_are_too_much(monkeypatch):
    monkeypatch.setattr(workbook_rows, "MERGED_IN_ALL", 100)
    areas = "".join(f'<mergeCell ref="A{row}:J{row}"/>' for row in range(3, 20))
    body = with_part("xl/worksheets/sheet1.xml", table_with(f"<mergeCells>{areas}</mergeCells>"))
    with pytest.raises(workbook_rows.TooMuch):
        sheets_of(body, 10)


def test_cells_count_whatever_the_part_is_called(monkeypatch):
    body = moved(with_part("xl/worksheets/sheet1.xml", BOMBS["cells"]))
    monkeypatch.setattr(workbook_rows, "load_workbook", None)
    with pytest.raises(workbook_rows.TooMuch):
        sheets_of(body, 10)


@pytest.mark.parametrize(
    "content",
    [
        table_with("").decode().encode("utf-16"),
        table_with("").decode().encode("utf-16-le"),
        b'<?xml version="1.0" encoding="utf-7"?>' + table_with(""),
        b'<!DOCTYPE a [<!ENTITY b "<c/><c/>">]>' + table_with(""),
    ],
)
def test_what_could_not_be_counted_is_not_read(monkeypatch, content):
    monkeypatch.setattr(workbook_rows, "load_workbook", None)
    with pytest.raises(NotAWorkbook):
        sheets_of(with_part("xl/worksheets/sheet1.xml", content), 10)


def test_pictures_and_settings_of_printers_hold_no_marks():
    body = with_part("xl/media/one.bmp", b"BM" + b"\0" * 2_000_000)
    with zipfile.ZipFile(io.BytesIO(body), "a") as parts:
        parts.writestr("xl/printerSettings/one.bin", "事務室のプリンター".encode("utf-16-le") * 9)
        workbook_rows._refuse_heavy(parts)


def test_a_full_table_of_usual_width_is_no_bomb(monkeypatch):
    """2,000 lines of 60 columns, each cell with a text of its own and a format."""
    row = b"<row r='1'>" + b'<c r="A1" s="1" t="s"><v>12</v></c>' * 60 + b"</row>"
    body = with_part("xl/worksheets/sheet1.xml", HEAD + row * 2_000 + b"</sheetData></worksheet>")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        assert workbook_rows._refuse_heavy(parts) is None


def test_an_empty_workbook_holds_nothing():
    with pytest.raises(ValidationError, match="何も入っていません"):
        read(saved(Workbook()))
    with pytest.raises(ValidationError, match="見出しの行だけ"):
        read("項目,額\n".encode())
