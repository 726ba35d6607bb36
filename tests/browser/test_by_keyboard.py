"""More of the main jobs by keyboard alone, and with scripts off: handing over, a ward's steps."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from clients.models import Enrolment
from plans.models import Decision, Interview, ReportShare
from teikyaku.periods import Month
from tests.browser.browser import CHROMIUM, DESK, press, running_chromium
from tests.browser.test_budgets import SAVE, Hand
from tests.cast import meet
from tests.ward.conftest import Counter

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
CATEGORY = "main select[name=category]"
PLACE = "s => [...s.options].findIndex(each => each.value === 'low_income') - s.selectedIndex"


class Keys(Hand):
    """Somebody at a desk who touches no mouse."""

    def enter_on(self, selector):
        """Go there by the tab key, press it, and wait for the page that it leads to."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, selector, text):
        """Put a text where another one may stand."""
        self.tab_to(selector)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)


@pytest.fixture
def keys(live_server, cast):
    """A keyboard for a role; all windows close with the test."""
    with running_chromium() as browser:
        yield lambda key, **condition: Keys(
            browser, live_server, cast.members[key], DESK, **condition
        )


def test_an_attempt_by_keyboard_alone(keys, cast):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(interview_due_on=cast.today)
    hand = keys("worker")
    hand.open("/")
    hand.enter_on(f'a[href="{reverse("attempt_new", args=[cast.enrolment.public_id])}"]')
    hand.enter_on("main button[value=phone]")
    hand.sees("記録しました")
    assert Interview.objects.filter(enrolment=cast.enrolment, outcome="attempt").count() == 1


def test_a_report_is_written_and_handed_over_by_keyboard_alone(keys, cast):
    meet(cast.enrolment, cast.members["worker"], cast.today)
    place = [cast.enrolment.public_id, Month.of(cast.today)]
    hand = keys("worker")
    hand.open(reverse("report_write", args=place))
    hand.write("textarea[name=goals]", "休まずに通う。")
    hand.write("textarea[name=result]", "鍵盤だけで書いた。")
    hand.write("textarea[name=next_steps]", "来月も会う。")
    hand.enter_on(SAVE)
    hand.sees("支援レポートを保存しました")
    hand.enter_on(f'main a[href="{reverse("report_share", args=place)}"]')
    hand.enter_on(SAVE)
    hand.sees("渡したことを記録しました")
    month = Month.of(cast.today).first_day
    assert ReportShare.objects.filter(report__month=month, recipient="person").count() == 1


@pytest.fixture
def heard(cast):
    """An application of the officer's ward that waits for its decision."""
    return Counter(Client(), cast).heard()


def test_a_ward_decides_by_keyboard_alone(keys, heard):
    hand = keys("officer")
    hand.open(reverse("admin:decision_grant", args=[heard.public_id]))
    hand.write("main input[name=number]", "1234567899")
    down = hand.page.locator(CATEGORY).evaluate(PLACE)
    hand.tab_to(CATEGORY)
    for _turn in range(down):
        hand.page.keyboard.press("ArrowDown")
    expect(hand.page.locator(CATEGORY)).to_have_value("low_income")
    hand.write("main input[name=cap_yen]", "0")
    hand.enter_on(SAVE)
    hand.sees("この内容で決定します")
    hand.enter_on("main button[name=looked][value=yes]")
    expect(hand.page.locator("[data-error-summary]")).to_have_count(0)
    assert Decision.objects.get(application=heard).certificates.count() == 1


def test_a_wards_steps_without_scripts(keys, cast):
    row = Counter(Client(), cast).received()
    hand = keys("officer", java_script_enabled=False)
    page = hand.page
    hand.open(reverse("admin:survey_new", args=[row.public_id]))
    page.fill("textarea[name=difficulties]", "朝の支度に時間がかかる")
    press(page, SAVE)
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    hand.open(reverse("admin:plan_new", args=[row.public_id, "proposed"]))
    page.check("input[name=author][value=self]", force=True)
    press(page, SAVE)
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    hand.open(reverse("admin:decision_grant", args=[row.public_id]))
    page.fill("input[name=number]", "1234567899")
    page.select_option(CATEGORY, "low_income")
    page.fill("input[name=cap_yen]", "0")
    press(page, SAVE)
    hand.sees("この内容で決定します")
    press(page, "main button[name=looked][value=yes]")
    expect(page.locator("[data-error-summary]")).to_have_count(0)
    assert Decision.objects.get(application=row).certificates.count() == 1
