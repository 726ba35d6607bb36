"""Three books of small offices: a ledger parted by 担当, the CSV of another program, cards with a list of contracts."""

from datetime import timedelta

import pytest

from clients.models import Enrolment
from plans.forms.move_in_codes import code_name, codes_of, unread_words
from plans.models import Contract, MoveInRow
from plans.move_in_columns import BELOW, NAMES, STAFF_BELOW
from plans.rules.move_in import guesses
from plans.rules.move_in_cards import card_of
from plans.rules.move_in_sections import is_note, is_over, section_of, staff_of
from plans.rules.move_in_services import kind_in
from plans.rules.move_in_words import day_text, managed_by, reiwa_number
from teikyaku.periods import Month
from tests.move_in.test_sheets import book_with, saved
from tests.sheets import person, workbook_of

State = MoveInRow.State
HEADS = ["氏名", "ふりがな", "生年月日"]
OF_A_PROGRAM = [
    "利用者コード", "利用者名", "利用者カナ", "性別", "生年月日", "住所", "電話番号1", "障害種別コード", "就職先名称",
    "就職年月日", "離職年月日", "市町村番号", "受給者証番号", "支給決定開始年月日", "支給決定終了年月日",
    "契約年月日", "サービス開始年月日", "サービス終了年月日", "終了理由コード", "前サービス種別", "前サービス事業所",
    "前サービス開始年月日", "前サービス終了年月日", "備考",
]  # fmt: skip


def lines(mover):
    return list(mover.move_in.people.order_by("line"))


def fields_of(headings):
    return {headings[place]: field for field, (place, _sure) in guesses(headings, NAMES).items()}


def test_the_list_of_another_program_is_no_card_of_one_person():
    first = [
        "0001",
        "青木 太一",
        "アオキ",
        "1",
        "19850503",
        "架空町1",
        "",
        "3",
        "架空鉄工",
        "20240401",
    ]
    rows = [(1, OF_A_PROGRAM), (2, first), (3, ["0002", *first[1:]]), (4, ["0003", *first[1:]])]
    assert card_of(rows, NAMES) == {}


def test_service_beside_the_one_before_is_that_of_here():
    found = fields_of(OF_A_PROGRAM)
    assert found["サービス開始年月日"] == "use_from"
    assert found["サービス終了年月日"] == "ended_on"
    assert found["前サービス開始年月日"] == "service_from"
    assert found["前サービス事業所"] == "service_office"
    assert (found["利用者カナ"], found["市町村番号"]) == ("kana", "municipality")
    assert guesses(["サービス開始年月日"], NAMES) == {"use_from": (0, False)}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3580715", "S58.7.15"), ("5050601", "R5.6.1"), ("4300401", "H30.4.1"), ("50504", "R5.5.4"),
        ("80401", "R8.4.1"), ("45748", "2025-04-01"), ("30501", "1983-07-04"), ("50099", "2037-02-28"),
        ("20230401", "20230401"), ("300401", "300401"), ("6050601", "6050601"), ("51332", "2040-07-15"),
    ],
)  # fmt: skip
def test_days_as_programs_hand_them_out(text, day):
    assert day_text(text) == day


def test_five_digits_are_a_day_of_reiwa_where_another_day_would_be_too_long_ago():
    assert (reiwa_number("30501"), reiwa_number("45748"), reiwa_number("030501")) == (
        "R3.5.1",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("cells", "section"),
    [
        (["担当：花田（5名）"] * 5, "担当：花田（5名）"), (["", "【退所者】", ""], "【退所者】"),
        (["終了者", ""], "終了者"), (["", "山田 太郎"], ""), (["合計", "合計", "合計"], ""),
        (["※注", "※注", "※注"], ""), (["1", "山田"], ""), ([], ""),
    ],
)  # fmt: skip
def test_a_line_that_parts_the_table(cells, section):
    assert section_of(cells) == section


