"""Lists that follow their filter while one types, and how much a first load weighs."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.browser.browser import CHROMIUM, DESK, PHONE, running_chromium
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
    page.get_by_text("条件に合う方はいません").wait_for()
    assert page.locator("#found").inner_text() == "当てはまる人はいません"
    assert page.locator("#found").get_attribute("role") == "status"
    assert page.evaluate("document.activeElement.id") == "id_q"
    assert page.input_value("#id_q") == "そんな人はいない"
    assert "q=%E3%81%9D" in page.url
    page.locator("#id_q").fill("しけん")
    page.locator("#results tbody tr").first.wait_for()
    assert "1人" in page.locator("#found").inner_text()
    assert is_same(page)
    page.select_option("#id_show", "ended")
    page.get_by_text("条件に合う方はいません").wait_for()
    assert "show=ended" in page.url
    assert is_same(page)
    # The address is whole: opened anew it shows the same.
    page.reload()
    assert page.locator("#results tbody tr").count() == 0
    assert page.input_value("#id_q") == "しけん"
    page.go_back()
    page.locator("#results tbody tr").first.wait_for()
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
    assert "0人" in page.locator("#found").inner_text()
    assert page.evaluate("document.activeElement.id") == "id_staff"
    # The questions above the list count the same people.
    assert nobody in page.locator("nav.chips-set a").first.get_attribute("href")
    assert is_same(page)
    assert visitor.problems == []


def test_signed_out_meanwhile_one_comes_to_the_sign_in(visit):
    visitor = visit("worker")
    visitor.open(reverse("client_list"))
    visitor.context.clear_cookies()
    visitor.page.locator("#id_q").press_sequentially("しけん")
    visitor.page.wait_for_url("**/accounts/login/**")
    assert visitor.page.locator("input[name=login]").count() == 1


def test_the_list_without_scripts(visit):
    visitor = visit("worker", PHONE, java_script_enabled=False)
    visitor.open(reverse("client_list"))
    visitor.page.fill("#id_q", "そんな人はいない")
    visitor.page.click(".filters button[type=submit]")
    assert "条件に合う方はいません" in visitor.page.locator("#results").inner_text()
    assert visitor.page.input_value("#id_q") == "そんな人はいない"


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
