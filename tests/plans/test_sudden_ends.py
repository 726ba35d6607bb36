"""急な終わり: a leaving cuts the right short, and the duty to share three months before is not failed."""

from datetime import date as d
from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from clients.models.enrolment import EnrolmentQuerySet
from clients.rules.window import is_cut_short, three_years_from
from plans.actions import life_change
from plans.queries.expiry import Expiries
from plans.queries.handover import has_duty, sudden_q
from plans.queries.handover_duty import office_duty
from plans.rules.handover_duty import DutyState
from teikyaku.clock import at_noon
from teikyaku.periods import fiscal_year
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of

DAY = timedelta(days=1)


@pytest.fixture
def left(cast):
    """Left a week ago, not to improve anything: the right ended with the job, long before its years."""
    life_change.end_employment(
        employment=job_of(cast.enrolment), ends_on=cast.today - 7 * DAY, reason="",
        changes_to_improve=False, by=cast.members["worker"], at=at_noon(cast.today),
    )  # fmt: skip
    cast.enrolment.refresh_from_db()
    return cast.enrolment


def test_nothing_threatens_because_of_a_leaving(cast, left):
    assert left.window_ends_on == cast.today - 7 * DAY
    duty = office_duty(cast.office, fiscal_year(left.window_ends_on), cast.today)
    (row,) = (row for row in duty.rows if row.enrolment_id == left.public_id)
    assert row.answer.state == DutyState.SUDDEN
    assert row.share_by is None
    assert not duty.threatening


def test_the_board_has_no_last_day_for_sharing(client, cast, left):
    rows = Expiries(cast.office, cast.today, 12, "handover", is_late=True)
    assert left.client.public_id not in {row.client_id for row in rows[:50]}
    enter(client, cast.members["worker"])
    page = client.get(reverse("client_page", args=[left.client.public_id]))
    (thing,) = (each for each in page.context["page"].next if "支援が終わったあと" in each.text)
    assert (thing.by, thing.tone) == (None, "info")
    assert "義務に反しません" in thing.note
    assert "共有は" not in page.content.decode()


def test_the_board_says_what_a_leaving_ahead_asks_for(cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(window_ends_on=cast.today + 40 * DAY)
    (row,) = Expiries(cast.office, cast.today, 12, "window")[:50]
    assert "急な終わり" in row.step.words


def test_what_if_somebody_leaves_speaks_of_no_day_that_has_passed(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("what_if", args=[cast.enrolment.client.public_id])
    ahead = (cast.today + 10 * DAY).isoformat()
    found = client.get(url, {"ask": "change", "left": ahead, "better": "no"}).context["answer"]
    text = "\n".join(found.touched)
    assert "義務に反しません" in text
    assert "もう過ぎた日" not in text


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(d(2024, 10, 1), d(2027, 9, 30), id="first-of-month"),
        pytest.param(d(2024, 2, 29), d(2027, 2, 28), id="leap-day"),
        pytest.param(d(2024, 3, 1), d(2027, 2, 28), id="first-of-march"),
        pytest.param(d(2024, 12, 15), d(2027, 12, 14), id="inside"),
        pytest.param(d(2024, 1, 1), d(2026, 12, 31), id="new-year"),
    ],
)  # fmt: skip
def test_the_day_before_the_last_one_is_cut_short_in_python_and_in_sql(cast, first, last):
    assert three_years_from(first) == last
    row = Enrolment.objects.filter(pk=cast.enrolment.pk)
    for end in (last - 40 * DAY, last - DAY, last):
        row.update(window_starts_on=first, window_ends_on=end)
        is_cut = end != last
        assert is_cut_short(first, end) is is_cut
        assert row.filter(EnrolmentQuerySet.cut_short_q()).exists() is is_cut
        assert row.filter(~EnrolmentQuerySet.cut_short_q()).exists() is not is_cut


@pytest.mark.parametrize("is_cut", [False, True])
@pytest.mark.parametrize(
    "reason", ["", "expired", "left_job", "moved", "died", "own_wish", "other_office"]
)
def test_the_list_and_the_person_agree_on_what_is_sudden(cast, reason, is_cut):
    row = Enrolment.objects.filter(pk=cast.enrolment.pk)
    if is_cut:
        row.update(window_ends_on=cast.today + 20 * DAY)
    ends_on = cast.today + 10 * DAY if reason else None
    row.update(ends_on=ends_on, end_reason=reason)
    is_sudden = has_duty(row.get(), cast.today) is False
    assert row.filter(sudden_q()).exists() is is_sudden
    assert is_sudden is (
        reason in ("left_job", "moved", "died") or (is_cut and reason in ("", "expired"))
    )
    assert row.filter(~sudden_q()).exists() is not is_sudden
