"""The public questions in a browser: scripts off, on a phone, axe, one sheet of paper."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from teikyaku.clock import TOKYO, now
from tests.browser.browser import CHROMIUM, DESK, PHONE, press, running_chromium, window
from tests.browser.test_every_page import GRAVE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
SEND = "form#questions button"


@pytest.fixture(autouse=True)
def _on_one_database():
    if connection.vendor != "sqlite":
        pytest.skip("pages are the same on both databases")
    cache.clear()


def ask_whether_it_can_be_used(page, base):
    page.goto(base + reverse("guide"))
    press(page, "a[href='/guide/use/']")
    page.check("input[value=transition]", force=True)
    page.fill("input[name=employed_on]", "Ｒ８．６．１５")
    page.check("input[name=has_difficulties][value=yes]", force=True)
    press(page, SEND)


def ask_what_it_costs(page, base):
    page.goto(base + reverse("guide_cost"))
    page.check("input[name=is_taxed][value=yes]", force=True)
    page.check("input[name=has_spouse][value=no]", force=True)
    press(page, SEND)


def tell_everything(page, base):
    """As long as a sheet can get: every question answered, home and work unknown, two changes."""
    page.goto(base + reverse("guide_use"))
    # What is folded cannot be filled in.
    for fold in page.locator("form#questions details > summary").all():
        fold.click()
    for box in page.locator("input[name=services]:not([value=none])").all():
        box.check(force=True)
    on = now().astimezone(TOKYO).date()
    # The first usable day lies a few days ahead, the last day at work two weeks after it.
    for name, days in (("before_on", -178), ("before_ended_on", -118), ("employed_on", -103),
                       ("ended_on", 19)):  # fmt: skip
        page.fill(f"input[name={name}]", (on + timedelta(days=days)).isoformat())
    for name, value in (
        ("is_continued_a", "no"), ("is_left_to_improve", "yes"),
        ("is_before_left_to_improve", "yes"), ("is_service_between_jobs", "no"),
        ("is_support_during", "no"),
    ):  # fmt: skip
        page.check(f"input[name={name}][value={value}]", force=True)
    press(page, SEND)


ASKED = (ask_whether_it_can_be_used, ask_what_it_costs)


@pytest.mark.parametrize("ask", ASKED)
def test_on_a_phone_without_scripts(live_server, ask):
    with running_chromium() as browser:
        context = window(browser, viewport=PHONE, java_script_enabled=False)
        page = context.new_page()
        ask(page, live_server.url)
        expect(page.locator("#result h2")).to_be_visible()
        expect(page.locator("rt").first).to_be_hidden()
        page.check("#furigana")
        expect(page.locator("#result rt").first).to_be_visible()
        press(page, SEND)
        expect(page.locator("#furigana")).to_be_checked()
        expect(page).not_to_have_url(re.compile(r"\?"))
        assert context.cookies() == []
        context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_grave(live_server, size):
    wrong = []
    with running_chromium() as browser:
        page = window(browser, viewport=size).new_page()
        for visit in (*ASKED, lambda page, base: page.goto(base + reverse("guide"))):
            visit(page, live_server.url)
            if page.locator("#furigana").count():
                page.check("#furigana")
            found = Axe().run(page).response["violations"]
            wrong += [(page.url, v["id"]) for v in found if v["impact"] in GRAVE]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append((page.url, "scrolls sideways"))
    assert wrong == []


def know_nothing(page, base):
    page.goto(base + reverse("guide_cost"))
    press(page, SEND)


def sheets(page):
    expect(page.locator("#result")).to_be_visible()
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("ask", [*ASKED, know_nothing, tell_everything])
def test_the_answer_is_one_sheet_of_paper_also_with_readings(live_server, ask):
    with running_chromium() as browser:
        context = window(browser, viewport=DESK, java_script_enabled=False)
        page = context.new_page()
        ask(page, live_server.url)
        assert sheets(page) == 1
        page.check("#furigana")
        assert sheets(page) == 1
        context.close()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_the_button_to_print_is_there_where_it_works_else_words(live_server, has_scripts):
    with running_chromium() as browser:
        context = window(browser, viewport=PHONE, java_script_enabled=has_scripts)
        page = context.new_page()
        ask_what_it_costs(page, live_server.url)
        expect(page.locator("#result")).to_be_visible()
        expect(page.locator("[data-print]")).to_be_visible(visible=has_scripts)
        expect(page.locator("noscript")).to_be_visible(visible=not has_scripts)
        context.close()


def test_no_column_of_the_months_is_squeezed_on_a_phone(live_server):
    with running_chromium() as browser:
        page = window(browser, viewport=PHONE).new_page()
        know_nothing(page, live_server.url)
        expect(page.locator(".guide__months tbody :is(th, td)").first).to_be_visible()
        widths = [
            cell.bounding_box()["width"]
            for cell in page.locator(".guide__months tbody :is(th, td)").all()
        ]
        assert min(widths) > 120


def test_what_it_costs_is_short_on_a_phone(live_server):
    with running_chromium() as browser:
        page = window(browser, viewport=PHONE).new_page()
        know_nothing(page, live_server.url)
        page.check("#furigana")
        # Three screens, of which the months take less than one.
        assert page.locator("#result").bounding_box()["height"] < 3 * PHONE["height"]
        assert page.locator(".guide__months").bounding_box()["height"] < PHONE["height"]
