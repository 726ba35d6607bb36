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


def unended(mover):
    """The same, where the sheet does not say when the job of before was left."""
    old, new = uses(mover)
    return old | {"left_on": "", "end_reason": "本人希望"}, new


def seen(mover):
    """(state, the fields that are wrong) of each line, as the page tells them."""
    rows = mover.move_in.people.order_by("line")
    return [(row.state, [fault[1] for fault in row.faults]) for row in rows]


def as_told(mover, old, new, *, is_answered):
    """Both lines looked at; or 同じ方 answered while the first one could not be read, which is mended then."""
    if not is_answered:
        mover.look(old, new)
        return
    mover.look(old | {"end_reason": "なぞ"}, new)
    mover.post("move_in_choose", FIRST + 1, choice="same")
    assert "だけで取り込みます" in mover.move_in.people.last().words[-1]
    mover.post("move_in_mend", FIRST, end_reason=old["end_reason"])


@pytest.mark.django_db
@pytest.mark.parametrize("is_answered", [False, True])
def test_a_job_of_before_without_its_end_takes_nothing_from_the_use_that_runs(mover, is_answered):
    old, new = unended(mover)
    as_told(mover, old, new, is_answered=is_answered)
    assert seen(mover) == [(State.REFUSED, ["離職日"]), (State.NEW, [])]
    mover.post("move_in_import")
    assert [refusal[0] for refusal in mover.move_in.refusals] == [FIRST]
    assert [each[1:] for each in held(mover)] == [(new["signed_on"], None)]


@pytest.mark.django_db
@pytest.mark.parametrize("is_answered", [False, True])
def test_with_its_end_put_right_both_uses_come_in(mover, is_answered):
    old, new = unended(mover)
    as_told(mover, old, new, is_answered=is_answered)
    mover.post("move_in_mend", FIRST, left_on=str(old["ended_on"]))
    assert seen(mover) == [(State.NEW, []), (State.CHANGED, [])]
    mover.post("move_in_import")
    assert mover.move_in.refusals == []
    first, second = held(mover)
    assert first[0] == second[0]
    assert (first[2], second[2]) == (old["ended_on"], None)


@pytest.mark.django_db
def test_a_use_of_before_that_would_move_the_window_of_the_running_one_is_refused(mover):
    old, new = unended(mover)
    mover.look(new, old)
    assert seen(mover) == [(State.NEW, []), (State.REFUSED, ["離職日"])]
    mover.post("move_in_import")
    (running,) = mover.people()
    (row,) = mover.look(old)
    mover.post("move_in_choose", row.line, choice="same")
    assert seen(mover) == [(State.REFUSED, ["離職日"])]
    assert mover.people()[0].window_ends_on == running.window_ends_on


@pytest.mark.django_db
def test_the_running_use_comes_in_when_the_one_of_before_is_left_out_late(mover):
    mover.look(*uses(mover))
    mover.post("move_in_choose", FIRST, choice="leave_out")
    assert [state for state, _fields in seen(mover)] == [State.LEFT_OUT, State.NEW]
    mover.post("move_in_import")
    assert mover.move_in.refusals == []
    assert len(held(mover)) == 1
