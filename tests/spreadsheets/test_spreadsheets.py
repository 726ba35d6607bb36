"""Workbooks: real dates and numbers, text that stays text, titles that open, long lists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from teikyaku.periods import Month
from teikyaku.sheet_charts import Bars
from teikyaku.spreadsheets import CELL_LENGTH, Column, Kind, Sheet, SheetError, workbook

COLUMNS = [
    Column("氏名", width=24),
    Column("生年月日", Kind.DATE),
    Column("月", Kind.MONTH),
    Column("負担額", Kind.YEN),
    Column("単位数", Kind.UNITS),
    Column("単価", Kind.NUMBER),
]
ROW = ["髙橋 𠮷朗", date(1985, 4, 1), Month(2026, 4), 4150, 3348, Decimal("10.17")]


def read(made: bytes):
    return load_workbook(BytesIO(made))


def only_page(*rows, columns=COLUMNS):
    return read(workbook([Sheet("一覧", columns, rows)])).active


def test_values_keep_their_kind_and_format():
    page = only_page(ROW)
    assert [cell.value for cell in page[1]] == [column.label for column in COLUMNS]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in page[2]] == [
        ("髙橋 𠮷朗", "s", "@"),
        (datetime(1985, 4, 1), "d", "yyyy/mm/dd"),
        (datetime(2026, 4, 1), "d", "yyyy/mm"),
        (4150, "n", '#,##0"円"'),
        (3348, "n", "#,##0"),
        (10.17, "n", "General"),
    ]


def test_head_is_frozen_and_filtered():
    page = only_page(ROW, ROW)
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:F3"
    assert page["A1"].font.bold
    assert page.column_dimensions["A"].width == 24
    assert page.column_dimensions["B"].width == 12


def test_list_of_nobody_still_has_its_head():
    page = only_page()
    assert page.max_row == 1
    assert page.auto_filter.ref == "A1:F1"


def test_nothing_is_not_zero():
    page = only_page([None, None, None, None, None, None], ["", ROW[1], ROW[2], 0, 0, 0])
    assert [cell.value for cell in page[2]] == [None] * 6
    assert [cell.value for cell in page[3]][3:] == [0, 0, 0]


@pytest.mark.parametrize(
    "typed",
    [
        "=1+1", "+81-25", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "=cmd|' /C calc'!A0",
    ],
)  # fmt: skip
def test_text_never_becomes_a_formula(typed):
    cell = only_page([typed], columns=[Column("メモ")])["A2"]
    assert cell.value == typed
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("typed", ["#N/A", "TRUE", "2026-04-01", "0012345678", "1e5", "普通の文"])
def test_text_that_looks_like_something_else_stays_text(typed):
    cell = only_page([typed], ["次"], columns=[Column("メモ")])["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (typed, "s", False)


def test_a_guarded_cell_does_not_mark_the_next():
    page = only_page(["=1"], ["普通"], columns=[Column("メモ")])
    assert [page["A2"].quotePrefix, page["A3"].quotePrefix] == [True, False]


def test_label_is_text_too():
    assert only_page(columns=[Column("=1+1")])["A1"].data_type == "s"


def test_control_characters_do_not_break_the_file():
    page = only_page(["山\x07田\n太郎"], columns=[Column("メモ")])
    assert page["A2"].value == "山田\n太郎"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param(Kind.TEXT, 5, id="number-as-text"),
        pytest.param(Kind.DATE, "2026-04-01", id="text-as-date"),
        pytest.param(Kind.DATE, datetime(2026, 4, 1, tzinfo=UTC), id="instant-as-date"),
        pytest.param(Kind.YEN, 10.0, id="float-as-money"),
        pytest.param(Kind.YEN, Decimal("10.5"), id="parts-of-a-yen"),
        pytest.param(Kind.UNITS, True, id="yes-as-units"),
        pytest.param(Kind.NUMBER, 1.5, id="float"),
        pytest.param(Kind.TEXT, "長" * (CELL_LENGTH + 1), id="more-than-a-cell-takes"),
    ],
)
def test_value_of_another_kind_is_refused_with_its_place(kind, value):
    with pytest.raises(SheetError, match=r"金額.*row 2") as caught:
        workbook([Sheet("一覧", [Column("金額", kind)], [[value]])])
    assert str(value) not in str(caught.value)


def test_row_of_another_length_is_refused():
    with pytest.raises(SheetError, match="一覧: row 3 has 1 of 6 values"):
        workbook([Sheet("一覧", COLUMNS, [ROW, ["髙橋"]])])


def test_workbook_without_a_sheet_is_refused():
    with pytest.raises(SheetError, match="needs a sheet"):
        workbook([])


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["a/b:c*d?e[f]g\\h"], ["a・b・c・d・e・f・g・h"]),
        (["長" * 40], ["長" * 31]),
        (["長" * 40, "長" * 40], ["長" * 31, "長" * 27 + " (2)"]),
        (["月", "月", "月"], ["月", "月 (2)", "月 (3)"]),
        (["Abc", "aBC"], ["Abc", "aBC (2)"]),
        (["'引用'"], ["引用"]),
        ([""], ["シート"]),
        (["𠮷" * 31], ["𠮷" * 15]),
    ],
)
def test_titles_are_ones_that_open(titles, expected):
    made = workbook([Sheet(title, [Column("列")], []) for title in titles])
    assert read(made).sheetnames == expected


def test_rows_are_taken_one_by_one():
    """A generator is enough, and a list of many people needs no list in memory."""
    made = workbook([Sheet("一覧", COLUMNS, (ROW for _ in range(3000)))])
    assert read(made).active.max_row == 3001


def drawn(bars, *rows):
    columns = [Column("月", Kind.MONTH), Column("請求", Kind.YEN), Column("助成", Kind.YEN)]
    page = read(workbook([Sheet("一覧", columns, iter(rows), bars)], mark="見本")).active
    return [
        (chart.grouping, chart.anchor._from.col, [
            (each.tx.strRef.f, each.cat.numRef.f, each.val.numRef.f) for each in chart.series
        ])
        for chart in page._charts
    ]  # fmt: skip


def test_bars_stand_right_of_the_rows_and_follow_their_cells():
    rows = [(Month(2026, 4), 100, 20), (Month(2026, 5), 300, 0)]
    name = "'見本・一覧'!"
    assert drawn(Bars((2, 1), is_stacked=True), *rows) == [
        ("stacked", 4, [
            (f"{name}C1", f"{name}$A$2:$A$3", f"{name}$C$2:$C$3"),
            (f"{name}B1", f"{name}$A$2:$A$3", f"{name}$B$2:$B$3"),
        ]),
    ]  # fmt: skip
    ((grouping, _column, series),) = drawn(Bars((1,)), *rows)
    assert (grouping, len(series)) == ("clustered", 1)


def test_without_a_row_or_a_wish_nothing_is_drawn():
    assert drawn(Bars((1,))) == []
    assert drawn(None, (Month(2026, 4), 100, 20)) == []