def test_what_such_a_line_says():
    assert (staff_of("担当：花田みさき（5名）"), staff_of("【終了者】")) == ("花田みさき", "")
    assert [is_over(text) for text in ("【退所者】", "利用中", "終了予定者", "担当：花田")] == [
        True, False, False, False,
    ]  # fmt: skip
    assert is_note(["", "次回更新：R8.12.1　花田"])
    assert not is_note(["", "山田 花子"])


@pytest.mark.parametrize(
    ("office", "kind"),
    [
        ("センター甲（移行）", ("就労移行支援", "センター甲", True)),
        ("かがやき(A型)", ("就労継続支援A型", "かがやき", True)),
        ("B型つばさ", ("就労継続支援B型", "B型つばさ", False)),
        ("自立訓練ひまわり", ("自立訓練", "自立訓練ひまわり", False)),
        ("A型・B型つばさ", ("", "A型・B型つばさ", False)), ("作業所（駅前）", ("", "作業所（駅前）", False)),
    ],
)  # fmt: skip
def test_the_kind_of_service_in_the_name_of_its_office(office, kind):
    assert kind_in(office) == kind


def test_who_manages_a_cap_beside_the_mark():
    assert managed_by("あり（みなと相談 1510000001）") == ("○", "みなと相談", "1510000001")
    assert [managed_by(text)[0] for text in ("あり", "○", "なし", "×", "")] == [""] * 5


def test_labels_of_a_card_that_mean_nothing_known_are_kept():
    rows = [
        (1, ["個人票", "個人票"]), (2, ["フリガナ", "あん よう", "氏名", "安 陽"]),
        (3, ["生年月日", "S61.3.4", "電話番号", "", "手帳", "精神2級"]), (4, ["就職先", "店", "好きな物", "茶"]),
        (5, ["就職前のサービス", "A型", "事業所名", "甲", "利用期間", "R5.4.1～R7.3.31"]),
    ]  # fmt: skip
    found = card_of(rows, NAMES)
    assert (found["手帳"], found["好きな物"]) == ("精神2級", "茶")
    assert "電話番号" not in found
    fields = fields_of(list(found))
    assert (fields["事業所名"], fields["利用期間"]) == ("service_office", "service_from")


def test_codes_are_asked_where_several_lines_hold_such():
    def wrong(text):
        return [["I4", "障害種別", text, "…"]]

    name = code_name("disabilities", "3")
    assert unread_words([wrong("3"), wrong("2")])[name] == 1
    assert unread_words([wrong("3"), [["A1", "氏名", "", "…"]]]) == {}
    assert codes_of({name: "精神", "zero_category": "low"}) == {("disabilities", "3"): "精神"}


@pytest.mark.django_db
def test_people_below_a_line_of_their_staff_and_of_those_who_left(mover):
    name = mover.head.user.name
    rows = [
        [*HEADS, "契約日"],
        [f"担当：{name}（1名）"] * 4,
        ["見 人", "みる", "H3.3.3", ""],
        ["【退所者】", "", "", ""],
        ["終 人", "おわる", "H3.3.4", ""],
        ["次回更新：R8.12.1", "", "", ""],
    ]
    mover.hand_in(saved(book_with(名簿=rows)))
    assert mover.move_in.headings[-2:] == [STAFF_BELOW, BELOW]
    mover.tell_columns()
    first, seen, second, gone, note = lines(mover)
    assert [each.state for each in (first, second, note)] == [State.LEFT_OUT] * 3
    assert "担当を、ここから" in first.words[0]
    assert (seen.state, seen.warnings) == (State.NEW, [])
    assert "【退所者】" in gone.warnings[0]
    assert {"ended_on", "end_reason"} <= set(gone.asks)
    mover.post("move_in_import")
    one = next(each for each in mover.people() if each.client.names.get().name == "見 人")
    assert one.assignments.get().staff == mover.head


