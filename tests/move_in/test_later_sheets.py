"""A later sheet about people on file is not asked for what stands there, and what was only taken is no difference."""

from datetime import timedelta

import pytest

from plans.models import MoveInRow
from teikyaku.periods import Month, last_day_of_months
from tests.sheets import person

State = MoveInRow.State


def csv_of(mover, **cells):
    """A sheet of the same person with these columns."""
    line = {"氏名": "移行 二郎1", "ふりがな": "いこう ろあろう", "生年月日": "S51.4.2", **cells}
    return f"{','.join(line)}\n{','.join(line.values())}\n".encode()


def looked(mover, **cells):
    mover.hand_in(csv_of(mover, **cells))
    mover.tell_columns()
    return mover.move_in.people.get()


@pytest.fixture
def known(mover):
    # The workbook of the tests has no column 負担区分: answered for all its lines.
    mover.look(person(mover.on, 1, cap_yen="0"))
    mover.post("move_in_answers", zero_category="low_income")
    mover.post("move_in_import")
    return mover.people()[0].client


def window(mover):
    starts_on = (Month.of(mover.on) + 4).first_day
    return starts_on, last_day_of_months(starts_on, 12)


@pytest.mark.django_db
def test_a_renewal_needs_neither_the_municipality_nor_the_category_again(mover, known):
    starts_on, ends_on = window(mover)
    row = looked(
        mover, 受給者証番号="5550000001", 支給決定開始日=starts_on.isoformat(),
        支給決定終了日=ends_on.isoformat(), 上限月額="0", 適用終了月=str(Month.of(ends_on)),
        適用開始月=str(Month.of(starts_on)),
    )  # fmt: skip
    assert not any(label in {"支給決定市町村", "負担区分"} for _cell, label, *_rest in row.faults)
    mover.post("move_in_import")
    decisions = known.decisions.order_by("starts_on")
    assert [each.municipality.name for each in decisions] == ["中央区"] * 2


@pytest.mark.django_db
def test_a_number_of_somebody_else_tells_no_municipality(mover, known):
    starts_on, ends_on = window(mover)
    row = looked(
        mover, 受給者証番号="5550000009", 支給決定開始日=starts_on.isoformat(),
        支給決定終了日=ends_on.isoformat(),
    )  # fmt: skip
    assert "支給決定市町村" in {label for _cell, label, *_rest in row.faults}


@pytest.mark.django_db
def test_an_entry_number_that_was_only_taken_is_written_and_goes_with_the_undo(mover, known):
    row = looked(mover, 記入欄番号="2")
    assert (row.state, row.words) == (State.CHANGED, ["事業者記入欄の番号 2"])
    mover.post("move_in_import")
    contract = mover.people()[0].contracts.get()
    assert contract.entry_number == 2
    again = looked(mover, 記入欄番号="3")
    assert "登録とちがいます" in again.words[0]
    mover.post("move_in_discard")
    first_in = mover.client.get("/start/people/").context["page"].object_list
    url = f"/start/people/{next(row for row in first_in if not row.counts.get('new') and row.outcome == 'confirmed').public_id}/undo/"
    mover.client.post(url, follow=True)
    contract.refresh_from_db()
    assert contract.entry_number == 1


@pytest.mark.django_db
def test_a_month_that_was_taken_for_that_of_the_cap_is_no_difference(mover, known):
    cap = known.cap_periods.get()
    later = Month.of(cap.first_month + timedelta(days=40))
    row = looked(
        mover, 受給者証番号="5550000001", 支給決定開始日=cap.first_month.isoformat(),
        支給決定終了日=last_day_of_months(cap.first_month, 12).isoformat(), 上限月額="0",
        適用開始月=str(later),
    )  # fmt: skip
    assert (row.state, row.words, row.faults) == (State.SAME, [], [])
