"""How many taps the main jobs cost, and the same jobs by keyboard alone and with scripts off."""

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from billing.models import MonthClosing, PersonMonth
from clients.models import Enrolment
from plans.models import Interview, ReportShare
from teikyaku.periods import Month
from tests.browser.browser import CHROMIUM, DESK, PHONE, press, running_chromium
from tests.browser.test_every_page import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TABS = 150

# Beside it a form may have buttons that insert a text, and a hidden one for the Enter key.
SAVE = "main form button[type=submit]:not([name], .visually-hidden)"


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("taps are the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Hand(Visitor):
    """A finger that counts its taps; typing costs nothing."""

    taps = 0

    def tap(self, selector):
        self.taps += 1
        self.page.locator(selector).first.click()

    def tap_on(self, selector):
        """Tap what leads to another page, and wait for that page."""
        self.taps += 1
        press(self.page, selector)

    def sees(self, words):
        expect(self.page.locator("main")).to_contain_text(words)

    def tab_to(self, selector):
        """Move the focus there by the tab key, as somebody without a mouse."""
        for _turn in range(TABS):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by the tab key")


@pytest.fixture
def hand(live_server, cast):
    """A hand for a role, on a phone unless said otherwise; all close with the test."""
    with running_chromium() as browser:
        yield lambda key, size=PHONE, **condition: Hand(
            browser, live_server, cast.members[key], size, **condition
        )


@pytest.fixture
def due(cast):
    """The cast's person is due soon, so that the home lists them."""
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    return cast.enrolment


def test_an_interview_costs_twelve_taps_at_most(hand, due, cast):
    finger = hand("worker")
    finger.open("/")
    finger.tap_on(f'a[href="{reverse("interview_new", args=[due.public_id])}"]')
    finger.tap("label[for=id_work_rating_0]")
    finger.tap("label[for=id_life_rating_0]")
    finger.tap("#id_notes")
    finger.page.keyboard.type("昼休みの過ごし方を話した。")
    finger.tap_on("main form button[type=submit]")
    finger.sees("記録しました")
    assert Interview.objects.filter(enrolment=due, held_on=cast.today).exists()
    assert finger.taps <= 12


def test_an_attempt_costs_two_taps(hand, due, cast):
    finger = hand("worker")
    finger.open("/")
    finger.tap_on(f'a[href="{reverse("attempt_new", args=[due.public_id])}"]')
    finger.tap_on("main button[value=phone]")
    assert Interview.objects.filter(enrolment=due, outcome="attempt").count() == 1
    assert finger.taps == 2


def test_a_green_month_costs_five_clicks_at_most(hand, cast):
    finger = hand("billing", DESK)
    finger.open("/")
    month = Month.of(cast.today) - 1
    finger.tap_on(f'a[href="{reverse("month_close", args=[month])}"]')
    finger.tap_on("main form button[type=submit]")
    assert MonthClosing.objects.filter(office=cast.office, month=month.first_day).exists()
    assert PersonMonth.objects.filter(month=month.first_day).count() == 1
    assert finger.taps <= 5


@pytest.mark.parametrize("wanted", ["しけん たろう", "1234567890"])
def test_a_person_costs_three_taps_at_most(hand, cast, wanted):
    finger = hand("worker")
    finger.open("/")
    finger.tap("#site-search")
    finger.page.keyboard.type(wanted)
    finger.tap_on(".site-search button")
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    expect(finger.page).to_have_url(finger.base + page)
    assert finger.taps <= 3


def test_the_day_by_keyboard_alone(hand, due, cast):
    finger = hand("worker", DESK)
    finger.open("/")
    keys = finger.page.keyboard
    keys.press("/")
    keys.type("しけん たろう")
    keys.press("Enter")
    finger.page.wait_for_url("**/clients/*-*/")
    keys.press("n")
    finger.page.wait_for_url("**/interviews/new/")
    finger.tab_to("input[name=work_rating]")
    keys.press("Space")
    finger.tab_to("input[name=life_rating]")
    keys.press("Space")
    finger.tab_to("textarea[name=notes]")
    keys.type("鍵盤だけで書いた。")
    finger.tab_to("main form button[type=submit]")
    keys.press("Enter")
    finger.page.wait_for_url("**/clients/*-*/")
    finger.sees("記録しました")
    assert Interview.objects.filter(notes="鍵盤だけで書いた。").count() == 1


def test_a_month_is_closed_by_keyboard_alone(hand, cast):
    finger = hand("billing", DESK)
    finger.open("/")
    month = Month.of(cast.today) - 1
    finger.tab_to(f'a[href="{reverse("month_close", args=[month])}"]')
    finger.page.keyboard.press("Enter")
    finger.page.wait_for_url("**/close/")
    finger.tab_to("main form button[type=submit]")
    finger.page.keyboard.press("Enter")
    finger.page.wait_for_url(lambda url: not url.endswith("/close/"))
    assert MonthClosing.objects.filter(office=cast.office, month=month.first_day).exists()


def test_the_day_with_scripts_off(hand, due, cast):
    finger = hand("worker", PHONE, java_script_enabled=False)
    finger.open("/")
    finger.page.fill("#site-search", "しけん たろう")
    finger.tap_on(".site-search button")
    finger.tap_on(f'a[href="{reverse("interview_new", args=[due.public_id])}"]')
    finger.tap("label[for=id_work_rating_0]")
    finger.tap("label[for=id_life_rating_0]")
    finger.tap_on(SAVE)
    finger.sees("記録しました")
    # The report of the month, and to whom it went.
    finger.open(reverse("report_write", args=[due.public_id, Month.of(cast.today)]))
    for name in ("goals", "done", "result", "next_steps"):
        finger.page.fill(f"[name={name}]", "書いた")
    finger.tap_on(SAVE)
    finger.open(reverse("report_share", args=[due.public_id, Month.of(cast.today)]))
    finger.tap("label[for=id_way_0]")
    finger.tap_on(SAVE)
    month = Month.of(cast.today).first_day
    assert ReportShare.objects.filter(report__month=month).count() == 1
