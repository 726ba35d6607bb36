"""What is typed in one row of 収入状況の見直し waits on the device while another page of the list is read."""

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from plans.forms.income_review import prefix_of
from plans.views import ward_review
from tests.browser.browser import CHROMIUM, DESK, running_chromium
from tests.browser.test_every_page import Visitor
from tests.ward.test_income_review import counter, granted, next_of  # noqa: F401  (a fixture)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
LIST = f"{reverse('admin:income_review')}?year=2026&state=open"


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("the browser's own storage is the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def officer(live_server, counter, monkeypatch):  # noqa: F811
    """An officer before two people, one a page."""
    monkeypatch.setattr(ward_review, "OPEN_ROWS", 1)
    caps = [
        granted(counter, f"123456780{n}", name=f"人 {n}", kana=f"ひと {kana}")
        for n, kana in enumerate("いろ")
    ]
    with running_chromium() as browser:
        visitor = Visitor(browser, live_server, counter.officer, DESK)
        visitor.caps = caps
        yield visitor


def offers(visitor):
    return visitor.page.locator("[data-keep-offer]").filter(visible=True)


def test_a_row_that_is_left_by_a_link_is_offered_again_on_its_own_page(officer):
    amount = f"#id_{prefix_of(officer.caps[0])}-cap_yen"
    officer.open(LIST)
    officer.page.locator("main details", has=officer.page.locator(amount)).last.evaluate(
        "fold => { fold.open = true; }"
    )
    officer.page.fill(amount, "4600")
    officer.open(f"{LIST}&page=2")
    # Nothing of it stands here: no offer, and what waits is not wiped.
    expect(officer.page.locator(f"#id_{prefix_of(officer.caps[1])}-cap_yen")).to_have_count(1)
    expect(officer.page.locator(amount)).to_have_count(0)
    expect(offers(officer)).to_have_count(0)
    officer.open(LIST)
    expect(offers(officer)).to_contain_text("4600")
    officer.page.locator("[data-keep-take]").first.click()
    expect(officer.page.locator(amount)).to_have_value("4600")
    assert next_of(officer.caps[0]) is None
    assert officer.problems == []


def test_what_is_typed_on_two_pages_waits_for_each(officer):
    fields = [f"#id_{prefix_of(cap)}-cap_yen" for cap in officer.caps]
    for n, field in enumerate(fields, start=1):
        officer.open(f"{LIST}&page={n}")
        officer.page.locator(field).evaluate("one => { one.closest('details').open = true; }")
        officer.page.fill(field, f"460{n}")
    for n, field in enumerate(fields, start=1):
        officer.open(f"{LIST}&page={n}")
        expect(offers(officer)).to_have_count(1)
        officer.page.locator("[data-keep-take]").first.click()
        expect(officer.page.locator(field)).to_have_value(f"460{n}")
