"""What a small office's own books held: two numbered jobs in one cell, 【休止中】, a use of before without its service."""

import pytest

from clients.enums import ServiceKind
from clients.models import Employment, Leave
from plans.forms.move_in_cautions import guessed_kind_of
from plans.forms.move_in_cells import Book, MarkField
from plans.forms.move_in_mend import lacking_of, wrong_fields
from plans.forms.move_in_parted import part_cells
from plans.models import MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in import find_head, guesses
from plans.rules.move_in_jobs import is_second_job, jobs_in, numbered_in
from plans.rules.move_in_sections import is_paused
from plans.rules.move_in_services import parted_days
from plans.rules.move_in_words import day_text, is_legend, without_prefecture
from teikyaku.periods import Month
from tests.move_in.test_sheets import book_with, saved
from tests.move_in.test_two_uses import uses
from tests.sheets import person

State = MoveInRow.State
HEADS = ["氏名", "ふりがな", "生年月日"]


def who(each):
    """As the sheets of such an office tell somebody."""
    return [each["name"], each["kana"], each["birth_date"]]


def taken(mover, rows, name="表.xlsx", **columns):
    """The lines of a table, looked at."""
    mover.hand_in(saved(book_with(表=rows)), name)
    mover.tell_columns(**columns)
    return list(mover.move_in.people.order_by("line"))


def test_circled_numbers_part_a_cell():
    text = "①スーパーまるや ②清掃(副業)"
    assert numbered_in(text) == ["スーパーまるや", "清掃(副業)"]
    assert jobs_in(text) == ["スーパーまるや", "清掃(副業)"]
    assert is_second_job(jobs_in("①店②工場"), "①店②工場")
    assert numbered_in("①店") == ["①店"]
    assert jobs_in("架空商店") == ["架空商店"]


@pytest.mark.django_db
def test_of_two_numbered_jobs_the_first_comes_in_with_its_own_day_and_hours(mover):
    first, second = (Month.of(mover.on) - 15).first_day, (Month.of(mover.on) - 3).first_day
    (row,) = mover.look(
        person(
            mover.on, 1, employer="①スーパーまるや ②清掃(副業)", employed_on=f"①{first}　②{second}"
        )
    )
    assert (row.state, row.faults) == (State.NEW, [])
    assert any("仕事が二つ" in text and "清掃(副業)" in text for text in row.warnings)
    assert {"employer", "employed_on"} <= set(row.asks)
    mover.post("move_in_import")
    job = Employment.objects.get(client=mover.people()[0].client)
    assert (job.employer.name, job.starts_on) == ("スーパーまるや", first)


@pytest.mark.django_db
def test_a_day_that_cannot_be_read_is_told_as_that_alone(mover):
    (row,) = mover.look(person(mover.on, 1, employed_on="去年の春ごろ"))
    told = [fault[3] for fault in row.faults if fault[1] == "就職日"]
    assert len(told) == 1
    assert "別のシート" not in told[0]


@pytest.mark.django_db
def test_a_use_of_before_with_the_service_answered_for_all_lies_in_its_own_window(mover):
    old, new = uses(mover)
    bare = {"service_kind": "", "service_from": "", "service_until": ""}
    mover.run(new)
    (row,) = mover.look(old | bare)
    mover.post("move_in_choose", row.line, choice="same")
    mover.post("move_in_answers", service_kind=ServiceKind.TRANSITION)
    row = mover.move_in.people.get()
    assert (row.state, row.faults) == (State.CHANGED, [])
    mover.post("move_in_import")
    earlier = mover.people()[1]
    assert earlier.ends_on == old["ended_on"]
    held = earlier.client.prior_services.order_by("starts_on")
    assert [each.is_provisional for each in held] == [True, False]


@pytest.mark.django_db
def test_who_stands_below_those_who_pause_is_asked_for_the_leave(mover):
    one, two = person(mover.on, 1), person(mover.on, 2)
    heads = [*HEADS, "就職先", "就職日", "休職開始日"]
    jobs = [[*who(each), each["employer"], each["employed_on"], ""] for each in (one, two)]
    rows = taken(
        mover, [["No", *heads], ["1", *jobs[0]], ["【休止中】", *[""] * 6], ["2", *jobs[1]]]
    )
    assert [row.state for row in rows] == [State.NEW, State.LEFT_OUT, State.NEW]
    assert "【休止中】" in rows[1].words[0]
    assert "休職の開始日" in rows[2].warnings[0]
    assert "leave_from" in rows[2].asks
    assert rows[0].warnings == []
    began = (Month.of(mover.on) - 2).first_day
    mover.post("move_in_mend", rows[2].line, leave_from=str(began))
    assert mover.move_in.people.get(line=rows[2].line).warnings == []
    mover.post("move_in_import")
    assert Leave.objects.get(employment__client=mover.people()[1].client).starts_on == began


