"""One heading over two columns, headings of a ledger of this service, and columns that nobody takes in."""

import pytest
from django.urls import reverse

from plans.forms.move_in_fits import can_hold
from plans.models import MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in import Seen, find_head, guesses, known_headings
from teikyaku.periods import Month, last_day_of_months
from tests.move_in.test_sheets import book_with, saved

State = MoveInRow.State
WHO = ["氏名", "ふりがな", "生年月日"]
PAPER = ["受給者証番号", "支給市町村"]


def read(headings, *rows, told=None):
    return guesses(headings, NAMES, told, Seen(rows, can_hold))


def place(field, headings, *rows):
    return read(headings, *rows).get(field, (None, None))[0]


@pytest.mark.parametrize(
    ("headings", "cells", "first", "last"),
    [
        (["支給決定期間"] * 2, ["R7.10.1", "R8.9.30"], 0, 1),
        (["支給決定期間", ""], ["R7.10.1", "R8.9.30"], 0, 1),
        (["受給者証／支給期間"] * 2, ["R7.10.1", "R8.9.30"], 0, 1),
        (["支給決定期間", "〜", ""], ["R7.10.1", "～", "R8.9.30"], 0, 2),
        (["支給決定期間"] * 3, ["R7.10.1", "〜", "R8.9.30"], 0, 2),
        (["支給決定期間", "", ""], ["R7.10.1", "-", "R8.9.30"], 0, 2),
        (["支給決定期間", ""], ["R7.10.1～R8.9.30", "要確認"], 0, None),
        (["支給決定期間", ""], ["R7.10.1～R8.9.30", ""], 0, None),
        (["支給決定期間", "備考"], ["R7.10.1～R8.9.30", "R8.1.1"], 0, None),
        (["支給決定期間の開始日", ""], ["R7.10.1", "R8.9.30"], 0, None),
    ],
)  # fmt: skip
def test_two_columns_below_one_period_are_its_ends(headings, cells, first, last):
    found = read(headings, cells)
    assert found["granted_from"][0] == first
    assert found.get("granted_until", (None,))[0] == last
    assert last is None or not any(found[field][1] for field in ("granted_from", "granted_until"))


@pytest.mark.parametrize(
    ("heading", "first", "last"),
    [
        ("負担上限月額適用期間", "cap_first_month", "cap_last_month"), ("休職期間", "leave_from", "leave_until"),
        ("前の事業所の利用期間", "service_from", "service_until"),
        ("個別支援計画期間", "plan_made_on", "plan_review_by"),
    ],
)  # fmt: skip
def test_other_periods_over_two_columns_have_both_ends_too(heading, first, last):
    found = read([heading, heading], ["R7.10.1", "R8.9.30"])
    assert (found[first], found[last]) == ((0, False), (1, False))


def test_what_a_period_was_told_to_be_is_not_told_otherwise():
    heads = ["支給決定期間", "支給決定期間"]
    told = known_headings(heads, {"granted_from": 0})
    assert read(heads, ["R7.10.1", "R8.9.30"], told=told) == {"granted_from": (0, True)}


@pytest.mark.parametrize(
    ("headings", "cells", "fields"),
    [
        (["氏名", "", "フリガナ", ""], ["阿部", "伸一", "アベ", "シンイチ"], ("name", "given_name", "kana", "given_kana")),
        (["氏名", "氏名", "カナ", "カナ"], ["阿部", "伸一", "アベ", "シンイチ"], ("name", "given_name", "kana", "given_kana")),
        (["氏名", "氏名", "電話"], ["阿部 伸一", "アベ シンイチ", "1"], ("name", "kana")),
        (["氏名", "氏名", "カナ"], ["阿部 伸一", "阿部 伸一", "アベ"], ("name", None, "kana")),
        (["氏名", "", "カナ"], ["阿部 伸一", "男", "アベ"], ("name", None, "kana")),
    ],
)  # fmt: skip
def test_two_columns_below_one_name_are_its_halves(headings, cells, fields):
    found = {field: at for field, (at, _sure) in read(headings, cells).items()}
    for at, field in enumerate(fields):
        assert field is None or found[field] == at
        assert field is not None or at not in found.values()


@pytest.mark.parametrize(
    ("headings", "field"),
    [
        (["サービス開始日", "契約日"], "use_from"), (["サービスの開始日", "契約日"], "use_from"),
        (["サービス利用開始日"], "use_from"), (["サービス開始日", "担当", "就職前のサービス"], "use_from"),
        (["サービス開始日", "サービス種別"], "service_from"), (["就職前のサービス開始日"], "service_from"),
        (["利用開始日", "契約日", "サービスの開始日"], "service_from"),
        (["就職前のサービス", "担当", "サービスの開始日"], "service_from"),
    ],
)  # fmt: skip
def test_the_beginning_of_the_service_is_that_of_here_unless_one_of_before_is_told(headings, field):
    found = read(headings)
    at = next(place for place, text in enumerate(headings) if "開始日" in text and "サー" in text)
    assert found[field][0] == at
    assert field == "service_from" or found[field][1] is False


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("前の事業所／種別", "service_kind"), ("前の事業所／利用期間", "service_from"), ("前の事業所／名称", "service_office"),
        ("前の事業所の種別", "service_kind"), ("個別支援計画 次回更新", "plan_review_by"),
        ("面談の頻度", "pace_months"), ("面談ペース", "pace_months"), ("次回支援計画見直し", "plan_review_by"),
        ("次回計画見直し", "plan_review_by"), ("次回個別支援計画見直し", "plan_review_by"), ("計画更新日", "plan_review_by"),
        ("モニタリング予定", "plan_review_by"), ("証有効期間", "granted_from"), ("定着開始日", "use_from"),
        ("計画未作成減算", "without_plan_since"), ("就職予定日", "employed_on"), ("契約見込み日", "signed_on"),
        ("個別支援計画／更新", "plan_review_by"),
    ],
)  # fmt: skip
def test_everyday_headings_are_found(heading, field):
    assert list(read([heading])) == [field]