@pytest.mark.django_db
def test_codes_are_answered_once_for_all_lines(mover):
    rows = [
        [*HEADS, "障害種別"],
        *(
            ["人", f"ひと{x}", "H3.3.3", code]
            for x, code in (("あ", "3"), ("い", "2"), ("う", "3"))
        ),
    ]
    mover.hand_in(saved(book_with(名簿=rows)))
    page = mover.tell_columns()
    assert set(page.context["answers_form"].fields) == {
        code_name("disabilities", "3"), code_name("disabilities", "2")
    }  # fmt: skip
    mover.post("move_in_answers", **{code_name("disabilities", "3"): "精神"})
    assert [len(each.faults) for each in lines(mover)] == [0, 1, 0]
    mover.post("move_in_import")
    kinds = [[kind.kind for kind in each.client.disabilities.all()] for each in mover.people()]
    assert [bool(each) for each in kinds] == [True, False, True]


@pytest.mark.django_db
def test_a_list_of_contracts_after_the_cards_moves_the_start_and_its_undo_moves_it_back(mover):
    month = Month.of(mover.on)
    whole = person(mover.on, 1)
    lacking = ("number", "granted_from", "granted_until", "issued_on", "cap_yen", "signed_on", "use_from",
               "last_met_on", "pace_months", "plan_made_on")  # fmt: skip
    mover.run(whole | dict.fromkeys(lacking, ""))
    (use,) = mover.people()
    assert use.starts_on == mover.on
    begins = (month - 8).first_day
    contracts = [
        [*HEADS, "契約日", "利用開始日"],
        [whole["name"], whole["kana"], whole["birth_date"], begins, begins],
    ]
    mover.hand_in(saved(book_with(契約=contracts)), "契約.xlsx")
    mover.tell_columns()
    (row,) = lines(mover)
    assert (row.state, row.faults) == (State.CHANGED, [])
    mover.post("move_in_import")
    use.refresh_from_db()
    assert (use.starts_on, use.use_starts_on) == (begins, begins)
    mover.post("move_in_undo")
    use.refresh_from_db()
    assert (use.starts_on, use.use_starts_on) == (mover.on, None)
    assert not Contract.objects.filter(enrolment=use).exists()


@pytest.mark.django_db
def test_a_start_that_somebody_recorded_is_not_moved(mover):
    whole = person(mover.on, 1)
    mover.run(whole | dict.fromkeys(("number", "granted_from", "granted_until", "issued_on", "cap_yen",
                                     "signed_on", "use_from", "last_met_on", "pace_months", "plan_made_on"), ""))  # fmt: skip
    (use,) = mover.people()
    Enrolment.objects.filter(pk=use.pk).update(recorded_at=use.recorded_at - timedelta(hours=1))
    (row,) = mover.look(whole)
    assert row.state == State.REFUSED
    assert any("相談の開始日" in fault[3] for fault in row.faults)


@pytest.mark.django_db
def test_a_book_with_nothing_parted_has_no_such_column(mover):
    mover.hand_in(workbook_of(person(mover.on, 1)))
    assert not {BELOW, STAFF_BELOW} & set(mover.move_in.headings)


@pytest.mark.django_db
@pytest.mark.parametrize("is_before", [True, False])
def test_the_first_addition_on_a_sheet_of_its_own_goes_to_the_contract_on_file(mover, is_before):
    month = Month.of(mover.on)
    whole = person(mover.on, 1)
    mover.run(whole)
    taken = month - 8 if is_before else month
    rows = [[*HEADS, "初期加算"], [whole["name"], whole["kana"], whole["birth_date"], str(taken)]]
    mover.hand_in(saved(book_with(加算=rows)), "加算.xlsx")
    mover.tell_columns()
    (row,) = lines(mover)
    assert row.state == (State.CHANGED if is_before else State.SAME)
    assert bool(row.faults) is not is_before
    if not is_before:
        return
    mover.post("move_in_import")
    contract = Contract.objects.get(enrolment=mover.people()[0])
    assert contract.initial_addition_month == taken.first_day
    mover.post("move_in_undo")
    contract.refresh_from_db()
    assert contract.initial_addition_month is None
