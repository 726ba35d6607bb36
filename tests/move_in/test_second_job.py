"""One person on two lines: a second job is one, the same line again is none, twins stay a question."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Employment, Enrolment
from clients.queries.summary import person_of
from plans.actions.life_change import end_employment
from plans.models import MoveInRow
from teikyaku.periods import Month
from tests.sheets import FIRST, person

State = MoveInRow.State


def second(mover, **changes):
    """The same person with a job that began three months later."""
    later = (Month.of(mover.on) - 12).first_day
    return person(mover.on, 1, **({"employer": "架空倉庫", "employed_on": later} | changes))


def jobs(mover):
    (row,) = mover.people()
    return [job.employer.name for job in Employment.objects.filter(client=row.client)]


@pytest.mark.django_db
def test_a_second_job_in_the_file_is_one_of_the_same_person(mover):
    rows = mover.look(person(mover.on, 1), second(mover))
    assert [row.state for row in rows] == [State.NEW, State.CHANGED], rows[1].faults
    assert f"{FIRST}行目の方に足します：もう一つの就労 架空倉庫" in rows[1].words[0]
    mover.post("move_in_import")
    assert jobs(mover) == ["架空物産", "架空倉庫"]
    # The window hangs on the first of them.
    assert mover.people()[0].window_starts_on == (Month.of(mover.on) - 9).first_day
    rows = mover.look(person(mover.on, 1), second(mover))
    assert [row.state for row in rows] == [State.SAME, State.SAME]
    mover.post("move_in_discard")


@pytest.mark.django_db
def test_a_second_job_of_somebody_on_file_is_added_and_taken_back(mover):
    mover.run(person(mover.on, 1))
    (row,) = mover.look(second(mover))
    assert row.state == State.CHANGED
    mover.post("move_in_import")
    assert jobs(mover) == ["架空物産", "架空倉庫"]
    mover.post("move_in_undo")
    assert jobs(mover) == ["架空物産"]


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"employer": "架空物産"}, {"employed_on": None}])
def test_one_job_written_in_two_ways_is_no_second_one(mover, changes):
    if "employed_on" in changes:
        changes["employed_on"] = person(mover.on, 1)["employed_on"]
    mover.run(person(mover.on, 1))
    (row,) = mover.look(second(mover, **changes))
    assert row.state == State.SAME
    assert "別の仕事なら" in row.words[0]


@pytest.mark.django_db
def test_the_same_line_again_is_told_as_one(mover):
    rows = mover.look(person(mover.on, 1), person(mover.on, 1, note="ほかのメモ"))
    assert [row.state for row in rows] == [State.NEW, State.LEFT_OUT]
    assert f"{FIRST}行目と同じ内容" in rows[1].words[0]
    mover.post("move_in_import")
    assert (len(mover.people()), mover.move_in.counts["left_out"]) == (1, 1)


@pytest.mark.django_db
def test_twins_stay_a_question_and_a_refused_first_line_is_named(mover):
    sooner = (Month.of(mover.on) - 16).first_day
    twin = second(mover, number="5559999999", employed_on=sooner)
    rows = mover.look(person(mover.on, 1), twin)
    assert rows[1].state == State.DOUBTFUL
    early = (Month.of(mover.on) - 14).first_day
    rows = mover.look(person(mover.on, 1, use_from=early, signed_on=early), second(mover))
    assert [row.state for row in rows] == [State.REFUSED] * 2
    assert f"{FIRST}行目が取り込めないので" in rows[1].faults[0][3]


@pytest.mark.django_db
def test_a_second_job_does_not_come_in_without_its_person(mover):
    mover.look(person(mover.on, 1), second(mover))
    mover.post("move_in_choose", FIRST, choice="leave_out")
    mover.post("move_in_import")
    assert mover.people() == []
    assert "前の行が取り込めていません" in mover.move_in.refusals[-1][3]


@pytest.mark.django_db
def test_both_jobs_stand_on_the_page_and_which_one_the_support_counts_from(mover):
    mover.run(person(mover.on, 1), second(mover))
    (row,) = mover.people()
    found = person_of(row, mover.on)
    assert found.job.employer == "架空物産"
    assert [job.employer for job in found.other_jobs] == ["架空倉庫"]
    url = reverse("client_page", args=[row.client.public_id])
    text = mover.client.get(url).content.decode()
    assert "支援の対象の仕事" in text
    assert "離職（架空倉庫）" in text
    end_employment(employment=Employment.objects.get(employer__name="架空物産"),
                   ends_on=mover.on - timedelta(days=2), reason="", changes_to_improve=None, **mover.who)  # fmt: skip
    found = person_of(Enrolment.objects.get(pk=row.pk), mover.on)
    assert (found.job.employer, found.other_jobs) == ("架空倉庫", ())