def test_which_words_say_so():
    assert [is_paused(text) for text in ("【休止中】", "休職者", "利用中", "【終了者】")] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_plan_that_is_over_is_told_though_its_contract_came_by_another_sheet(mover):
    month, one = Month.of(mover.on), person(mover.on, 1, plan_made_on="")
    mover.run(one)
    made, until = (month - 7).first_day, (month - 2).last_day
    (row,) = taken(mover, [[*HEADS, "計画作成日", "見直し期限"], [*who(one), made, until]])
    assert row.state == State.CHANGED
    assert any("有効な計画がない" in text for text in row.warnings)


@pytest.mark.django_db
def test_a_sheet_with_names_only_adds_to_those_on_file(mover):
    lacks = {"plan_made_on": "", "last_met_on": "", "pace_months": ""}
    mover.run(person(mover.on, 1, **lacks), person(mover.on, 2, **lacks))
    made = (Month.of(mover.on) - 1).first_day
    name = person(mover.on, 1)["name"].replace("　", " ")
    rows = [["氏名", "計画作成日"], [name, made], ["見知らぬ 人", made]]
    mover.hand_in(saved(book_with(計画=rows)), "計画.xlsx")
    page = mover.tell_columns()
    assert "氏名だけで足す" in page.content.decode()
    assert not mover.move_in.columns
    mover.tell_columns(by_name="on")
    one, nobody = mover.move_in.people.order_by("line")
    assert (one.state, one.faults) == (State.CHANGED, [])
    assert nobody.state == State.REFUSED
    assert [fault[1] for fault in nobody.faults] == ["氏名"]
    assert "登録に見つかりません" in nobody.faults[0][3]
    mover.post("move_in_import")
    assert [each.support_plans.count() for each in mover.people()] == [1, 0]


@pytest.mark.django_db
def test_two_of_one_name_are_told_apart_by_nothing(mover):
    mover.run(person(mover.on, 1), person(mover.on, 2, name=person(mover.on, 1)["name"]))
    rows = [["氏名", "計画作成日"], [person(mover.on, 1)["name"], mover.on]]
    (row,) = taken(mover, rows, by_name="on")
    assert row.state == State.REFUSED
    assert "何人か" in row.faults[0][3]


@pytest.mark.django_db
def test_what_another_sheet_left_out_is_no_answer_for_this_one(mover):
    one = person(mover.on, 1)
    numbered = [[*HEADS, "受給者証番号"], [*who(one), "1510000011"]]
    taken(mover, numbered, column_3="")
    heads = [*HEADS, "受給者証番号", "市町村", "支給決定期間の開始日", "支給決定期間の終了日"]
    paper = [one["number"], one["municipality"], one["granted_from"], one["granted_until"]]
    rows = [heads, [*who(one), *paper]]
    taken(mover, rows)
    assert mover.move_in.columns["number"] == 3
    taken(mover, numbered)
    assert "number" not in mover.move_in.columns


@pytest.mark.django_db
def test_a_list_of_those_who_ended_comes_in_without_the_day_of_their_contract(mover):
    month = Month.of(mover.on)
    heads = [*HEADS, "市町村", "受給者証番号", "定着 開始", "定着 終了", "終了理由", "就職先", "就職日",
             "離職日", "就職前のサービス"]  # fmt: skip
    began, over = (month - 20).first_day, (month - 3).last_day
    line = [
        *who(person(mover.on, 1)), "中央区", "1510000011", began, over, "離職", "店",
        (month - 27).first_day, over, "就労移行支援",
    ]  # fmt: skip
    (row,) = taken(mover, [heads, line])
    assert (row.state, row.faults) == (State.NEW, [])
    assert any("契約日がない" in text for text in row.warnings)
    assert any("受給者証の項目" in text for text in row.warnings)
    mover.post("move_in_import")
    (use,) = mover.people()
    contract = use.contracts.get()
    assert (contract.signed_on, contract.starts_on, use.ends_on) == (began, began, over)
    assert not use.client.recipient_numbers.exists()


