"""Lists that follow their filter while one types, and how much a first load weighs."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.browser import CHROMIUM, DESK, PHONE, press, running_chromium
from tests.browser.test_every_page import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
FIRST_LOAD_BYTES = 150 * 1024


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("pages are the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def visit(live_server, cast):
    """A window of a role; all close with the test."""
    with running_chromium() as browser:
        yield lambda key, size=DESK, **condition: Visitor(
            browser, live_server, cast.members[key], size, **condition
        )


def stay(page):
    """Leave a mark that only a new page takes away."""
    page.evaluate("window.isSamePage = true")


def is_same(page):
    return page.evaluate("window.isSamePage === true")


def test_the_client_list_follows_what_is_typed(visit, cast):
    visitor = visit("worker")
    visitor.open(reverse("client_list"))
    page = visitor.page
    stay(page)
    page.locator("#id_q").press_sequentially("そんな人はいない")
    expect(page.get_by_text("条件に合う方はいません")).to_be_visible()
    expect(page.locator("#found")).to_have_text("当てはまる人はいません")
    expect(page.locator("#found")).to_have_attribute("role", "status")
    expect(page.locator("#id_q")).to_be_focused()
    expect(page.locator("#id_q")).to_have_value("そんな人はいない")
    expect(page).to_have_url(re.compile("q=" + quote("そんな人はいない")))
    page.locator("#id_q").fill("しけん")
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#found")).to_contain_text("1人")
    assert is_same(page)
    page.select_option("#id_show", "ended")
    expect(page.get_by_text("条件に合う方はいません")).to_be_visible()
    expect(page).to_have_url(re.compile("show=ended"))
    assert is_same(page)
    # The address is whole: opened anew it shows the same.
    page.reload()
    expect(page.get_by_text("条件に合う方はいません")).to_be_visible()
    expect(page.locator("#results tbody tr")).to_have_count(0)
    expect(page.locator("#id_q")).to_have_value("しけん")
    page.go_back()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    assert visitor.problems == []


def test_the_caseload_follows_its_filter(visit, cast):
    visitor = visit("manager")
    visitor.open(f"{reverse('caseload')}?ask=to_meet")
    page = visitor.page
    stay(page)
    nobody = str(cast.members["manager"].public_id)
    page.focus("#id_staff")
    page.select_option("#id_staff", nobody)
    page.wait_for_url(f"**/caseload/?*{nobody}*")
    expect(page.locator("#found")).to_contain_text("0人")
    expect(page.locator("#id_staff")).to_be_focused()
    # The questions above the list count the same people.
    expect(page.locator("nav.chips-set a").first).to_have_attribute("href", re.compile(nobody))
    assert is_same(page)
    assert visitor.problems == []


def test_signed_out_meanwhile_one_comes_to_the_sign_in(visit):
    visitor = visit("worker")
    visitor.open(reverse("client_list"))
    visitor.context.clear_cookies()
    visitor.page.locator("#id_q").press_sequentially("しけん")
    visitor.page.wait_for_url("**/accounts/login/**")
    expect(visitor.page.locator("input[name=login]")).to_have_count(1)


def test_the_list_without_scripts(visit):
    visitor = visit("worker", PHONE, java_script_enabled=False)
    visitor.open(reverse("client_list"))
    visitor.page.fill("#id_q", "そんな人はいない")
    press(visitor.page, ".filters button[type=submit]")
    expect(visitor.page.locator("#results")).to_contain_text("条件に合う方はいません")
    expect(visitor.page.locator("#id_q")).to_have_value("そんな人はいない")


@pytest.mark.parametrize("name", ["home", "client_page", "interview_new"])
def test_a_first_load_is_light(visit, cast, name):
    visitor = visit("worker", PHONE)
    urls = {
        "home": reverse("home"),
        "client_page": reverse("client_page", args=[cast.enrolment.client.public_id]),
        "interview_new": reverse("interview_new", args=[cast.enrolment.public_id]),
    }
    session = visitor.context.new_cdp_session(visitor.page)
    loaded = {}
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.responseReceived", lambda e: loaded.setdefault(e["requestId"], e))
    sizes = []
    session.on("Network.loadingFinished", lambda e: sizes.append(e["encodedDataLength"]))
    visitor.open(urls[name])
    visitor.page.wait_for_load_state("networkidle")
    sent = [e["response"]["url"] for e in loaded.values()]
    assert sum(url.endswith(".css") for url in sent) > 5
    assert not any("htmx" in url for url in sent)
    assert 50 * 1024 < sum(sizes) <= FIRST_LOAD_BYTES
