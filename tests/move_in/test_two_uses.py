"""Somebody who came back: two uses of one person in one file, or one of them on file already."""

import pytest

from plans.models import MoveInRow
from teikyaku.periods import Month
from tests.sheets import FIRST, person

State = MoveInRow.State


def uses(mover):
    """A use that ended two years ago, and the one that runs."""
    month = Month.of(mover.on)
    blank = {
        "number": "",
        "granted_from": "",
        "granted_until": "",
        "issued_on": "",
        "cap_yen": "",
        "plan_made_on": "",
        "pace_months": "",
    }
    old = person(
        mover.on, 1, employer="前の会社", employed_on=(month - 60).first_day, signed_on=(month - 54).first_day,
        use_from=(month - 54).first_day, service_from=(month - 90).first_day, service_until=(month - 61).first_day,
        ended_on=(month - 30).first_day, end_reason="離職", last_met_on=(month - 31).first_day,
        left_on=(month - 30).first_day, **blank,
    )  # fmt: skip
    return old, person(mover.on, 1, service_from=(month - 28).first_day)


def held(mover):
    return [(each.client_id, each.starts_on, each.ends_on) for each in mover.people()]


@pytest.mark.django_db
def test_both_uses_come_in_as_the_preview_says(mover):
    old, new = uses(mover)
    rows = mover.look(old, new)
    assert [row.state for row in rows] == [State.NEW, State.CHANGED], [row.faults for row in rows]
    mover.post("move_in_import")
    assert mover.move_in.refusals == []
    first, second = held(mover)
    assert first[0] == second[0]
    assert first[2] == old["ended_on"]
    assert second[1:] == (new["signed_on"], None)
    rows = mover.look(old, new)
    assert [row.state for row in rows] == [State.SAME, State.SAME], [row.words for row in rows]


@pytest.mark.django_db
def test_the_older_use_below_the_newer_one_says_what_to_do(mover):
    old, new = uses(mover)
    rows = mover.look(new, old)
    assert [row.state for row in rows] == [State.NEW, State.REFUSED]
    assert f"{FIRST}行目より上に移して" in rows[1].faults[0][3]


@pytest.mark.django_db
def test_a_use_before_the_one_on_file_says_so_the_right_way_round(mover):
    old, new = uses(mover)
    mover.run(new)
    (row,) = mover.look(old)
    assert row.state == State.DOUBTFUL
    assert "それより前に終わった利用" in row.words[0]
    mover.post("move_in_choose", row.line, choice="same")
    row = mover.move_in.people.get()
    assert row.state == State.REFUSED
    assert "表からは足せません" in row.faults[0][3]
