"""List pages cost the same number of queries however many rows; counts agree with their lists."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions.enrolment import assign_staff
from clients.models import Enrolment
from plans.actions.receive import receive_from_person
from plans.models import Interview
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member, make_office, ready_person, take_in


def cost(client, url):
    client.get(url)  # the session's own marks are written once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def add_people(cast, count):
    worker, manager = cast.members["worker"], cast.members["manager"]
    officer = cast.members["officer"]
    for index in range(count):
        ready = ready_person(
            cast, cast.office, worker, manager, f"30000000{index:02d}", name=f"人 {index}",
            kana=f"しけん {index}",
        )  # fmt: skip
        Interview.objects.filter(enrolment=ready).update(has_worries=True)
        Enrolment.objects.filter(pk=ready.pk).update(interview_due_on=cast.today)
        assign_staff(
            enrolment=ready, staff=worker, starts_on=ready.starts_on, by=manager,
            at=at_noon(cast.today),
        )  # fmt: skip
        take_in(cast.office, worker, cast.today - timedelta(days=150), name=f"待つ {index}")
        receive_from_person(
            known=None, name=f"申請 {index}", kana=f"しんせい {index}", address="町",
            birth_date=date(1990, 1, 1) + timedelta(days=index), kind="new",
            municipality=cast.wards[2], received_on=cast.today, received_place="ward_office",
            handed_in_by="", by=officer, at=at_noon(cast.today),
        )  # fmt: skip
        office = make_office(f"15900000{index:02d}", f"事業所 {index}")
        make_member(f"more{index}", Role.BILLING, office=office)


def rows_shown(client, url):
    """How many rows the page lists, wherever it keeps them."""
    text = client.get(url).content.decode()
    return len(re.findall(r"<tr[ >]|<li[ >]", text.split("<main", 1)[1]))


LISTS = (
    ("worker", "home", ""),
    ("manager", "home", ""),
    ("worker", "caseload", "?ask=in_use"),
    ("worker", "waiting", ""),
    ("manager", "plan_list", "?ask=all"),
    ("worker", "client_list", ""),
    ("worker", "client_list", "?q=しけん&show=all"),
    ("worker", "interview_choose", ""),
    ("worker", "expiry", "?months=12"),
    ("billing", "month_page", "?list=ready"),
    ("officer", "admin:index", "?turn=all"),
    ("officer", "admin:application_list", ""),
    ("admin", "people", ""),
    ("admin", "offices", ""),
    ("head", "audit_log", ""),
)


def costs(client, cast):
    """Of each list the queries of a visit, and the rows that it shows."""
    found = {}
    for who, name, query in LISTS:
        month = [str(Month.of(cast.today) - 1)] if name == "month_page" else []
        url = reverse(name, args=month) + query
        enter(client, cast.members[who])
        found[who, name, query] = cost(client, url), rows_shown(client, url)
    return found


@pytest.mark.timeout(200)
def test_lists_cost_the_same(client, cast):
    """The others come once, for all lists."""
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    Interview.objects.update(has_worries=True)  # one row at least in every list of the home
    before = costs(client, cast)
    add_people(cast, 4)
    after = costs(client, cast)
    queries = {page: (before[page][0], after[page][0]) for page in before}
    assert {page: two for page, two in queries.items() if two[0] != two[1]} == {}
    assert [page for page in before if after[page][1] <= before[page][1]] == [], "nothing was added"


def test_the_client_page_costs_the_same_after_a_long_history(client, cast):
    from tests.cast import meet

    enter(client, cast.members["worker"])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    few = cost(client, url)
    for days in range(1, 20):
        meet(cast.enrolment, cast.members["worker"], cast.today - timedelta(days=days))
    assert cost(client, url) == few