def test_the_words_of_the_certificate_itself():
    above = ["支給決定障害者等"] * 3 + ["支給決定"] * 3 + ["利用者負担"] * 2 + ["上限額管理"] * 2
    below = ["氏名", "フリガナ", "生年月日", "支給市町村名及び印", "支給量等", "支給決定期間", "負担上限月額",
             "適用期間", "該当の有無", "管理事業所名"]  # fmt: skip
    found = find_head([(1, above), (2, below), (3, ["架空 花"] * 10)], NAMES)
    assert found.line == 2
    fields = {field: at for field, (at, _sure) in guesses(found.headings, NAMES).items()}
    wanted = ["name", "kana", "birth_date", "municipality", "amount", "granted_from", "cap_yen"]
    assert [fields.get(field) for field in wanted] == list(range(7))
    assert [fields.get(field) for field in ("is_managed", "managing_name")] == [8, 9]


def test_cells_as_the_certificate_and_the_card_write_them():
    assert [MarkField().clean(text) for text in ("該当", "非該当")] == [True, False]
    assert (day_text("H11.9.9（27歳）"), day_text("27歳")) == ("H11.9.9", "27歳")
    for typed in (
        "〒951-0000 新潟市中央区架空町1",
        "951-0000　新潟市中央区架空町1",
        "〒9510000新潟市中央区架空町1",
    ):
        assert without_prefecture(typed) == "新潟市中央区架空町1"
    assert without_prefecture("新潟県新潟市") == "新潟市"
    data = {"amount": "就労定着支援　当該月の日数"}
    part_cells(data, Book([], [], {}))
    assert data["amount"] == "当該月の日数"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("理由：1=期間満了　2=離職　3=本人都合", True), ("障害種別 1:身体 2:知的 3:精神", True),
        ("架空 太郎", False), ("架空 太郎 090-1111-2222", False), ("1", False), ("10:30", False),
    ],
)  # fmt: skip
def test_a_line_that_tells_what_codes_mean(text, is_one):
    assert is_legend(text) is is_one


@pytest.mark.django_db
def test_a_legend_is_nobody(mover):
    one = person(mover.on, 1)
    rows = taken(mover, [HEADS, who(one), ["", "", ""], ["理由：1=期間満了　2=離職", "", ""]])
    assert [row.state for row in rows] == [State.NEW, State.LEFT_OUT]


def test_a_service_with_its_days_in_one_cell():
    assert parted_days("就労移行ひかり R6.5.1～R8.4.30") == ("就労移行ひかり", "R6.5.1", "R8.4.30")
    assert parted_days("ひかり（令和6年5月〜令和8年4月）") == ("ひかり", "2024-05-01", "2026-04-30")
    assert parted_days("就労移行支援") == ("就労移行支援", "", "")
    data = {"service_kind": "就労移行ひかり R6.5.1～R8.4.30"}
    part_cells(data, Book([], [], {}))
    found = [
        data[name] for name in ("service_kind", "service_office", "service_from", "service_until")
    ]
    assert found == ["就労移行支援", "就労移行ひかり", "R6.5.1", "R8.4.30"]
    assert guessed_kind_of("", "就労移行ひかり R6.5.1～R8.4.30")
    assert not guessed_kind_of("", "就労移行支援")


@pytest.mark.django_db
def test_a_cell_of_the_cap_that_says_more_opens_the_fields_for_it(mover):
    since, managed = mover.look(
        person(mover.on, 1, cap_yen="R8.7から9,300円(それまで0円)"),
        person(mover.on, 2, cap_yen="9,300円(管理：当事業所)"),
    )
    assert "cap_first_month" in wrong_fields(since)
    assert {"is_managed", "managing_name"} <= set(wrong_fields(managed))
    assert "is_managed" not in wrong_fields(since)


@pytest.mark.django_db
def test_the_category_of_zero_is_not_asked_for_another_sum(mover):
    (row,) = mover.look(person(mover.on, 1, cap_yen="4,600円"))
    assert "負担区分" in [fault[1] for fault in row.faults if not fault[2]]
    assert lacking_of([row.faults]) == {}
    (row,) = mover.look(person(mover.on, 1, cap_yen="0円"))
    assert lacking_of([row.faults]) == {"category": 1}
