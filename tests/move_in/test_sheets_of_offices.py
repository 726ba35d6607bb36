"""What a small office's own books held: two numbered jobs in one cell, 【休止中】, a use of before without its service."""

import pytest

from clients.enums import ServiceKind
from clients.models import Employment, Leave
from plans.models import MoveInRow
from plans.rules.move_in_jobs import is_second_job, jobs_in, numbered_in
from plans.rules.move_in_sections import is_paused
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
