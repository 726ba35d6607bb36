"""What readers of messy sheets have stumbled over: two jobs in a cell, sums, caps with words, late ends."""

import pytest

from plans.models import MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in import guess
from plans.rules.move_in_jobs import is_second_job, jobs_in
from plans.rules.move_in_words import digits_text, is_sum, sum_and_managed
from teikyaku.periods import Month, last_day_of_months
from tests.sheets import person

State = MoveInRow.State


@pytest.mark.parametrize(
    ("text", "hours", "wanted"),
    [
        ("架空商店", "", ["架空商店"]),
        ("架空商店\n架空清掃（副業）", "", ["架空商店", "架空清掃（副業）"]),
        ("架空商店／架空清掃", "", ["架空商店", "架空清掃"]),
        ("株式会社ジョブ・サポート", "30", ["株式会社ジョブ・サポート"]),
        ("架空ジョブ・架空サポート", "25・8", ["架空ジョブ", "架空サポート"]),
        ("㈱架空・(有)夢", "", ["㈱架空", "(有)夢"]),
        ("架空ジョブ・架空サポート", "25時間/8時間", ["架空ジョブ", "架空サポート"]),
        ("ドン・架空", "5日 20時間", ["ドン・架空"]),
        ("架空・モール", "9時~17時", ["架空・モール"]),
        ("株式会社\n架空商店", "", ["株式会社架空商店"]),
        ("架空商店\n株式会社", "", ["架空商店株式会社"]),
    ],
)
def test_companies_in_one_cell(text, hours, wanted):
    assert jobs_in(text, hours) == wanted
    assert is_second_job(wanted) == ("副業" in text)


@pytest.mark.django_db
def test_of_two_jobs_in_a_cell_the_first_comes_in_and_the_other_is_told(mover):
    (row,) = mover.look(person(mover.on, 1, employer="架空商店\n架空清掃（副業）"))
    assert row.state == State.NEW
    assert "架空清掃（副業）" in row.warnings[0]
    assert "employer" in row.asks
    mover.post("move_in_import")
    (held,) = mover.people()[0].client.employments.all()
    assert held.employer.name == "架空商店"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "name", "told"),
    [
        ("株式会社\n架空商店", "株式会社架空商店", 0), ("架空商店\n中央店", "架空商店 中央店", 1),
        ("架空本社/工場", "架空本社/工場", 1),
    ],
)  # fmt: skip
def test_a_name_in_two_lines_comes_in_as_it_is_written(mover, typed, name, told):
    (row,) = mover.look(person(mover.on, 1, employer=typed))
    assert len(row.warnings) == told
    mover.post("move_in_import")
    assert mover.people()[0].client.employments.get().employer.name == name


@pytest.mark.parametrize("text", ["計", "小計", "合 計", "合計４名", "総計：12名"])
def test_a_sum_is_nobody(text):
    assert is_sum(text)
    assert not is_sum(f"{text}太郎")


@pytest.mark.django_db
def test_a_sum_with_somebodys_cells_beside_it_is_left_out_with_a_word(mover):
    rows = mover.look(person(mover.on, 1), person(mover.on, 2, name="小計", kana="あ"))
    assert [row.state for row in rows] == [State.NEW, State.LEFT_OUT]
    assert "人として数えません" in rows[1].words[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("9300 管理あり", ("9300", "○")), ("9,300円（上限管理なし）", ("9300", "×")),
        ("9300", ("", "")), ("管理あり", ("", "")),
    ],
)  # fmt: skip
def test_a_sum_with_who_manages_it(text, wanted):
    assert sum_and_managed(text) == wanted


@pytest.mark.django_db
def test_a_managed_cap_asks_who_manages_it(mover):
    (row,) = mover.look(person(mover.on, 1, cap_yen="9300 管理あり"))
    assert [fault[1] for fault in row.faults][:1] == ["上限額管理事業所"]


