"""What a new manager stumbled over: periods in one cell, names in two columns, rows that lean on others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl.styles import Font

from clients.enums import EndReason
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import MARKS, NAMES
from plans.rules.move_in import guesses, known_headings
from plans.rules.move_in_periods import ends_of
from plans.rules.move_in_words import month_text
from plans.rules.network_before import read_months
from teikyaku.desk.queries.office_start import office_guide
from teikyaku.era import both, wareki_short
from teikyaku.periods import Month, last_day_of_months
from tests.cast import make_office
from tests.move_in.test_sheets import book_with, saved
from tests.sheets import person, workbook_of

State = MoveInRow.State
HEADS = ["氏名", "ふりがな", "生年月日"]
JOB = ["就職先", "就職日"]


def lines(mover):
    return list(mover.move_in.people.order_by("line"))


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("R8.4.1～R9.3.31", ("R8.4.1", "R9.3.31")), ("R8.4.1~R9.3.31", ("R8.4.1", "R9.3.31")),
        ("R7.9.1〜R8.8.31", ("R7.9.1", "R8.8.31")), ("R8.4.1-R9.3.31", ("R8.4.1", "R9.3.31")),
        ("2026-04-01-2027-03-31", ("2026-04-01", "2027-03-31")),
        ("令和8年4月1日から令和9年3月31日まで", ("令和8年4月1日", "令和9年3月31日")),
        ("R7.10.1～", ("R7.10.1", "")), ("～R9.3.31", ("", "R9.3.31")),
        ("R8.4.1～現在", ("R8.4.1", "")), ("R7.10～R8.6", ("R7.10", "R8.6")),
        ("2026-04-01", None), ("R8.4.1", None), ("R7.4.1から週20h", None), ("2026-04", None),
        ("R7.4.1転職", None), ("", None),
    ],
)  # fmt: skip
def test_a_period_in_one_cell_has_two_ends(text, ends):
    assert ends_of(text) == ends


def paper(mover, text):
    """One person whose certificate's period stands in the column of its beginning."""
    mover.hand_in(workbook_of(person(mover.on, 1, granted_from=text, granted_until="")))


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["granted_from", "granted_until"])
def test_a_column_of_periods_is_read_for_both_its_ends(mover, column):
    first = (Month.of(mover.on) - 8).first_day
    last = last_day_of_months(first, 12)
    paper(mover, f"{first}～{last}")
    mover.tell_columns(column_13=column, column_14="")
    (row,) = lines(mover)
    assert (row.state, row.faults) == (State.NEW, [])
    mover.post("move_in_import")
    held = mover.people()[0].client.decisions.get()
    assert (held.starts_on, held.ends_on) == (first, last)


@pytest.mark.django_db
@pytest.mark.parametrize("is_touched", [False, True])
def test_a_period_of_months_stays_when_something_else_is_mended(mover, is_touched):
    month = Month.of(mover.on)
    first, last = month - 30, month - 16
    typed = [f"{each.year}-{each.month:02d}" for each in (first, last)]
    mover.hand_in(
        workbook_of(person(mover.on, 1, kana="", service_from="～".join(typed), service_until=""))
    )
    mover.tell_columns(column_10="")
    (row,) = lines(mover)
    from_day = (first + 1).first_day if is_touched else first.first_day
    sent = {"service_from": from_day.isoformat() if is_touched else typed[0]}
    sent |= {} if is_touched else {"service_until": typed[1]}
    mover.post("move_in_mend", row.line, kana="いこうたろう", **sent)
    (row,) = lines(mover)
    assert (row.state, row.faults) == (State.NEW, [])
    mover.post("move_in_import")
    held = mover.people()[0].client.prior_services.get()
    assert (held.starts_on, held.ends_on) == (from_day, last.last_day)


