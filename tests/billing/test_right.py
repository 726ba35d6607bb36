"""A month is billed only while the right stands: employed again is not enough (docs/rules.md §2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from billing.queries.month import month_board
from clients.models import Employment
from plans.actions import life_change
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from teikyaku.reasons import Certainty
from tests.cast import employer_named, job_of


def changed_jobs(cast, left_on, *, improves):
    """Left on a day and at another workplace from the next day on."""
    who = {"by": cast.members["worker"], "at": at_noon(cast.today)}
    job = job_of(cast.enrolment)
    life_change.end_employment(
        employment=job, ends_on=left_on, reason="own", changes_to_improve=improves, **who
    )
    life_change.add_employment(
        client=cast.enrolment.client, employer=employer_named(name="次の店"), kind="ordinary",
        starts_on=left_on + timedelta(days=1), **who,
    )  # fmt: skip


def entry(cast, month):
    board = month_board(cast.office, month, cast.today)
    return next(e for e in board.entries if e.support.client_id == cast.enrolment.client_id)


@pytest.mark.parametrize(
    ("improves", "state", "code"),
    [
        pytest.param(True, MonthState.READY, None, id="to-improve"),
        pytest.param(False, MonthState.NOT_BILLABLE, "right_ended", id="not-to-improve"),
        pytest.param(None, MonthState.HELD, "employment_pending", id="nobody-asked"),
    ],
)
def test_a_month_after_a_job_change(cast, improves, state, code):
    last = Month.of(cast.today) - 1
    changed_jobs(cast, (last - 1).first_day.replace(day=25), improves=improves)
    found = entry(cast, last)
    assert found.state == state
    assert code is None or code in [reason.code for reason in found.reasons]


def test_a_meeting_between_two_jobs_is_asked_about_and_not_lost(cast):
    last = Month.of(cast.today) - 1
    changed_jobs(cast, (last - 1).first_day.replace(day=25), improves=True)
    # Met on the 10th; the new job began five days later, within the month that the law gives.
    Employment.objects.filter(employer__name="次の店").update(
        starts_on=last.first_day.replace(day=15)
    )
    found = entry(cast, last)
    assert found.state == MonthState.HELD
    (reason,) = [each for each in found.reasons if each.code == "employment_pending"]
    assert "市に確認" in reason.text
    assert reason.certainty is Certainty.UNKNOWN
    # Begun only after the month that the law gives: nothing is pending, the right has ended.
    Employment.objects.filter(employer__name="次の店").update(
        starts_on=last.first_day.replace(day=28)
    )
    assert entry(cast, last).state == MonthState.NOT_BILLABLE


def test_the_month_in_which_the_right_ended_counts_what_came_before(cast):
    last = Month.of(cast.today) - 1
    changed_jobs(cast, last.first_day.replace(day=25), improves=False)
    assert entry(cast, last).state == MonthState.READY  # met on the 10th
    changed = Employment.objects.filter(client=cast.enrolment.client).order_by("starts_on")
    first, second = changed
    Employment.objects.filter(pk=second.pk).update(starts_on=last.first_day.replace(day=6))
    Employment.objects.filter(pk=first.pk).update(ends_on=last.first_day.replace(day=5))
    found = entry(cast, last)
    assert [reason.code for reason in found.reasons] == ["no_meeting"]


def test_use_does_not_begin_without_a_right(cast):
    last = Month.of(cast.today) - 1
    changed_jobs(cast, (last - 1).first_day.replace(day=25), improves=False)
    on = cast.today
    with pytest.raises(ValidationError, match="利用する権利がありません"):
        life_change.start_use(
            enrolment=cast.enrolment, explained_on=on, signed_on=on, starts_on=on,
            by=cast.members["worker"], at=at_noon(on),
        )  # fmt: skip


def test_a_contract_before_its_decision_is_refused(cast):
    day = cast.enrolment.use_starts_on
    long_ago = day - timedelta(days=300)
    with pytest.raises(ValidationError, match="契約"):
        life_change.start_use(
            enrolment=cast.enrolment, explained_on=long_ago, signed_on=long_ago, starts_on=day,
            by=cast.members["worker"], at=at_noon(cast.today),
        )  # fmt: skip
