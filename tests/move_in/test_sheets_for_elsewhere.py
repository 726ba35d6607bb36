"""Sheets of a people's workbook that other pages read (未収, 職員) are told, with a link to where they come in."""

import pytest
from django.urls import reverse

from teikyaku.desk.views.move_in_elsewhere import INVOICES, STAFF, elsewhere_of
from tests.move_in.test_other_layouts import book_with, saved

PEOPLE = [["氏名", "ふりがな", "生年月日"], ["見 人", "みる", "H3.3.3"]]
UNPAID = [
    ["利用者負担金　未収一覧　R8.11.25"],
    ["利用月", "請求No", "利用者", "請求額", "入金日", "入金額", "未収額", "備考"],
    ["R8.9", "9-03", "見 人", 3351, "", "", 3351, ""],
]
STAFF_LIST = [
    ["職員一覧"], ["職名", "氏名", "かな", "常勤/非常勤", "採用", "退職", "メール", "備考"],
    ["支援員", "五十嵐 舞", "いがらし まい", "常勤", "R1.10.1", "", "i@t.example.jp", ""],
]  # fmt: skip
ENDED = [["氏名", "ふりがな", "終了日", "退職日"], ["止 人", "とまる", "R8.3.31", "R8.3.1"]]


@pytest.fixture
def handed(mover):
    mover.hand_in(saved(book_with(名簿=PEOPLE, 未収=UNPAID, 職員=STAFF_LIST, 終了者=ENDED)))
    return {row.sheet: row for row in mover.office.move_ins.all()}


@pytest.mark.django_db
def test_each_is_known_by_its_headings_and_a_table_of_people_is_none(mover, handed):
    found = elsewhere_of(list(handed.values()), mover.head)
    assert {row.sheet for row in handed.values() if row.pk in found} == {"未収", "職員"}
    titles = {row.sheet: found[row.pk].title for row in handed.values() if row.pk in found}
    assert titles == {"未収": INVOICES.title, "職員": STAFF.title}


@pytest.mark.django_db
def test_the_mapping_says_where_the_sheet_comes_in(mover, handed):
    row = handed["職員"]
    sheet = {"sheet": str(row.public_id), "head": row.head_line}
    answer = mover.client.post(reverse("move_in_table", args=[row.public_id]), sheet, follow=True)
    page = answer.content.decode()
    assert "利用者の表ではないようです" in page
    assert f'href="{reverse("staff_list")}"' in page
    other = mover.client.get(reverse("move_in_columns", args=[handed["名簿"].public_id]))
    assert "利用者の表ではないようです" not in other.content.decode()


@pytest.mark.django_db
def test_who_may_not_open_the_page_gets_its_name_alone(mover, handed, cast):
    found = elsewhere_of([handed["未収"]], cast.members["worker"])
    assert (found[handed["未収"].pk].title, found[handed["未収"].pk].url_name) == (
        INVOICES.title,
        "",
    )