@pytest.mark.django_db
def test_a_slip_in_one_end_is_mended_without_losing_the_other(mover):
    first = (Month.of(mover.on) - 8).first_day
    paper(mover, f"{first}～2027-02-40")
    mover.tell_columns(column_14="")
    (row,) = lines(mover)
    ((cell, column, value, _expected),) = [f for f in row.faults if f[2]]
    assert (cell[0], column, value) == ("N", "支給決定期間の終了日", "2027-02-40")
    last = last_day_of_months(first, 12)
    mover.post("move_in_mend", row.line, granted_until=last.isoformat())
    (row,) = lines(mover)
    assert row.faults == []
    mover.post("move_in_import")
    held = mover.people()[0].client.decisions.get()
    assert (held.starts_on, held.ends_on) == (first, last)


@pytest.mark.parametrize(
    ("heading", "field"),
    [("受給者証／有効期間", "granted_from"), ("支給決定期間", "granted_from"), ("休職期間", "leave_from")],
)  # fmt: skip
def test_a_heading_of_a_period_is_a_guess(heading, field):
    assert guesses([heading], NAMES)[field] == (0, False)
    assert "use_from" not in guesses(["契約期間"], NAMES)


@pytest.mark.django_db
@pytest.mark.parametrize("heads", [["姓", "名", "セイ", "メイ"], ["あ", "い", "う", "え"]])
def test_a_name_in_two_columns_is_one(mover, heads):
    mover.hand_in(
        saved(
            book_with(
                名簿=[
                    [*heads, "生年月日", "電話番号"],
                    ["阿部", "伸一", "ｱﾍﾞ", "ｼﾝｲﾁ", "H3.4.2", ""],
                ]
            )
        )
    )
    told = {
        f"column_{place}": field for place, field in enumerate(["name", "name", "kana", "kana"])
    }
    mover.tell_columns(**(told if heads[0] == "あ" else {}))
    (row,) = lines(mover)
    assert row.state == State.NEW
    mover.post("move_in_import")
    name = mover.people()[0].client.names.get()
    assert (name.name, name.kana) == ("阿部 伸一", "あべ しんいち")


@pytest.mark.django_db
def test_a_mended_name_stands_in_one_cell(mover):
    mover.hand_in(
        saved(
            book_with(
                名簿=[
                    ["姓", "名", "セイ", "メイ", "生年月日"],
                    ["阿部", "伸一", "ｱﾍﾞ", "伸一", "H3.4.2"],
                ]
            )
        )
    )
    mover.tell_columns()
    (row,) = lines(mover)
    assert row.state == State.REFUSED
    mover.post("move_in_mend", row.line, kana="あべ しんいち")
    (row,) = lines(mover)
    assert row.state == State.NEW, row.faults


@pytest.mark.django_db
def test_two_columns_of_one_meaning_say_what_to_do(mover):
    mover.hand_in(
        saved(
            book_with(
                名簿=[[*HEADS, "契約日", "契約した日？"], ["見 人", "みる", "H3.3.3", "", "R8.1.1"]]
            )
        )
    )
    answer = mover.tell_columns(column_4="signed_on")
    assert "ほかの列は「取り込まない」" in answer.content.decode()


def test_a_column_of_given_names_alone_is_none():
    assert "given_name" not in guesses(["氏名", "電話", "名"], NAMES)


@pytest.mark.django_db
def test_hidden_and_struck_rows_stay_told_when_the_headings_are_chosen_again(mover):
    book = book_with(
        名簿=[["名簿", "", ""], HEADS, ["見 人", "みる", "H3.3.3"], ["線 人", "せん", "H3.3.5"]]
    )
    for cell in book["名簿"][4]:
        cell.font = Font(strike=True)
    mover.hand_in(saved(book))
    sheet = str(mover.move_in.public_id)
    mover.post("move_in_table", sheet=sheet, head=1)
    mover.post("move_in_table", sheet=sheet, head=2)
    assert mover.move_in.headings == [*HEADS, MARKS]
    mover.tell_columns()
    assert "取り消し線" in lines(mover)[1].warnings[0]