@pytest.mark.parametrize(
    "heading",
    ["前職／会社名", "前の会社／入社日", "次回面談日", "次回面談予定", "最終モニタリング", "手帳有効期限", "利用終了予定日",
     "退職予定日", "支援計画作成予定日", "前回の計画見直し", "計画相談の更新"],
)  # fmt: skip
def test_headings_of_something_else_are_not(heading):
    assert read([heading]) == {}


@pytest.mark.parametrize(
    ("heading", "text", "is_kept"),
    [
        ("種別", "就労移行支援", False), ("種別", "精神", True), ("種別", "3", True), ("種別", "", True),
        ("計画更新日", "済", False), ("計画更新日", "R8.12中", True), ("支給決定期間", "R7.10.1から1年", True),
    ],
)  # fmt: skip
def test_a_guess_of_which_no_value_fits_is_dropped(heading, text, is_kept):
    assert bool(read([heading], [text])) is is_kept


def test_a_line_of_parts_below_a_merged_heading_changes_nothing():
    rows = [
        (1, ["氏名", "フリガナ", "生年月日", "支給決定期間", "支給決定期間", "就労移行", "就労移行"]),
        (2, ["", "", "", "支給決定期間", "支給決定期間", "事業所", "種別"]),
    ]  # fmt: skip
    heads = find_head(rows, NAMES).headings
    assert (place("granted_from", heads), place("granted_until", heads)) == (3, 4)


def lines(mover):
    return list(mover.move_in.people.order_by("line"))


def page(mover):
    return mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))


def with_paper(mover, heads):
    """A line of somebody whose certificate's two days stand below the headings."""
    first = (Month.of(mover.on) - 8).first_day
    last = last_day_of_months(first, 12)
    job = ["架空商店", (Month.of(mover.on) - 15).first_day, "就労移行支援", first]
    who = ["見 人", "みる", "H3.3.3", "1500000009", "新潟市中央区", *job]
    columns = [
        *WHO,
        *PAPER,
        "就職先",
        "就職日",
        "就職前のサービス",
        "契約日",
        *heads,
        "負担上限月額",
    ]
    return columns, [*who, first, last, "9300"], (first, last)


@pytest.mark.django_db
@pytest.mark.parametrize("is_csv", [False, True])
def test_the_certificate_below_one_heading_comes_in_as_the_page_offers_it(mover, is_csv):
    heads, cells, (first, last) = with_paper(
        mover, ["支給決定期間", "" if is_csv else "支給決定期間"]
    )
    if is_csv:
        body = "\n".join(",".join(map(str, row)) for row in (heads, cells)).encode()
        mover.hand_in(body, "名簿.csv")
    else:
        mover.hand_in(saved(book_with(名簿=[heads, cells])))
    mover.tell_columns()
    (row,) = lines(mover)
    assert (row.state, row.faults) == (State.NEW, [])
    mover.post("move_in_import")
    held = mover.people()[0].client.decisions.get()
    assert (held.starts_on, held.ends_on) == (first, last)


@pytest.mark.django_db
def test_columns_that_are_not_taken_in_are_told_on_the_preview(mover):
    rows = [[*WHO, "備考", "空欄", "〜"], ["見 人", "みる", "H3.3.3", "夜は不可", "", "〜"]]
    mover.hand_in(saved(book_with(名簿=rows)))
    mover.tell_columns()
    answer = page(mover)
    (left,) = answer.context["left_out"]
    assert (left.name, left.example) == ("D列　備考", "夜は不可")
    assert "取り込まない列（1）" in answer.content.decode()
    assert "夜は不可" in answer.content.decode()


@pytest.mark.django_db
def test_where_all_that_is_filled_comes_in_nothing_is_told(mover):
    mover.hand_in(saved(book_with(名簿=[WHO, ["見 人", "みる", "H3.3.3"]])))
    mover.tell_columns()
    assert "取り込まない列" not in page(mover).content.decode()


def told_of(mover, heads):
    mover.hand_in(saved(book_with(名簿=[heads, ["見 人", "みる", "H3.3.3", "R8.1.1"]])))
    url = reverse("move_in_columns", args=[mover.move_in.public_id])
    return mover.client.get(url).context["own"]


@pytest.mark.django_db
def test_what_an_earlier_file_told_is_named_only_where_it_is_used(mover):
    assert told_of(mover, [*WHO, "書いた日"]) == []
    mover.tell_columns(column_3="signed_on")
    assert told_of(mover, [*WHO, "入社日"]) == []
    assert told_of(mover, [*WHO, "書いた日"]) == ["書いた日"]
