"""In the first month billed here no page asks for the month before it, nor for what ended before."""

from datetime import date

import pytest
from django.urls import reverse

from clients.models import Enrolment
from plans.queries.expiry_sources import unjudged
from teikyaku.accounts.models import OfficeStart
from teikyaku.accounts.queries.office_start import last_month_here
from teikyaku.desk.queries.billing_desk import billing_desk, month_state
from teikyaku.desk.queries.home import lead_desk
from teikyaku.periods import Month
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
