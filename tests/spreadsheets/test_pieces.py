"""A workbook made a sheet at a time is, byte by byte, the one that is made at once."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from teikyaku.spreadsheet_pieces import bind, put_sheet, sheets_in
from teikyaku.spreadsheets import Column, Kind, Sheet, titles, workbook


def sheets():
    return [
        Sheet("数", [Column("円", Kind.YEN), Column("数", Kind.NUMBER)], [(1, 2), (None, 3)]),
        Sheet("日", [Column("日", Kind.DATE), Column("字")], [(date(2026, 4, 1), "=1+1")]),
        Sheet("空", [Column("月", Kind.MONTH), Column("単位", Kind.UNITS)], []),
        Sheet("字", [Column("字", width=40)], [("あ",), ("-5",)]),
    ]


@pytest.mark.parametrize("turned", [False, True], ids=["as they stand", "turned round"])
def test_every_part_is_the_same(tmp_path, turned):
    order = slice(None, None, -1 if turned else 1)
    place = tmp_path / "book.xlsx"
    filled = [
        (each.title, put_sheet(place, nth, each)) for nth, each in enumerate(sheets()[order], 1)
    ]
    bind(place, filled)
    with ZipFile(place) as made, ZipFile(BytesIO(workbook(sheets()[order]))) as whole:
        assert sorted(made.namelist()) == sorted(whole.namelist())
        # The day of making stands in the properties.
        names = [name for name in made.namelist() if name != "docProps/core.xml"]
        assert [name for name in names if made.read(name) != whole.read(name)] == []


def test_what_a_kill_left_is_seen(tmp_path):
    place = tmp_path / "book.xlsx"
    assert sheets_in(place) == 0
    put_sheet(place, 1, sheets()[0])
    assert sheets_in(place) == 1
    put_sheet(place, 2, sheets()[1])
    assert sheets_in(place) == 2
    place.write_bytes(place.read_bytes()[:-30])
    assert sheets_in(place) == -1


def test_titles_are_those_of_one_workbook():
    assert titles(["面談", "面談", "a/b"]) == ["面談", "面談 (2)", "a・b"]
