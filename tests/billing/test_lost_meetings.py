"""締めたあとに面談がなくなった: told to who bills, wherever the closed month is looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import PersonMonth
from billing.queries.lost_meetings import lost_meetings
from plans.actions import life_change
from plans.models import Interview
from plans.rules.mismatch import MismatchKind
from teikyaku.desk.queries.after_close import after_close
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet
from tests.desk.test_billing_desk import member
from tests.desk.test_binder_mismatches import kinds

TOLD = "締めたあとに面談がなくなった"


def the_meeting(cast) -> Interview:
    month = Month.of(cast.person_month.month)
    days = (month.first_day, month.last_day)
    return Interview.objects.standing().get(
        enrolment=cast.enrolment, held_on__range=days, outcome="met"
    )


def who(cast):
    # After the close of the cast, at whatever hour the tests run.
    at = cast.person_month.closing.closed_at + timedelta(hours=1)
    return {"by": cast.members["worker"], "at": at}


def take_back(cast) -> Interview:
    row = the_meeting(cast)
    life_change.withdraw_interview(interview=row, reason="じつは会えていない", **who(cast))
    return row


def to_attempt(cast) -> Interview:
    row = the_meeting(cast)
    return life_change.correct_interview(
        interview=row, reason="じつは会えていない", held_on=row.held_on, way=row.way,
        outcome="attempt", met_by=row.met_by, **who(cast),
    )  # fmt: skip


def pages(client, cast) -> list[str]:
    enter(client, cast.members["billing"])
    month = Month.of(cast.person_month.month)
    urls = (
        reverse("month_page", args=[month]),
        reverse("person_month_page", args=[cast.person_month.public_id]),
        reverse("after_close"),
    )
    return [client.get(url).content.decode() for url in urls]


@pytest.mark.parametrize("lose", [take_back, to_attempt])
def test_every_page_of_the_closed_month_tells_it(client, cast, lose):
    assert all(TOLD not in page for page in pages(client, cast))
    assert MismatchKind.BILL_MEETING not in kinds(cast)
    before = PersonMonth.objects.get(pk=cast.person_month.pk).units
    lose(cast)
    month, own, home = pages(client, cast)
    for page in (month, own):
        assert f"{TOLD} 1人" in page
        assert "過誤の申立て" in page
        assert reverse("client_page", args=[cast.enrolment.client.public_id]) in page
    assert TOLD in home
    assert f"{Month.of(cast.person_month.month).label} 1人" in home
    (count,) = after_close(member(cast, "billing"), cast.today).lost
    assert count.count == 1
    assert MismatchKind.BILL_MEETING in kinds(cast)
    assert PersonMonth.objects.get(pk=cast.person_month.pk).units == before


def test_a_meeting_that_stands_beside_it_is_enough(cast):
    row = take_back(cast)
    assert len(lost_meetings(cast.office, cast.today)) == 1
    day = row.held_on + timedelta(days=1)
    day = day if day.month == row.held_on.month else row.held_on - timedelta(days=1)
    meet(cast.enrolment, cast.members["worker"], day)
    assert lost_meetings(cast.office, cast.today) == ()
    assert MismatchKind.BILL_MEETING not in kinds(cast)


def test_other_offices_and_other_months_are_told_nothing(cast):
    take_back(cast)
    month = Month.of(cast.person_month.month)
    assert lost_meetings(cast.other_office, cast.today) == ()
    assert lost_meetings(cast.office, cast.today, month=month - 1) == ()
    (row,) = lost_meetings(cast.office, cast.today, month=month)
    assert (row.month, row.units) == (month, cast.person_month.units)


def test_nothing_lost_costs_two_queries(cast):
    with CaptureQueriesContext(connection) as queries:
        assert lost_meetings(cast.office, cast.today) == ()
    assert len(queries) == 2


@pytest.mark.parametrize("page", ["interview_correct", "interview_withdraw"])
def test_who_changes_it_reads_which_month_is_closed(client, cast, page):
    enter(client, cast.members["worker"])
    row = the_meeting(cast)
    month = Month.of(cast.person_month.month)
    said = f"{month.label}はすでに締めた月です。締めた請求は変わりません。"
    assert said in client.get(reverse(page, args=[row.public_id])).content.decode()
    open_month = meet(cast.enrolment, cast.members["worker"], cast.today)
    other = client.get(reverse(page, args=[open_month.public_id])).content.decode()
    assert "すでに締めた月" not in other