def test_a_heading_shared_by_two_columns_is_remembered_for_the_same_sheet_alone():
    told = known_headings(["氏名", "氏名", "生年月日"], {"name": 0, "kana": 1, "birth_date": 2})
    assert guesses(["氏名", "フリガナ", "生年月日"], NAMES, told)["name"] == (0, True)
    assert guesses(["氏名", "フリガナ", "生年月日"], NAMES, told)["kana"] == (1, True)
    assert guesses(["氏名", "氏名", "生年月日"], NAMES, told)["kana"] == (1, True)


def values(mover):
    """What the preview says comes in, of its first line."""
    page = mover.client.get(reverse("move_in_page", args=[mover.move_in.public_id]))
    return {label: read for label, _typed, read, _other in page.context["rows"][0]["values"]}


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [0, 400])
def test_what_does_not_come_in_is_no_value_that_comes_in(mover, ahead):
    (row,) = mover.look(person(mover.on, 1, last_met_on=mover.on + timedelta(days=ahead)))
    (fault,) = row.faults
    assert fault[1] == "最後の面談日"
    assert ("空欄に" in fault[3]) is bool(ahead)
    assert "最後の面談日" not in values(mover)
    assert "利用開始日" in values(mover)


@pytest.mark.django_db
def test_a_reason_of_the_end_is_shown_in_words(mover):
    month = Month.of(mover.on)
    mover.look(
        person(mover.on, 1, ended_on=(month - 1).first_day, end_reason="転居のため",
               last_met_on=(month - 2).first_day)
    )  # fmt: skip
    assert values(mover)["利用終了の理由"] == str(EndReason.MOVED.label)


@pytest.mark.django_db
def test_a_second_job_below_its_person_is_one_of_theirs(mover):
    month = Month.of(mover.on)
    blank = dict.fromkeys(person(mover.on, 1), "")
    below = blank | {"employer": "架空スイミング", "employed_on": (month - 9).first_day}
    mover.look(person(mover.on, 1), below)
    first, second = lines(mover)
    assert (first.state, second.state) == (State.NEW, State.CHANGED), second.faults
    assert "架空スイミング" in second.words[0]
    mover.post("move_in_import")
    (enrolment,) = mover.people()
    assert enrolment.client.employments.count() == 2


@pytest.mark.django_db
def test_whose_use_begins_next_month_comes_in_from_today(mover):
    ahead = (Month.of(mover.on) + 1).first_day
    (row,) = mover.look(
        person(mover.on, 1, signed_on=f"{wareki_short(ahead)}予定", use_from=ahead, last_met_on="",
               granted_from="", granted_until="", number="", cap_yen="", plan_made_on="")
    )  # fmt: skip
    assert row.state == State.NEW, row.faults
    assert "契約した日に、その方のページで" in " ".join(fault[3] for fault in row.faults)
    assert "利用開始日" not in values(mover)
    mover.post("move_in_import")
    (enrolment,) = mover.people()
    assert (enrolment.starts_on, enrolment.use_starts_on) == (mover.on, None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("R8.6.10", "2026-06"), ("2026-07-07", "2026-07"), ("R8.9.1 R8.3.4", "2026-03、2026-09"),
        ("2026年5月(Ⅱ)", "2026-05Ⅱ"), ("令和8年6月10日", "2026-06"), ("R8.5、R8.9(Ⅱ)", "2026-05、2026-09Ⅱ"),
    ],
)  # fmt: skip
def test_meetings_of_the_network_are_told_by_their_days(text, read):
    assert read_months(text).text == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("済(R7.10)", "2025-10"), ("済（令和7年10月）", "2025-10"), ("R7.10済", "2025-10"), ("済 R7.10.1", "2025-10"),
        ("R7.10", "2025-10"), ("2025-10-01", "2025-10"), ("済", "済"),
    ],
)  # fmt: skip
def test_a_month_with_a_mark_beside_it_is_read(text, read):
    assert month_text(text) == read


@pytest.mark.django_db
def test_somebody_who_would_be_a_child_at_work_is_looked_at(mover):
    month = Month.of(mover.on) - 20 * 12
    child, grown = mover.look(
        person(mover.on, 1, birth_date=month.first_day + timedelta(days=3650)), person(mover.on, 2)
    )
    assert child.state == State.NEW
    assert "年号" in child.warnings[0]
    assert grown.warnings == []


