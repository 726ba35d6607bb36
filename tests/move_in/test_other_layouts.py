"""Workbooks as people really keep them: a sheet for each person, dittos, hidden and struck rows, 外字."""

import pytest
from openpyxl.styles import Font

from plans.models import CapPeriod, MoveIn, MoveInRow
from plans.move_in_columns import CARDS, MARKS, NAMES
from plans.rules import move_in_words as words
from plans.rules.move_in import guesses
from plans.rules.move_in_cards import card_of
from teikyaku.periods import Month
from tests.move_in.test_sheets import book_with, saved
from tests.sheets import person, workbook_of

State = MoveInRow.State
LABELS = ("氏名", "フリガナ", "生年月日", "電話番号", "就職先", "就職日")


def card(*values):
    return [["利用者 個人票"], *map(list, zip(LABELS, values, strict=True)), ["特記事項", "なし"]]


def lines(mover):
    return list(mover.move_in.people.order_by("line"))


@pytest.mark.django_db
def test_a_sheet_for_each_person_comes_in_as_one_table(mover):
    one = card(
        "髙﨑 邉", "たかさき わたる", "平4.5.6", "080-1234-5678（本人）", "架空店", "R6.10.1"
    )
    two = card("齋藤　德子 様", "ｻｲﾄｳ ﾉﾘｺ", "昭和99年1月1日", "", "架空社", "R6.12.1")
    mover.hand_in(saved(book_with(個人票1=one, 個人票2=two, 表紙=[["帳票"]])))
    move_in = MoveIn.objects.get(sheet=CARDS)
    assert not move_in.is_aside
    first, second = move_in.people.order_by("line")
    assert (first.cells[0], second.cells[0]) == ("髙﨑 邉", "齋藤　德子 様")


@pytest.mark.django_db
def test_what_is_wrong_on_a_card_says_which_sheet(mover):
    bad = card("齋藤　德子 様", "ｻｲﾄｳ ﾉﾘｺ", "昭和99年1月1日", "025-000-0000", "架空社", "R6.12.1")
    good = card(
        "髙﨑 邉", "たかさき わたる", "平4.5.6", "080-1234-5678（本人）", "架空店", "R6.10.1"
    )
    mover.hand_in(saved(book_with(個人票1=good, 個人票2=bad)))
    mover.tell_columns()
    first, second = lines(mover)
    assert (first.state, second.state) == (State.NEW, State.REFUSED)
    assert second.faults[0][:2] == ["2枚目", "生年月日"]
    mover.post("move_in_mend", 2, birth_date="昭和63年1月1日")
    mover.post("move_in_import")
    assert {each.client.names.get().name for each in mover.people()} == {"髙﨑 邉", "齋藤　德子"}
    assert "080-1234-5678" in {each.client.phone for each in mover.people()}


def test_a_table_is_no_card():
    table = [(1, list(LABELS)), (2, ["山田 一", "やまだ はじめ", "H3.3.3", "", "店", "R7.4.1"])]
    assert card_of(table, NAMES) == {}
    assert card_of([(n, row) for n, row in enumerate(card("a", "b", "c", "d", "e", "f"))], NAMES)


@pytest.mark.django_db
def test_dittos_say_what_stands_above(mover):
    rows = [
        ["氏名・電話", "ふりがな", "生年月日", "就職先", "就職日"],
        ["小林 一茶様 090-5555-0001", "こばやし いっさ", "平3.4.4", "架空電機", "R6.4.1"],
        ["松尾 芭蕉", "まつお ばしょう", "昭60.1.2", "〃", "同上"],
    ]
    mover.hand_in(saved(book_with(名簿=rows)))
    mover.tell_columns()
    first, second = lines(mover)
    assert (first.state, second.state) == (State.NEW, State.NEW)
    assert second.cells[3:] == ["架空電機", "R6.4.1"]
    mover.post("move_in_import")
    one = mover.people()[0].client
    assert (one.names.get().name, one.phone) == ("小林 一茶", "090-5555-0001")


@pytest.mark.django_db
def test_hidden_and_struck_rows_are_told_and_can_be_left_out(mover):
    heads = ["氏名", "ふりがな", "生年月日"]
    book = book_with(
        名簿=[
            heads,
            ["見 人", "みる", "H3.3.3"],
            ["隠 人", "かくれ", "H3.3.4"],
            ["線 人", "せん", "H3.3.5"],
        ]
    )
    page = book["名簿"]
    page.row_dimensions[3].hidden = True
    for cell in page[4]:
        cell.font = Font(strike=True)
    mover.hand_in(saved(book))
    assert mover.move_in.headings[-1] == MARKS
    mover.tell_columns()
    seen, hidden, struck = lines(mover)
    assert seen.warnings == []
    assert "隠れた行" in hidden.warnings[0]
    assert "取り消し線" in struck.warnings[0]
    mover.post("move_in_choose", struck.line, choice="leave_out")
    mover.post("move_in_import")
    assert len(mover.people()) == 2


@pytest.mark.django_db
def test_letters_of_ones_own_font_are_told(mover):
    (row,) = mover.look(person(mover.on, 1, name="\ue000田 花子"))
    assert row.state == State.NEW
    assert "外字" in row.warnings[0]


@pytest.mark.django_db
def test_a_second_line_with_a_later_cap_is_the_same_person(mover):
    """Cells merged down over a person's caps hold the person in every line."""
    month = Month.of(mover.on)
    cap = {"cap_yen": "9,300", "cap_first_month": str(month - 8), "cap_last_month": str(month - 3)}
    first = person(mover.on, 1, note=cap["cap_first_month"], leave_until=cap["cap_last_month"])
    second = first | {"cap_yen": "37200", "note": str(month - 2), "leave_until": ""}
    mover.hand_in(workbook_of(first, second))
    mover.tell_columns(column_25="cap_first_month", column_31="cap_last_month")
    rows = lines(mover)
    assert [row.state for row in rows] == [State.NEW, State.CHANGED], [row.words for row in rows]
    mover.post("move_in_import")
    (enrolment,) = mover.people()
    caps = CapPeriod.objects.filter(client=enrolment.client).order_by("first_month")
    assert [each.cap_yen for each in caps] == [9300, 37200]


@pytest.mark.parametrize(
    ("heading", "field"),
    [("本人／氏名・電話", "name"), ("就労／入社", "employed_on"), ("受給者証／交付市町村", "municipality"), ("支給開始", "granted_from")],
)  # fmt: skip
def test_more_headings_are_known(heading, field):
    assert field in guesses([heading], NAMES)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("小林 一茶様", ("小林 一茶", "")), ("小林 一茶（090-1111-2222）", ("小林 一茶", "090-1111-2222")),
        ("マリア・ジョアン", ("マリア・ジョアン", "")), ("氏家 様子", ("氏家 様子", "")),
    ],
)  # fmt: skip
def test_a_name_without_title_and_number(typed, read):
    assert words.bare_name(typed) == read
