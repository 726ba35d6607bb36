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
def test_the_older_use_below_the_newer_one_comes_in_too(mover):
    old, new = uses(mover)
    rows = mover.look(new, old)
    assert [row.state for row in rows] == [State.NEW, State.CHANGED], [row.faults for row in rows]
    assert rows[1].words[0].startswith(f"{FIRST}行目の方に足します")
    mover.post("move_in_import")
    assert mover.move_in.refusals == []
    second, first = held(mover)
    assert first[0] == second[0]
    assert first[1:] == (old["signed_on"], old["ended_on"])
    assert second[1:] == (new["signed_on"], None)


@pytest.mark.django_db
def test_a_use_before_the_one_on_file_is_added_to_it(mover):
    old, new = uses(mover)
    mover.run(new)
    running = mover.people()[0]
    (row,) = mover.look(old)
    assert row.state == State.DOUBTFUL
    assert "それより前に終わった利用" in row.words[0]
    mover.post("move_in_choose", row.line, choice="same")
    row = mover.move_in.people.get()
    assert row.state == State.CHANGED, row.faults
    mover.post("move_in_import")
    assert mover.move_in.refusals == []
    again, earlier = mover.people()
    assert (again.window_starts_on, again.use_starts_on) == (
        running.window_starts_on, running.use_starts_on
    )  # fmt: skip
    assert (earlier.client, earlier.ends_on) == (running.client, old["ended_on"])
    assert earlier.get_end_reason_display() == "離職"
    contract = earlier.contracts.get()
    assert (contract.starts_on, contract.ends_on) == (old["use_from"], old["ended_on"])
    assert earlier.client.employments.count() == earlier.client.prior_services.count() == 2
    (row,) = mover.look(old)
    assert row.state == State.SAME, (row.words, row.faults)


@pytest.mark.django_db
def test_undoing_the_earlier_use_leaves_the_running_one(mover):
    old, new = uses(mover)
    mover.run(new)
    before = held(mover)
    (row,) = mover.look(old)
    mover.post("move_in_choose", row.line, choice="same")
    mover.post("move_in_import")
    assert len(held(mover)) == 2
    mover.post("move_in_undo")
    assert held(mover) == before