def test_headings_of_another_ledger():
    heads = ["勤務先等／入社", "勤務先等／退社", "勤務先等／時間/週", "支援／契約", "支援／開始", "支援／終了",
             "受給者証／受給者証No.", "手帳"]  # fmt: skip
    fields = [
        "employed_on",
        "left_on",
        "weekly_minutes",
        "signed_on",
        "use_from",
        "ended_on",
        "number",
        "disabilities",
    ]
    assert guess(heads, NAMES) == {field: place for place, field in enumerate(fields)}


@pytest.mark.django_db
def test_an_empty_cell_that_two_rules_want_is_told_once(mover):
    lacking = {"service_kind": "", "service_until": ""}
    (row,) = mover.look(person(mover.on, 1, **lacking))
    assert [fault[1] for fault in row.faults].count("就職前のサービス") == 1


def test_headings_of_halves_hours_and_a_bare_period():
    heads = ["氏名／漢字", "氏名／フリガナ", "週の時間", "サービス種別", "期間", "期間"]
    found = guess(heads, NAMES)
    assert (found["name"], found["kana"], found["weekly_minutes"]) == (0, 1, 2)
    assert (found["service_kind"], found["service_from"]) == (3, 4)


@pytest.mark.django_db
def test_a_use_that_ended_after_its_paper_and_its_right_is_told(mover):
    month = Month.of(mover.on)
    first = month - 60
    lines = {
        "employed_on": (first - 6).first_day, "service_from": (first - 20).first_day,
        "service_until": (first - 7).last_day, "signed_on": first.first_day, "use_from": first.first_day,
        "granted_from": first.first_day, "granted_until": last_day_of_months(first.first_day, 12),
        "issued_on": first.first_day, "plan_made_on": "", "last_met_on": "", "pace_months": "",
        "end_reason": "期間満了",
    }  # fmt: skip
    (row,) = mover.look(person(mover.on, 1, ended_on=(month - 10).first_day, **lines))
    assert row.state == State.NEW, row.faults
    told = "".join(row.warnings)
    assert "利用できる期間の終わり" in told
    assert "支給決定期間の終わり" in told
    assert {"ended_on", "granted_until", "left_on"} <= set(row.asks)
    (row,) = mover.look(person(mover.on, 1, ended_on=(first + 11).first_day, **lines))
    assert row.warnings == []


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n" + b"0" * 60, b"%PDF-1.7 ..."])
def test_a_picture_that_is_named_a_workbook_is_told_to_be_none(mover, body):
    answer = mover.hand_in(body)
    assert answer.status_code == 422
    assert "表のファイルではありません" in answer.content.decode()


@pytest.mark.django_db
def test_the_answer_for_all_tells_the_kind_of_a_service_whose_days_stand_in_the_line(mover):
    one = person(mover.on, 1, service_kind="")
    (row,) = mover.look(one)
    assert "就職前のサービス" in [fault[1] for fault in row.faults]
    mover.post("move_in_answers", service_kind="transition")
    row = mover.move_in.people.get()
    assert (row.state, row.faults) == (State.NEW, [])
    mover.post("move_in_import")
    (held,) = mover.people()[0].client.prior_services.all()
    assert held.is_provisional
    assert held.ends_on == one["service_until"]


@pytest.mark.django_db
def test_a_failed_formula_is_an_empty_cell_and_told(mover):
    (row,) = mover.look(person(mover.on, 1, last_met_on="#N/A", note="", phone="#REF!"))
    assert (row.state, row.faults) == (State.NEW, [])
    assert "電話番号・最後の面談日" in row.warnings[0]
    assert {"phone", "last_met_on"} <= set(row.asks)
    (row,) = mover.look(person(mover.on, 2, name="#REF!"))
    assert row.state == State.REFUSED
    assert row.faults[0][1] == "氏名"


@pytest.mark.parametrize("text", ["'1511000001", "’1511000001", "`1511000001"])
def test_an_apostrophe_before_a_number_is_none_of_it(text):
    assert digits_text(text, 10) == "1511000001"