@pytest.mark.django_db
def test_a_number_that_is_too_short_is_looked_at(mover):
    short, whole = mover.look(person(mover.on, 1, number="155000001"), person(mover.on, 2))
    assert "0155000001" in short.warnings[0]
    assert whole.warnings == []


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("勤務先／事業所名", "employer"), ("勤務先／週の勤務", "weekly_minutes"), ("通所歴／種類", "service_kind"),
        ("通所歴／在籍", "service_from"), ("受給者証／区役所", "municipality"), ("受給者証／負担上限", "cap_yen"),
        ("利用／契約", "signed_on"), ("最後の面談", "last_met_on"), ("次のモニタ", "plan_review_by"),
        ("お名前／姓", "name"), ("カナ／セイ", "kana"), ("フリガナ／姓", "kana"),
    ],
)  # fmt: skip
def test_headings_of_a_new_office_are_known(heading, field):
    assert field in guesses([heading], NAMES)


@pytest.mark.django_db
def test_notes_beside_a_name_are_taken_off_and_told(mover):
    old, other, plain = mover.look(
        person(mover.on, 1, name="佐藤（旧姓 菅）　結"), person(mover.on, 2, name="千葉 鈴（りん）"),
        person(mover.on, 3, name="山田 花子（090-1111-2222）"),
    )  # fmt: skip
    assert "（旧姓 菅）」は取り込みません" in old.warnings[0]
    assert "「りん」が入ります" in other.warnings[0]
    assert plain.warnings == []
    mover.post("move_in_import")
    names = [each.client.names.get().name for each in mover.people()]
    assert names == ["佐藤 結", "千葉 鈴（りん）", "山田 花子"]


@pytest.mark.django_db
def test_the_sheet_with_the_most_people_is_taken_first(mover):
    """One with more of the headings comes after it."""
    many = [HEADS, *([f"名簿 {n}", "めいぼ", f"H3.3.{n}"] for n in range(1, 6))]
    few = [
        [*HEADS, *JOB, "契約日", "利用終了日"],
        ["終了 人", "しゅう", "H1.1.8", "店", "R5.4.1", "R5.10.1", "R7.3.31"],
    ]
    mover.hand_in(saved(book_with(終了した人=few, 名簿=many)))
    assert MoveIn.objects.get(is_aside=False).sheet == "名簿"


@pytest.mark.django_db
def test_an_office_without_people_has_answered_nothing_of_before(mover):
    steps = {
        step.label: step
        for step in office_guide(make_office("1500000009", "あたらしい"), mover.on).steps
    }
    assert not steps["移行時の事実"].is_done
    assert not steps["移行前の請求"].is_done


@pytest.mark.django_db
def test_two_columns_of_a_name_that_stand_apart_are_no_halves(mover):
    mover.hand_in(saved(book_with(名簿=[[*HEADS, "別名"], ["見 人", "みる", "H3.3.3", "旧"]])))
    answer = mover.tell_columns(column_3="name")
    assert "名のほうを「名（姓の列に続ける）」に" in answer.content.decode()


@pytest.mark.django_db
def test_a_certificate_of_the_next_period_was_handed_over_by_today(mover):
    ahead = (Month.of(mover.on) + 2).first_day
    until = last_day_of_months(ahead, 12)
    (row,) = mover.look(
        person(mover.on, 1, granted_from=ahead, granted_until=until, issued_on="", signed_on="",
               use_from="", plan_made_on="", pace_months="", last_met_on="")
    )  # fmt: skip
    assert row.state == State.NEW, row.faults
    assert f"交付日は {both(mover.on)} とします" in row.words[1]


@pytest.mark.django_db
def test_a_line_that_was_left_out_stays_out_when_the_columns_are_told_again(mover):
    first, _second = mover.look(person(mover.on, 1), person(mover.on, 2))
    mover.post("move_in_choose", first.line, choice="leave_out")
    mover.tell_columns()
    assert [row.state for row in lines(mover)] == [State.LEFT_OUT, State.NEW]
