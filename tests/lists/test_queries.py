"""List pages cost the same number of queries however many rows; counts agree with their lists."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Enrolment
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person, take_in


def cost(client, url):
    client.get(url)  # the session's own marks are written once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def add_people(cast, count):
    worker, manager = cast.members["worker"], cast.members["manager"]
    for index in range(count):
        ready_person(
            cast, cast.office, worker, manager, f"30000000{index:02d}", name=f"人 {index}",
            kana=f"ひと {index}",
        )  # fmt: skip
        take_in(cast.office, worker, cast.today - timedelta(days=90), name=f"待つ {index}")


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("who", "name", "arguments"),
    [
        ("worker", "home", []),
        ("worker", "client_list", []),
        ("worker", "interview_choose", []),
        ("worker", "expiry", []),
        ("billing", "month_page", ["month"]),
        ("officer", "admin:index", []),
        ("officer", "admin:application_list", []),
        ("admin", "people", []),
        ("admin", "offices", []),
        ("head", "audit_log", []),
    ],
)
def test_lists_cost_the_same(client, cast, who, name, arguments):
    month = str(Month.of(cast.today) - 1)
    url = reverse(name, args=[month for _ in arguments])
    enter(client, cast.members[who])
    few = cost(client, url)
    add_people(cast, 4)
    assert cost(client, url) == few


def test_the_client_page_costs_the_same_after_a_long_history(client, cast):
    from tests.cast import meet

    enter(client, cast.members["worker"])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    few = cost(client, url)
    for days in range(1, 20):
        meet(cast.enrolment, cast.members["worker"], cast.today - timedelta(days=days))
    assert cost(client, url) == few


def test_every_count_of_the_home_agrees_with_its_list(client, cast):
    add_people(cast, 3)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        interview_due_on=cast.today - timedelta(days=1)
    )
    enter(client, cast.members["head"])
    page = client.get(reverse("home")).content.decode()
    cards = re.findall(
        r'href="(/clients/\?show=[^"]+)">.*?stat__count">(\d+)<', page, flags=re.DOTALL
    )
    assert len(cards) == 6
    assert any(int(count) for _url, count in cards)
    for url, count in cards:
        listed = client.get(url.replace("&amp;", "&")).context["page"].paginator.count
        assert listed == int(count), url
