"""The file in pieces: however it is cut and killed, what comes out is what one go makes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from clients.models import ClientName
from teikyaku.clock import at_noon
from teikyaku.desk.takeout import archive, pieces, workbook
from teikyaku.desk.takeout.archive import DATA, PART, ZIP, alone, work_on
from teikyaku.desk.takeout.bring_in import opened
from teikyaku.desk.takeout.errors import TakeoutError
from teikyaku.desk.takeout.note import BOOK, NOTE, noted
from tests.takeout.moving import entries, leave_out_workbooks, take_out

pytestmark = pytest.mark.usefixtures("papers_folder")


def piece(folder, cast, seconds=0.0):
    """What one request does."""
    with alone(folder):
        return work_on(folder, cast.office, on=cast.today, at=at_noon(cast.today), seconds=seconds)


def cells(content: bytes) -> dict[str, list]:
    book = load_workbook(BytesIO(content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def rename(cast, name: str) -> None:
    ClientName.objects.filter(client=cast.enrolment.client).update(name=name)


def test_piece_by_piece_is_what_one_go_makes(cast, tmp_path, monkeypatch):
    whole = entries(take_out(cast.office, tmp_path / "whole", cast.today))
    monkeypatch.setattr(workbook, "PAGE_ROWS", 4)
    note, count, left = piece(tmp_path / "one", cast), 1, []
    rename(cast, "あとの 名前")
    while note.left:
        left.append(note.left)
        note, count = piece(tmp_path / "one", cast), count + 1
    assert left == sorted(set(left), reverse=True), "each call does something"
    assert count > note.total / 2 > 50
    cut = entries(tmp_path / "one" / ZIP)
    assert set(whole) == set(cut)
    differing = {name for name in whole if whole[name] != cut[name]}
    assert differing <= {BOOK, "files.xlsx", "columns.xlsx", "manifest.json"}
    in_one, in_parts = cells(whole[BOOK]), cells(cut[BOOK])
    assert len(in_parts) > len(in_one), "a long table is a sheet after another"
    for title, rows in in_one.items():
        if title != "目次":
            parts = [each for name, each in in_parts.items() if name.split(" (")[0] == title]
            assert [rows[0], *(row for part in parts for row in part[1:])] == rows, title
    contents = [row[0] for row in in_parts["目次"][1:]]
    assert contents == list(in_parts)[1:]
    with opened(tmp_path / "one" / ZIP) as (_content, manifest):
        assert sum(table.size for table in manifest.tables.values()) == note.rows
    left_over = {each.name for each in (tmp_path / "one").iterdir()}
    assert not left_over & {PART, DATA, pieces.BOOK_PART}, "personal data lies there once"


def test_after_the_first_piece_no_row_is_read_for_data_or_sheets(cast, tmp_path):
    note = piece(tmp_path, cast)
    with CaptureQueriesContext(connection) as asked:
        while not note.has_book:
            note = piece(tmp_path, cast, seconds=3.0)
    told = [query["sql"] for query in asked if "clients_" in query["sql"]]
    assert told == []


def test_killed_while_a_sheet_is_written_only_the_sheets_begin_anew(cast, tmp_path, monkeypatch):
    note = piece(tmp_path, cast)
    while note.unpacked or not note.filled:
        note = piece(tmp_path, cast)
    rename(cast, "あとの 名前")
    real = pieces.put_sheet

    def killed(place, number, sheet):
        real(place, number, sheet)
        raise KeyboardInterrupt

    monkeypatch.setattr(pieces, "put_sheet", killed)
    with pytest.raises(KeyboardInterrupt):
        piece(tmp_path, cast)
    monkeypatch.setattr(pieces, "put_sheet", real)
    file = take_out(cast.office, tmp_path, cast.today)
    found = str(cells(entries(file)[BOOK]))
    assert "あとの 名前" not in found, "the moment stays"
    assert noted(tmp_path).made_at == note.made_at


def test_killed_while_the_lines_are_written_all_begins_anew(cast, tmp_path, monkeypatch):
    leave_out_workbooks(monkeypatch)
    piece(tmp_path, cast)
    (tmp_path / PART).unlink()  # so it is not sound, and the lines are written again
    real, count = archive.write_lines, []

    def killed(place, lines):
        count.append(place)
        if len(count) == 3:
            raise KeyboardInterrupt
        return real(place, lines)

    monkeypatch.setattr(archive, "write_lines", killed)
    with pytest.raises(KeyboardInterrupt):
        piece(tmp_path, cast)
    assert not (tmp_path / NOTE).exists(), "no note of lines that are gone"
    rename(cast, "あとの 名前")
    file = take_out(cast.office, tmp_path, cast.today)
    assert "あとの 名前" in entries(file)["data/clients.clientname.jsonl"].decode()


def test_lines_that_a_crash_cut_short_are_told_and_written_again(cast, tmp_path, monkeypatch):
    leave_out_workbooks(monkeypatch)
    note = piece(tmp_path, cast)
    lines = tmp_path / pieces.data_file_of(note.unpacked[0])
    lines.write_bytes(lines.read_bytes()[:-9])
    with pytest.raises(TakeoutError, match="続ける"):
        piece(tmp_path, cast, seconds=60.0)
    file = take_out(cast.office, tmp_path, cast.today)
    with opened(file) as (_content, manifest):
        assert manifest.tables
    later = at_noon(cast.today + timedelta(days=1))
    with alone(tmp_path):
        assert work_on(tmp_path, cast.office, on=cast.today, at=later).left == 0
