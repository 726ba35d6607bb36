"""A button pressed after the session ended: signed in again, one comes to where it stood, and is told."""

import inspect
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from teikyaku.clock import now
from tests.accounts.test_coming_and_going import enter
from tests.accounts.test_session_rules import urls
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
AGAIN = "もう一度押してください"
SITE = "http://testserver"
# Buttons without a page: they change nothing else, and each is asked for below.
LEAST = 45


def takes_post_alone(view):
    """Whether `require_POST` is anywhere around it."""
    while view is not None:
        if inspect.getclosurevars(view).nonlocals.get("request_method_list") == ["POST"]:
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def sign_in(client, cast, answer):
    """By the sign-in page that `answer` leads to; the answer that leads on."""
    data = {"login": cast.user("worker").email, "password": PASSWORD}
    return client.post(answer["Location"], data | {"next": next_of(answer)})


def next_of(answer):
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_every_button_leads_back_to_its_page_and_says_so(cast):
    found = urls(takes_post_alone)
    assert len(found) >= LEAST
    page, wrong = reverse("role_table"), []
    for url in found:
        stranger = Client()
        answer = stranger.post(url, headers={"referer": f"{SITE}{page}?q=しけん"})
        told = configured.PRESSED_COOKIE in answer.cookies
        if answer.status_code != 302 or next_of(answer) != page or not told:
            wrong.append(url)
        # Without the page, or with another site's, one comes home in the end.
        for headers in ({}, {"referer": "https://elsewhere.example/start/"}):
            answer = stranger.post(url, headers=headers)
            enter(stranger, cast.members["officer" if url.startswith("/admin/") else "worker"])
            back = stranger.get(next_of(answer))
            if (back.status_code, back.get("Location")) != (302, reverse("home")):
                wrong.append(f"{url} {headers}")
            stranger.logout()
    assert wrong == []


def test_after_the_password_the_page_says_it_once(cast):
    browser, page = Client(), reverse("role_table")
    answer = browser.post(reverse("takeout_ask"), headers={"referer": f"{SITE}{page}"})
    entered = sign_in(browser, cast, answer)
    assert entered["Location"] == page
    assert AGAIN in browser.get(page).content.decode()
    assert AGAIN not in browser.get(page).content.decode()


def test_at_home_it_is_told_where_no_page_is_known(cast):
    browser = Client()
    entered = sign_in(browser, cast, browser.post(reverse("start_put_away")))
    home = browser.get(entered["Location"], follow=True)
    assert home.redirect_chain[-1][0] == reverse("home")
    assert AGAIN in home.content.decode()


@pytest.mark.parametrize(
    "page",
    ["//elsewhere.example/", "/nowhere-at-all/", "", "http://[broken/", "/\\elsewhere.example"],
)
def test_only_pages_of_this_product_are_led_to(client, cast, page):
    url = reverse("takeout_ask")
    referer = page if page.startswith("http") else f"{SITE}{page}"
    assert next_of(client.post(url, headers={"referer": referer})) == url


def test_a_form_page_leads_back_to_itself_with_what_it_is_about(client, cast):
    url = reverse("interview_new", args=[cast.enrolment.public_id]) + "?mend=2026-04"
    answer = client.post(url, {"notes": "書いたこと"}, headers={"referer": f"{SITE}{url}"})
    assert next_of(answer) == url


def test_after_an_idle_time_one_comes_back_too(client, cast):
    enter(client, cast.members["worker"])
    page = reverse("client_list")
    client.get(page)
    with time_machine.travel(now() + timedelta(minutes=configured.IDLE_MINUTES + 1)):
        answer = client.post(reverse("start_put_away"), headers={"referer": f"{SITE}{page}"})
        assert next_of(answer) == page
        assert configured.PRESSED_COOKIE in answer.cookies


def test_a_script_that_saves_meanwhile_marks_nothing(client, cast):
    answer = client.post(reverse("draft_save", args=[cast.enrolment.public_id]),
                         headers={"sec-fetch-mode": "cors"})  # fmt: skip
    assert answer.status_code == 302
    assert configured.PRESSED_COOKIE not in answer.cookies


def test_an_address_behind_a_button_answers_in_words(client, cast):
    enter(client, cast.members["worker"])
    answer = client.get(reverse("takeout_ask"))
    text = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "画面のボタンを押したときだけ" in text
    assert f'href="{reverse("home")}"' in text


def test_a_token_of_another_sign_in_leads_to_the_buttons_page(cast):
    browser = Client(enforce_csrf_checks=True)
    enter(browser, cast.members["worker"])
    page = reverse("role_table")
    answer = browser.post(reverse("takeout_ask"), headers={"referer": f"{SITE}{page}"})
    assert answer.status_code == 403
    assert f'href="{page}"' in answer.content.decode()
