"""What only a browser knows: sizes for fingers, forced colours, keys that are told, reasons that open."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from clients.models import Enrolment
from tests.browser.browser import CHROMIUM, DESK, PHONE, press, running_chromium
from tests.browser.test_every_page import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
FINGER = 24


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


SMALL = """() => [...document.querySelectorAll('main a')]
  .filter((link) => link.offsetParent && link.getClientRects().length)
  .flatMap((link) => [...link.getClientRects()].map((box) => [link.textContent.trim(), box.height]))
  .filter(([text, height]) => text && height < %d)"""


@pytest.mark.parametrize(
    ("who", "name"),
    [("worker", "client_page"), ("worker", "client_list"), ("manager", "home"), ("manager", "expiry"),
     ("billing", "month_page"), ("worker", "caseload"), ("worker", "waiting")],
)  # fmt: skip
def test_links_are_as_high_as_a_finger_needs(visit, cast, who, name):
    from tests.access.urls import url_of

    visitor = visit(who, PHONE)
    visitor.open(url_of(cast, name))
    expect(visitor.page.locator("main a").nth(2)).to_be_attached()
    assert visitor.page.evaluate(SMALL % FINGER) == []


def test_forced_colours_tell_the_current_entry(visit):
    visitor = visit("worker", forced_colors="active")
    visitor.open(reverse("client_list"))
    colour = "link => getComputedStyle(link).borderBlockEndColor"
    ground = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    links = visitor.page.locator(".site-nav > ul > li > a, .site-nav summary")
    drawn = [each.evaluate(colour) for each in links.all()]
    current = [each.get_attribute("aria-current") == "page" for each in links.all()]
    assert current.count(True) == 1
    assert [each != ground for each in drawn] == current


def test_the_menu_says_which_keys_and_they_are_told_while_they_work(visit):
    visitor = visit("worker")
    visitor.open("/")
    page = visitor.page
    search, record = page.locator("#site-search"), page.locator("main [data-key=n]")
    expect(search).to_have_attribute("aria-keyshortcuts", "/")
    expect(record).to_have_attribute("aria-keyshortcuts", "n")
    page.click(".user-menu > summary")
    toggle = page.locator(".user-menu [data-keys-toggle]")
    for words in ("/", "人をさがす", "面談を記録"):
        expect(toggle).to_contain_text(words)
    toggle.click()
    expect(page.locator("#site-search[aria-keyshortcuts]")).to_have_count(0)
    visitor.open("/")
    expect(record).to_be_attached()
    expect(page.locator("main [data-key=n][aria-keyshortcuts]")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_group_of_the_menu_opens_by_keyboard_and_leads_on(visit, scripts):
    visitor = visit("manager", java_script_enabled=scripts)
    visitor.open("/")
    page = visitor.page
    entry = page.locator(".site-nav a[href='/expiry/']")
    expect(entry).to_be_hidden()
    page.locator(".site-nav summary", has_text="計画と期限").focus()
    page.keyboard.press("Enter")
    expect(entry).to_be_visible()
    assert not visitor.scrolls_sideways()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/expiry/")
    expect(page.locator(".site-nav summary[aria-current]")).to_contain_text("計画と期限")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_date_leads_to_its_reason_unfolded(visit, cast, scripts):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    visitor = visit("worker", PHONE, java_script_enabled=scripts)
    visitor.open(reverse("client_list"))
    press(visitor.page, "a.why[href$='#due']")
    expect(visitor.page).to_have_url(re.compile("/clients/[^/]+/#due$"))
    expect(visitor.page.locator("#due")).to_be_visible()
    expect(visitor.page.locator("#due")).to_be_in_viewport()


def test_what_ends_fits_a_phone(visit):
    visitor = visit("manager", PHONE)
    visitor.open(reverse("expiry"))
    # Folded: the first person stands in sight.
    expect(visitor.page.locator(".end-axis")).to_be_hidden()
    visitor.page.locator("details", has=visitor.page.locator(".end-axis")).first.locator(
        "summary"
    ).first.click()
    # Not twelve columns: each kind with its months, which say their names there.
    expect(visitor.page.locator(".end-axis a").first).to_be_visible()
    expect(visitor.page.locator(".end-axis a small").first).to_be_visible()
    expect(visitor.page.locator(".end-axis thead")).to_be_hidden()
    assert not visitor.scrolls_sideways()


def test_a_kind_of_history_stays_chosen_and_the_page_stays_without_a_network(visit, cast):
    visitor = visit("worker", PHONE)
    page, url = visitor.page, reverse("client_page", args=[cast.enrolment.client.public_id])
    visitor.open(url)
    whole, chips = page.locator("[data-follows]"), page.locator("[data-into]")
    with page.expect_response(lambda answer: "kind=contact" in answer.url):
        page.locator('[data-into][href$="kind=contact"]').click()
    # The last thing that changes: what stands there then is the answer.
    expect(whole).to_have_attribute("href", re.compile(r"\?kind=contact$"))
    expect(page.locator('[data-into][href$="kind=contact"]')).to_have_attribute(
        "aria-current", "true"
    )
    shown = page.locator("#history-part").inner_text()
    visitor.context.set_offline(True)
    chips.first.click()
    expect(page.locator("[data-told-of]")).to_contain_text("つながっていません")
    expect(page).to_have_url(visitor.base + url)
    expect(page.locator("#history-part")).to_have_text(shown, use_inner_text=True)
    visitor.context.set_offline(False)
    chips.first.click()
    expect(whole).not_to_have_attribute("href", re.compile("kind="))
    expect(page.locator("[data-told-of]")).to_be_empty()


def test_rarely_read_parts_are_folded_on_a_phone_and_open_on_a_desk(visit, cast):
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    folds = "[data-folds-on-phone]"
    for size, closed in ((PHONE, True), (DESK, False)):
        visitor = visit("worker", size)
        visitor.open(url)
        expect(visitor.page.locator(folds).nth(3)).to_be_attached()
        others = f"{folds}[open]" if closed else f"{folds}:not([open])"
        expect(visitor.page.locator(others)).to_have_count(0)
    # What is due stays in sight, and a link into a folded part opens it.
    phone = visit("worker", PHONE)
    phone.open(f"{url}#cap")
    expect(phone.page.locator("#next")).to_be_visible()
    expect(phone.page.locator("#cap")).to_be_visible()
    no_scripts = visit("worker", PHONE, java_script_enabled=False)
    no_scripts.open(url)
    expect(no_scripts.page.locator("#cap")).to_be_visible()


def test_a_person_takes_two_lines_of_a_phone(visit, cast):
    visitor = visit("worker", PHONE)
    visitor.open(f"{reverse('client_list')}?show=all")
    heights = visitor.page.eval_on_selector_all(
        ".table--people tbody tr", "rows => rows.map((row) => row.offsetHeight)"
    )
    assert heights
    assert max(heights) <= 112
    assert visitor.scrolls_sideways() is False


def test_years_stand_side_by_side_on_a_phone(visit, cast):
    visitor = visit("city", PHONE)
    visitor.open(reverse("admin:index"))
    tops = visitor.page.eval_on_selector_all(
        ".tabs a:has(small)", "tabs => tabs.map((tab) => tab.getBoundingClientRect().top)"
    )
    assert len(tops) >= 3
    assert len(set(tops)) == 1


def test_a_filter_is_one_line_on_a_phone_that_says_what_is_chosen(visit):
    visitor = visit("billing", PHONE)
    visitor.open(reverse("payments") + "?month=2026-04")
    page = visitor.page
    line = page.locator(".filters__fold > summary")
    expect(line).to_contain_text("2026年4月")
    assert page.locator(".filters").bounding_box()["height"] <= 80
    expect(page.locator(".filters button")).to_be_hidden()
    line.click()
    expect(page.locator(".filters button")).to_be_visible()


MOVING = """() => [...document.querySelectorAll('*')].filter((each) => {
  const style = getComputedStyle(each);
  return [style.transitionDuration, style.animationDuration].join().split(',').some((time) => parseFloat(time) > 0)
    || style.scrollBehavior === 'smooth';
}).map((each) => each.tagName + '.' + each.className)"""


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_who_asked_for_that_with_scripts_on(visit, cast, motion, moves):
    from tests.access.urls import url_of

    visitor = visit("manager", reduced_motion=motion)
    found = []
    for name in ("home", "client_page"):
        visitor.open(url_of(cast, name))
        visitor.page.locator("details.popover > summary").first.click()
        expect(visitor.page.locator("details.popover[open]").first).to_be_visible()
        found += visitor.page.evaluate(MOVING)
    assert bool(found) is moves


def test_the_key_for_a_record_leads_into_the_search(visit):
    visitor = visit("worker")
    visitor.open(reverse("caseload"))
    visitor.page.keyboard.press("n")
    visitor.page.wait_for_url("**/interviews/new/")
    visitor.page.locator("#id_q:focus").wait_for()
