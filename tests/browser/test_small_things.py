"""What only a browser knows: sizes for fingers, forced colours, keys that are told, reasons that open."""

import pytest
from django.db import connection
from django.urls import reverse

from clients.models import Enrolment
from tests.browser.browser import CHROMIUM, DESK, PHONE, running_chromium
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
    assert visitor.page.locator("main a").count() >= 3
    assert visitor.page.evaluate(SMALL % FINGER) == []


def test_forced_colours_tell_the_current_entry(visit):
    visitor = visit("worker", forced_colors="active")
    visitor.open(reverse("client_list"))
    colour = "link => getComputedStyle(link).borderBlockEndColor"
    ground = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    links = visitor.page.locator(".site-nav > ul > li > a, .site-nav summary")
    drawn = [links.nth(n).evaluate(colour) for n in range(links.count())]
    current = [links.nth(n).get_attribute("aria-current") == "page" for n in range(links.count())]
    assert current.count(True) == 1
    assert [each != ground for each in drawn] == current


def test_the_menu_says_which_keys_and_they_are_told_while_they_work(visit):
    visitor = visit("worker")
    visitor.open("/")
    page = visitor.page
    assert page.locator("#site-search").get_attribute("aria-keyshortcuts") == "/"
    assert page.locator("main [data-key=n]").get_attribute("aria-keyshortcuts") == "n"
    page.click(".user-menu > summary")
    words = page.locator(".user-menu [data-keys-toggle]").inner_text()
    assert "/" in words
    assert "人をさがす" in words
    assert "面談を記録" in words
    page.click(".user-menu [data-keys-toggle]")
    assert page.locator("#site-search").get_attribute("aria-keyshortcuts") is None
    visitor.open("/")
    assert page.locator("main [data-key=n]").get_attribute("aria-keyshortcuts") is None


@pytest.mark.parametrize("scripts", [True, False])
def test_a_group_of_the_menu_opens_by_keyboard_and_leads_on(visit, scripts):
    visitor = visit("manager", java_script_enabled=scripts)
    visitor.open("/")
    page = visitor.page
    entry = page.locator(".site-nav a[href='/expiry/']")
    assert not entry.is_visible()
    page.locator(".site-nav summary", has_text="計画と期限").focus()
    page.keyboard.press("Enter")
    assert entry.is_visible()
    assert not visitor.scrolls_sideways()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/expiry/")
    assert page.locator(".site-nav summary[aria-current]").inner_text().startswith("計画と期限")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_date_leads_to_its_reason_unfolded(visit, cast, scripts):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    visitor = visit("worker", PHONE, java_script_enabled=scripts)
    visitor.open(reverse("client_list"))
    visitor.page.locator("a.why[href$='#due']").first.click()
    visitor.page.wait_for_url("**/clients/*/#due")
    assert visitor.page.locator("#due").is_visible()
    assert visitor.page.locator("#due").bounding_box()["y"] < PHONE["height"]


def test_what_ends_fits_a_phone(visit):
    visitor = visit("manager", PHONE)
    visitor.open(reverse("expiry"))
    # Folded: the first person stands in sight.
    assert not visitor.page.locator(".end-axis").is_visible()
    visitor.page.locator("details", has=visitor.page.locator(".end-axis")).first.locator(
        "summary"
    ).first.click()
    # Not twelve columns: each kind with its months, which say their names there.
    assert visitor.page.locator(".end-axis a").first.is_visible()
    assert visitor.page.locator(".end-axis a small").first.is_visible()
    assert not visitor.page.locator(".end-axis thead").is_visible()
    assert not visitor.scrolls_sideways()


def test_a_kind_of_history_stays_chosen_and_the_page_stays_without_a_network(visit, cast):
    visitor = visit("worker", PHONE)
    page, url = visitor.page, reverse("client_page", args=[cast.enrolment.client.public_id])
    visitor.open(url)
    whole, chips = page.locator("[data-follows]"), page.locator("[data-into]")
    with page.expect_response(lambda answer: "kind=contact" in answer.url):
        page.locator('[data-into][href$="kind=contact"]').click()
    page.locator('[data-into][href$="kind=contact"][aria-current]').wait_for()
    assert whole.get_attribute("href").endswith("?kind=contact")
    shown = page.locator("#history-part").inner_text()
    visitor.context.set_offline(True)
    chips.first.click()
    page.locator("[data-told-of]").get_by_text("つながっていません").wait_for()
    assert page.url.endswith(url)
    assert page.locator("#history-part").inner_text() == shown
    visitor.context.set_offline(False)
    chips.first.click()
    page.locator("[data-into][aria-current]").first.wait_for()
    page.locator("[data-told-of]:empty").wait_for(state="attached")
    assert "kind=" not in whole.get_attribute("href")


def test_rarely_read_parts_are_folded_on_a_phone_and_open_on_a_desk(visit, cast):
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    folds = "[data-folds-on-phone]"
    for size, closed in ((PHONE, True), (DESK, False)):
        visitor = visit("worker", size)
        visitor.open(url)
        assert visitor.page.locator(folds).count() >= 4
        shut = visitor.page.locator(f"{folds}:not([open])").count()
        assert (shut == visitor.page.locator(folds).count()) is closed
        assert (shut == 0) is not closed
    # What is due stays in sight, and a link into a folded part opens it.
    phone = visit("worker", PHONE)
    phone.open(f"{url}#cap")
    assert phone.page.locator("#next").is_visible()
    assert phone.page.locator("#cap").is_visible()
    no_scripts = visit("worker", PHONE, java_script_enabled=False)
    no_scripts.open(url)
    assert no_scripts.page.locator("#cap").is_visible()


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
    assert "2026年4月" in line.inner_text()
    assert page.locator(".filters").bounding_box()["height"] <= 80
    assert not page.locator(".filters button").is_visible()
    line.click()
    assert page.locator(".filters button").is_visible()


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
        found += visitor.page.evaluate(MOVING)
    assert bool(found) is moves


def test_the_key_for_a_record_leads_into_the_search(visit):
    visitor = visit("worker")
    visitor.open(reverse("caseload"))
    visitor.page.keyboard.press("n")
    visitor.page.wait_for_url("**/interviews/new/")
    visitor.page.locator("#id_q:focus").wait_for()
