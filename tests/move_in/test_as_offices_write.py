"""What a new manager stumbled over: periods in one cell, names in two columns, rows that lean on others."""

import pytest

from plans.models import MoveInRow
from plans.move_in_columns import NAMES
from plans.rules.move_in import guesses
from plans.rules.move_in_periods import ends_of
from teikyaku.periods import Month, last_day_of_months
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
