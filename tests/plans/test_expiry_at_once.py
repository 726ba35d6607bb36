"""The board of ends reads each kind once, for its list and for its axis, which stands once on the page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.queries import expiry_list
from plans.rules.expiry import EndKind
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.plans.test_expiry_board import DAY, consent


def page_rows(client, cast, query=""):
    enter(client, cast.members["manager"])
    answer = client.get(reverse("expiry") + query)
    context = answer.context
    axis = [[cell.count for cell in row.cells] for row in context["axis"].rows]
    return list(context["page"]), context["listed"].count, axis


def test_list_and_axis_are_one_read(client, cast):
    consent(cast, 30)
    url = reverse("expiry")
    enter(client, cast.members["manager"])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    # One for each kind, what is told of the people, and the frame of the page.
    assert len(queries) <= len(EndKind) + 15


@pytest.mark.parametrize("query", ["", "?months=12", "?kind=consent", "?late=1", "?by=person"])
def test_an_office_with_more_than_is_read_at_once(client, cast, monkeypatch, query):
    consent(cast, 30)
    consent(cast, -3, recipient="centre")
    known = page_rows(client, cast, query)
    monkeypatch.setattr(expiry_list, "READ_AT_ONCE", 1)
    assert page_rows(client, cast, query) == known


def test_the_axis_stands_once_on_the_page(client, cast):
    consent(cast, 30)
    enter(client, cast.members["manager"])
    html = client.get(reverse("expiry")).content.decode()
    month = Month.of(cast.today + 30 * DAY)
    assert html.count(f"kind=consent&amp;month={month}") == 1
