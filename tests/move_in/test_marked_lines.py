"""What people mark by a line through a name, a colour or a note at a cell: told, and never read as nothing."""

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from teikyaku.sheet_marks import coloured
from tests.move_in.test_other_layouts import book_with, lines, saved

HEADS = ["氏名", "ふりがな", "生年月日", "面談の間隔"]
PEOPLE = [
    ["見 人", "みる", "H3.3.3", "毎月"], ["線 人", "せん", "H3.3.5", "毎月"],
    ["色 人", "いろ", "H3.3.6", "毎月"], ["記 人", "しるす", "H3.3.7", "毎月"],
]  # fmt: skip
YELLOW = PatternFill("solid", fgColor="FFFFFF00")


@pytest.fixture
def book():
    return book_with(名簿=[HEADS, *PEOPLE])


def looked(mover, book):
    mover.hand_in(saved(book))
    answer = mover.tell_columns()
    return lines(mover), answer.content.decode()


@pytest.mark.django_db
def test_a_name_alone_struck_out_is_told_with_its_column_and_its_end_is_asked(mover, book):
    book["名簿"]["A3"].font = Font(strike=True)
    (seen, struck, *_others), _page = looked(mover, book)
    assert seen.warnings == []
    assert "A列のセルに、取り消し線" in struck.warnings[0]
    assert "ended_on" in struck.asks


@pytest.mark.django_db
def test_colours_are_told_once_for_the_file(mover, book):
    for cell in book["名簿"][1]:
        cell.fill = PatternFill("solid", fgColor="FF99CCFF")
    book["名簿"]["B4"].fill = YELLOW
    rows, page = looked(mover, book)
    assert "1行に色が付いています" in page
    assert "色の付いた行：4" in page
    assert [row.warnings for row in rows] == [[]] * 4


@pytest.mark.django_db
def test_notes_are_told_with_their_text_at_their_line(mover, book):
    book["名簿"]["D5"].comment = Comment("R8.9から\n2か月に1回", "花田")
    rows, page = looked(mover, book)
    assert "1個のメモ（コメント）が付いています" in page
    assert [text for row in rows for text in row.warnings] == rows[3].warnings
    assert "D5 R8.9から 2か月に1回" in rows[3].warnings[0]


@pytest.mark.django_db
def test_a_line_that_parts_the_table_stays_one_with_a_colour(mover):
    book = book_with(名簿=[HEADS, PEOPLE[0], ["【終了者】"], PEOPLE[1]])
    book["名簿"]["A3"].fill = YELLOW
    book["名簿"]["A3"].comment = Comment("ここから下", "花田")
    (_seen, parting, ended), _page = looked(mover, book)
    assert parting.state == "left_out"
    assert "【終了者】" in ended.warnings[0]


@pytest.mark.django_db
def test_a_file_without_marks_says_nothing_of_them(mover, book):
    assert "色やメモ" not in looked(mover, book)[1]


def test_a_colour_of_most_rows_marks_nobody():
    usual, told = frozenset({2}), frozenset({2, 3})
    assert coloured({1: usual, 2: usual, 3: usual, 4: told, 5: frozenset()}) == {4}
    assert coloured({1: frozenset(), 2: usual}) == {2}
