"""Periods by 年度, a cap that changes within one cell, a list in two columns, and headings of their own words."""

import pytest

from plans.forms.move_in_cells import Book
from plans.forms.move_in_codes import unread_words
from plans.forms.move_in_mend import wrong_fields
from plans.forms.move_in_reader import LineReader
from plans.models import MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in import Seen, guess, guesses
from plans.rules.move_in_periods import ends_of
from teikyaku.accounts.forms.staff_list import NAMES as OF_STAFF
from tests.move_in.test_other_layouts import book_with, lines, saved

HEADS = ["氏名", "ふりがな", "生年月日"]
SOMEBODY = ["見 人", "みる", "H3.3.3"]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("R4年度～R5年度", ("2022-04", "2024-03")), ("令和4年度〜令和4年度", ("2022-04", "2023-03")),
        ("2022年度から2023年度", ("2022-04", "2024-03")), ("R4年度～R5.9", ("2022-04", "R5.9")),
        ("R4.4～R5.9", ("R4.4", "R5.9")),
    ],
)  # fmt: skip
def test_a_year_of_a_period_runs_from_april_to_march(text, ends):
    assert ends_of(text) == ends


@pytest.mark.django_db
def test_the_service_of_before_is_read_from_fiscal_years_and_says_so(mover):
    heads = [*HEADS, "就職先", "就職日", "就職前のサービス", "通所期間"]
    row = [*SOMEBODY, "架空電機", "R6.4.1", "就労移行支援", "R4年度～R5年度"]
    mover.hand_in(saved(book_with(名簿=[heads, row])))
    mover.tell_columns(column_6="service_from")
    (line,) = lines(mover)
    assert (line.faults, len(line.warnings)) == ([], 1)
    mover.post("move_in_import")
    service = mover.people()[0].client.prior_services.get()
    assert (service.starts_on.isoformat(), service.ends_on.isoformat()) == (
        "2022-04-01",
        "2024-03-31",
    )


def of_fault(label, text):
    return MoveInRow(faults=[["A2", label, text, "読めません"]], asks=[])


def test_who_mends_one_end_of_a_period_is_asked_the_other_one():
    assert wrong_fields(of_fault("サービスの開始日", "R4春～R5秋")) == [
        "service_from",
        "service_until",
    ]
    assert wrong_fields(of_fault("就職日", "R4春")) == ["employed_on"]


@pytest.mark.parametrize("text", ["0→R8.7～9,300", "R8.7から9,300円", "9,300（R8.7.1）"])
def test_a_cap_with_its_month_in_one_cell_is_asked_both(text):
    assert "cap_first_month" in wrong_fields(of_fault("負担上限月額", text))


def test_a_sum_alone_is_asked_no_month():
    assert "cap_first_month" not in wrong_fields(of_fault("負担上限月額", "9,300くらい"))


@pytest.mark.django_db
@pytest.mark.parametrize("is_told", [False, True])
def test_a_list_in_two_columns_is_read_from_both(mover, is_told):
    said = ["地域連携会議 1回目", "地域連携会議 2回目"] if not is_told else ["会議", "その次"]
    heads = [*HEADS, "契約日", *said]
    mover.hand_in(saved(book_with(名簿=[heads, [*SOMEBODY, "R7.1.1", "R7.4", "R7.10(Ⅱ)"]])))
    chosen = {"column_4": "network_months", "column_5": "network_months"} if is_told else {}
    mover.tell_columns(**chosen)
    assert mover.move_in.columns["network_second"] == 5
    row = lines(mover)[0]
    reader = LineReader(mover.move_in.columns, Book([], [], {}))
    assert reader.text(row.cells, "network_months") == "R7.4、R7.10(Ⅱ)"
    read, _faults = reader.read(row.line, row.cells)
    assert len(read.network_months.months) == 2
    mover.post("move_in_mend", row.line, network_months="R7.4")
    assert lines(mover)[0].cells[4:6] == ["R7.4", ""]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("利用者氏名カナ", "kana"), ("新 上限額", "cap_yen"), ("契約開始年月日", "signed_on"),
        ("契約開始日", "signed_on"), ("契約終了日", "ended_on"), ("通所期間", "service_from"),
        ("出身事業所", "service_office"),
    ],
)  # fmt: skip
def test_headings_as_offices_call_them(heading, field):
    assert guesses(["氏名", heading], NAMES)[field] == (1, True)


def test_the_beginning_of_service_beside_that_of_the_contract_is_asked_as_of_here():
    found = guesses(["氏名", "契約開始年月日", "サービス開始年月日"], NAMES, None, Seen())
    assert (found["signed_on"], found["use_from"]) == ((1, True), (2, False))


def test_staff_are_taken_on():
    assert guess(["氏名", "採用"], OF_STAFF)["starts_on"] == 1


def test_words_that_are_understood_are_not_asked_for():
    faults = [[["A2", "面談の間隔", "２か月毎", "最後の面談日が要ります。"]]] * 3
    assert unread_words(faults) == {}
    faults = [[["A2", "面談の間隔", "ときどき", "毎月・2か月・3か月"]]] * 3
    assert list(unread_words(faults)) == ["word:pace_months:ときどき"]
