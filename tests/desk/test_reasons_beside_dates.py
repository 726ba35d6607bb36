"""A date in a list leads to where it is explained, and what one needs before a call stands high."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from clients.models import Enrolment
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet


@pytest.fixture
def seen(client, cast):
    """The text of a page as a member sees it."""

    def see(name, *args, who="worker", query=""):
        enter(client, cast.members[who])
        return client.get(reverse(name, args=args) + query).content.decode()

    return see


def why_links(html):
    return set(re.findall(r'<a class="why" href="([^"]+)"', html))


def folded_at(html, anchor):
    """What stands in the fold with this anchor."""
    found = re.search(
        rf'<details class="unfold"><summary>[^<]*.*?<div class="unfold__body" id="{anchor}">(.*?)</details>',
        html, re.S,
    )  # fmt: skip
    assert found, f"no fold is named {anchor}"
    return found[1]


def test_the_client_list_leads_to_the_reasons_of_its_dates(seen, cast):
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert {f"{page}#due", f"{page}#window"} <= why_links(seen("client_list"))
    html = seen("client_page", cast.enrolment.client.public_id)
    assert "根拠" in folded_at(html, "due")
    assert "根拠" in folded_at(html, "window")


def test_the_caseload_and_the_home_lead_to_the_reason_of_the_due_date(seen, cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert f"{page}#due" in why_links(seen("caseload", query="?ask=due_week"))
    assert f"{page}#due" in why_links(seen("home"))


def test_calls_come_directly_after_what_is_next(seen, cast):
    html = seen("client_page", cast.enrolment.client.public_id)
    order = ["次にすること", "連絡してよい？", 'id="contacts"', 'id="clock"', 'id="about"']
    places = [html.index(mark) for mark in order]
    assert places == sorted(places)


def test_only_the_last_three_months_are_unfolded(seen, cast):
    html = seen("client_page", cast.enrolment.client.public_id)
    section = html.partition('aria-labelledby="months"')[2].partition("</section>")[0]
    shown, _, folded = section.partition("<details")
    months = len(re.findall(r'<th scope="row">', section))
    assert months > 3, "the cast's person has too few months for this test"
    assert len(re.findall(r'<th scope="row">', shown)) == 3
    assert len(re.findall(r'<th scope="row">', folded)) == months - 3
    assert f"その前の{months - 3}か月" in folded


def test_a_suggested_day_is_shown_until_it_has_passed(client, cast):
    meet(cast.enrolment, cast.members["worker"], cast.today)
    enter(client, cast.members["worker"])
    answer = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    page, may = answer.context["page"], answer.context["may"]
    day = page.support.due.suggested_on
    assert day > cast.today
    for seen_on, is_shown in ((day, True), (day + timedelta(days=1), False)):
        later = replace(page, seen_on=seen_on)
        html = render_to_string("desk/client/pace.html", {"page": later, "may": may})
        assert ("次に会うおすすめの日" in html) is is_shown


def test_dates_of_the_client_page_come_in_two_ways(seen, cast):
    main = seen("client_page", cast.enrolment.client.public_id).partition("<main")[2]
    words = re.sub(r"<[^>]+>", " ", main)
    assert not re.findall(r"\b[RHST]\d{1,2}\.\d{1,2}\.\d{1,2}", words)
    assert not re.findall(r"\d{4}\.\d{1,2}\.\d{1,2}|\d{4}/\d{1,2}|\b\d{1,2}/\d{1,2}\b", words)
