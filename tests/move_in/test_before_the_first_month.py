"""In the first month billed here no page asks for the month before it, nor for what ended before."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from plans.queries.expiry import Expiries, ends_of
from plans.queries.expiry_sources import unjudged
from plans.queries.plan_list import PlanAsk, plan_counts
from teikyaku.accounts.models import OfficeStart
from teikyaku.accounts.queries.office_start import last_month_here
from teikyaku.desk.queries.billing_desk import billing_desk, month_state
from teikyaku.desk.queries.home import lead_desk
from teikyaku.desk.queries.waiting import waiting_people, waiting_rows
from teikyaku.periods import Month, last_day_of_months
from tests.move_in.test_ended import ended
from tests.sheets import person


@pytest.mark.django_db
def test_the_month_to_close_is_never_one_billed_elsewhere(mover):
    month = Month.of(mover.on)
    assert last_month_here(mover.office, mover.on) == month
    assert last_month_here(mover.office, (month + 2).first_day) == month + 1
    assert last_month_here(mover.cast.office, mover.on) == month - 1
    answer = mover.client.get(reverse("month_latest"))
    assert answer.url == reverse("month_page", args=[month])


@pytest.mark.django_db
def test_the_homes_ask_for_no_month_before(mover):
    mover.run(person(mover.on, 1))
    before = Month.of(mover.on) - 1
    assert lead_desk(mover.head, mover.on).month == Month.of(mover.on)
    assert month_state(mover.head, mover.on).missed is None
    assert not billing_desk(mover.head, mover.on).is_last_here
    for name in ("home", "billing_home"):
        text = mover.client.get(reverse(name)).content.decode()
        assert f"{before.label}の請求</h2>" not in text


@pytest.mark.django_db
def test_a_last_meeting_of_before_is_shown_as_such(mover):
    mover.run(person(mover.on, 1))
    text = mover.client.get(
        reverse("caseload"), {"staff": "all", "ask": "not_met"}
    ).content.decode()
    assert "移行の前" in text


@pytest.mark.django_db
def test_whose_use_ended_before_is_nobodys_judgement_now(mover):
    mover.run(ended(mover, 1, left_on="", end_reason="期間満了"))
    people = Enrolment.objects.filter(office=mover.office).exclude(ends_on=None)
    assert people.exists()
    source = unjudged(people, mover.on, (date(2000, 1, 1), mover.on))
    assert not source.rows.exists()
    # Had the office billed here already, somebody would have had to judge.
    OfficeStart.objects.update(first_month=(Month.of(mover.on) - 6).first_day)
    assert source.rows.exists()


def long_over(mover):
    """Somebody whose three years, decision and plan were over before the first month here."""
    month = Month.of(mover.on)
    granted = (month - 14).first_day
    return person(
        mover.on, 1, service_from=(month - 80).first_day, service_until=(month - 46).last_day,
        employed_on=(month - 45).first_day, granted_from=granted,
        granted_until=last_day_of_months(granted, 12), signed_on=granted, use_from=granted,
        plan_made_on=(month - 10).first_day, issued_on="",
    )  # fmt: skip


@pytest.mark.django_db
def test_what_was_over_before_is_late_on_no_list_and_no_page(mover):
    mover.run(long_over(mover))
    (enrolment,) = mover.people()
    assert enrolment.window_ends_on < Month.of(mover.on).first_day
    people = Enrolment.objects.filter(pk=enrolment.pk)
    ahead = dict.fromkeys(("window", "decision", "support_plan"), timedelta(days=30))

    def late() -> tuple[list[str], list[str], int]:
        board = [row.kind for row in Expiries(mover.office, mover.on, 1)]
        told = [kind for _pk, _day, kind in ends_of(people, mover.on, ahead)]
        return board, told, plan_counts(people, [PlanAsk.OVERDUE], mover.on)[PlanAsk.OVERDUE]

    assert late() == ([], [], 0)
    page = reverse("client_page", args=[enrolment.client.public_id])
    text = mover.client.get(page).content.decode()
    assert "利用できる期間が終わっています" in text
    assert "日過ぎ" not in text
    # Had the office billed here already, all three were late.
    OfficeStart.objects.update(first_month=(Month.of(mover.on) - 24).first_day)
    board, told, plans = late()
    assert {"window", "decision", "support_plan"} <= set(board)
    assert (set(told), plans) == (set(ahead), 1)
    assert "日過ぎ" in mover.client.get(page).content.decode()


@pytest.mark.django_db
def test_who_should_have_applied_before_is_not_late_here(mover):
    month = Month.of(mover.on)
    blank = dict.fromkeys(
        ("number", "granted_from", "granted_until", "issued_on", "cap_yen", "signed_on", "use_from",
         "last_met_on", "pace_months", "plan_made_on"), "",
    )  # fmt: skip
    mover.run(person(mover.on, 1, employed_on=(month - 9).first_day,
                     service_until=(month - 10).last_day, **blank))  # fmt: skip
    (row,) = waiting_rows(
        waiting_people(mover.head, mover.on).exclude(pk=mover.cast.foreign.pk), mover.on
    )
    assert (row.waiting.is_apply_by_past, row.is_late, row.tone) == (True, False, "warning")
    assert "移行の前" in mover.client.get(reverse("waiting")).content.decode()
    OfficeStart.objects.update(first_month=(month - 12).first_day)
    (row,) = waiting_rows(
        waiting_people(mover.head, mover.on).exclude(pk=mover.cast.foreign.pk), mover.on
    )
    assert (row.is_late, row.tone) == (True, "danger")
