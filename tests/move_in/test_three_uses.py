"""Somebody who came back twice: three uses with certificate and cap each, in any order of rows and files."""

from itertools import permutations

import pytest

from plans.forms.move_in_mend import wrong_fields
from plans.models import MoveInRow
from teikyaku.periods import Month, last_day_of_months
from tests.sheets import person

State = MoveInRow.State
ORDERS = list(permutations(range(3)))


def paper(first):
    """A certificate for a year whose cap has no end of its own: the sheet has no such column."""
    return {
        "granted_from": first.first_day,
        "granted_until": last_day_of_months(first.first_day, 12),
        "issued_on": first.first_day,
    }


def use(mover, first, ended, **more):
    """A use that began in a month, half a year after a job of its own, and ended with it."""
    return person(
        mover.on, 1, employer=f"架空の会社{first}", employed_on=(first - 6).first_day,
        signed_on=first.first_day, use_from=first.first_day,
        service_from=(first - 12).first_day, service_until=(first - 7).last_day,
        ended_on=ended.first_day, end_reason="離職", left_on=ended.first_day,
        last_met_on=(ended - 1).first_day, plan_made_on="", **paper(first) | more,
    )  # fmt: skip


def uses(mover):
    """The earlier one, the middle one, the one that runs; the middle one's paper outlives its use."""
    month = Month.of(mover.on)
    running = person(mover.on, 1, service_from=(month - 20).first_day)
    return [
        use(mover, month - 70, month - 60),
        use(mover, month - 40, month - 34, cap_yen="0（低所得）"),
        running,
    ]


def held(mover):
    """Uses and caps as they stand, whatever brought them."""
    people = mover.people()
    assert len({each.client_id for each in people}) == 1
    caps = people[0].client.cap_periods.order_by("first_month")
    return (
        sorted((each.starts_on, each.ends_on or mover.on) for each in people),
        [(each.first_month, each.last_month, each.cap_yen) for each in caps],
    )


def wanted(mover):
    month = Month.of(mover.on)
    return (
        [
            ((month - 70).first_day, (month - 60).first_day),
            ((month - 40).first_day, (month - 34).first_day),
            ((month - 8).first_day, mover.on),
        ],
        [
            ((month - 70).first_day, (month - 59).first_day, 9300),
            ((month - 40).first_day, (month - 29).first_day, 0),
            ((month - 8).first_day, None, 9300),
        ],
    )


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_three_uses_of_one_file_come_in_as_told(mover, order):
    lines = uses(mover)
    rows = mover.look(*(lines[at] for at in order))
    told = [(row.state, row.words, row.faults) for row in rows]
    assert [row.state for row in rows] == [State.NEW, State.CHANGED, State.CHANGED], told
    mover.post("move_in_import")
    assert mover.move_in.refusals == []
    assert held(mover) == wanted(mover)
    rows = mover.look(*(lines[at] for at in order))
    assert {row.state for row in rows} == {State.SAME}, [row.words for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
def test_three_uses_of_three_files_come_in_too(mover, order):
    lines = uses(mover)
    for at in order:
        (row,) = mover.look(lines[at])
        if row.state == State.DOUBTFUL:
            mover.post("move_in_choose", row.line, choice="same")
        mover.post("move_in_import")
        assert mover.move_in.refusals == [], order
    assert held(mover) == wanted(mover)


@pytest.mark.django_db
def test_an_end_that_makes_room_for_a_later_cap_is_told_and_can_be_put_right(mover):
    earlier, _middle, running = uses(mover)
    rows = mover.look(running, earlier)
    assert [row.asks for row in rows] == [[], ["cap_last_month"]]
    assert "までとします" in rows[1].warnings[0]
    mover.post(
        "move_in_mend", rows[1].line, cap_last_month=str((Month.of(mover.on) - 65).first_day)
    )
    row = mover.move_in.people.get(line=rows[1].line)
    assert (row.state, row.warnings) == (State.CHANGED, [])
    mover.post("move_in_import")
    assert held(mover)[1][0][1] == (Month.of(mover.on) - 65).first_day


def test_beside_the_begin_of_a_cap_its_end_can_be_told():
    row = MoveInRow(faults=[["", "適用開始月", "", "重なっています"]])
    assert wrong_fields(row) == ["cap_first_month", "cap_last_month"]
