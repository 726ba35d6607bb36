"""Each role does its main job in a real browser, in the demo city."""

import os
from contextlib import contextmanager

import pytest
from django.core import mail
from playwright.sync_api import expect

from clients.models import Enrolment
from plans.models import Application, Decision, Interview
from plans.queries.pace import next_due_of
from teikyaku.accounts.models import Membership
from teikyaku.clock import today
from teikyaku.desk.demo import city
from teikyaku.desk.demo.places import PASSWORD
from teikyaku.desk.demo.plan import Stage, plan_people
from tests.browser.browser import (
    CHROMIUM,
    DESK,
    PHONE,
    press,
    running_chromium,
    sign_in,
    window,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@contextmanager
def visit(browser, live_server, who, size, *, scripts=True):
    """A signed-in page of a role; errors on the console fail the test."""
    context = window(browser, viewport=size, java_script_enabled=scripts)
    page = context.new_page()
    problems = []
    page.on("console", lambda message: _is_problem(message) and problems.append(message.text))
    page.on("response", lambda answer: answer.status >= 500 and problems.append(answer.url))
    sign_in(page, live_server.url, f"{who}@example.jp", PASSWORD)
    yield page
    context.close()
    assert problems == []


def _is_problem(message):
    # 422 is a form that came back with messages at its fields: the page says so itself.
    return message.type == "error" and "422" not in message.text


def test_each_role_does_its_main_job(live_server, monkeypatch):
    # Every third one, and everybody who has something to be done.
    busy = {Stage.OVERDUE, Stage.SETTLED_2, Stage.SETTLED_3, Stage.UNSTABLE}
    people = [each for each in plan_people() if each.index % 3 == 0 or each.stage in busy]
    monkeypatch.setattr(city, "plan_people", lambda: people)
    city.build_city(today(), lambda text: None)
    with running_chromium() as browser:
        log_an_interview_on_the_phone(browser, live_server)
        loosen_the_pace(browser, live_server)
        close_the_month_without_scripts(browser, live_server)
        confirm_the_tier(browser, live_server)
        invite_somebody(browser, live_server)
        decide_on_an_application(browser, live_server)
        correct_a_decision(browser, live_server)


def log_an_interview_on_the_phone(browser, live_server):
    before = Interview.objects.count()
    with visit(browser, live_server, "worker", PHONE) as page:
        press(page, page.locator("main a[href^='/enrolments/'][href$='/interviews/new/']").last)
        page.check("input[name=work_rating][value=settled]", force=True)
        page.check("input[name=life_rating][value=watch]", force=True)
        page.fill("textarea[name=notes]", "昼休みの過ごし方を話した。")
        press(page, "main form button[type=submit]")
        sees(page, "記録しました")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert Interview.objects.count() == before + 1


def loosen_the_pace(browser, live_server):
    office = Membership.objects.get(user__email="manager@example.jp").office
    waiting = [
        row
        for row in Enrolment.objects.filter(office=office).in_use(today()).select_related("office")
        if next_due_of(row).suggestion is not None
    ]
    assert waiting
    with visit(browser, live_server, "manager", DESK) as page:
        page.goto(f"{live_server.url}/enrolments/{waiting[0].public_id}/pace/")
        sees(page, "請求できません")
        page.check("input[name=answer][value=yes]", force=True)
        press(page, "main form button[type=submit]")
        sees(page, "決定を記録しました")


def close_the_month_without_scripts(browser, live_server):
    with visit(browser, live_server, "billing", DESK, scripts=False) as page:
        page.locator(".site-nav summary", has_text="請求").click()
        press(page, page.locator(".site-nav a[href='/months/']"))
        press(page, page.locator("main a.button").filter(has_text="締める"))
        sees(page, "変えられません")
        press(page, page.locator("main button").filter(has_text="締める"))
        sees(page, "請求書を")
        press(page, page.locator("main a[href='?list=closed']"))
        press(page, "a[href^='/person-months/']")
        sees(page, "単位")


def confirm_the_tier(browser, live_server):
    with visit(browser, live_server, "head", DESK) as page:
        page.goto(f"{live_server.url}/office/tier/")
        page.fill("input[name=notified_on]", "令和8年2月30日")
        press(page, "main form button[type=submit]")
        sees(page, "2月30日")
        page.select_option("select[name=tier]", index=2)
        year = int(page.input_value("input[name=fiscal_year]"))
        page.fill("input[name=fiscal_year]", str(year + 1))  # this year's stands already
        for name in ("numerator", "denominator"):  # notified by another count than the records'
            page.fill(f"input[name={name}]", "")
        page.fill("input[name=notified_on]", "令和8年4月10日")
        press(page, "main form button[type=submit]")
        sees(page, "区分を確認しました")


def invite_somebody(browser, live_server):
    with visit(browser, live_server, "admin", DESK) as page:
        page.goto(f"{live_server.url}/manage/people/invite/")
        page.fill("input[name=email]", "New.Person@Example.jp")
        page.fill("input[name=name]", "新田 まき")
        page.check("input[name=roles][value=support_worker]", force=True)
        page.select_option("select[name=office]", index=1)
        press(page, "main form button[type=submit]")
        sees(page, "招待しました")
    sent = next(each for each in mail.outbox if each.to == ["new.person@example.jp"])
    path = next(line for line in sent.body.splitlines() if line.startswith("http"))
    context = window(browser, viewport=PHONE)
    page = context.new_page()
    page.goto(live_server.url + "/" + path.split("/", 3)[3])
    page.fill("input[name=password]", "long-enough-and-strange-7")
    page.fill("input[name=again]", "long-enough-and-strange-7")
    press(page, "main form button[type=submit]")
    sign_in(page, live_server.url, "new.person@example.jp", "long-enough-and-strange-7")
    expect(page.get_by_text("会う人").first).to_be_visible()
    context.close()


def decide_on_an_application(browser, live_server):
    """From the counter to the certificate, as a ward officer."""
    with visit(browser, live_server, "chuo", DESK) as page:
        page.goto(f"{live_server.url}/admin/")
        press(page, page.locator("a.button", has_text="申請を受け付ける"))
        page.fill("input[name=name]", "髙橋 𠮷子")
        page.fill("input[name=kana]", "タカハシ ヨシコ")
        page.fill("input[name=birth_date]", "平成2年5月5日")
        page.fill("input[name=address]", "架空町1-2-3")
        page.check("input[name=received_place]", force=True)
        send(page)
        application = Application.objects.latest("pk")
        one = f"{live_server.url}/admin/plans/application/{application.public_id}"
        page.goto(f"{one}/service/")
        page.select_option("select[name=kind]", "transition")
        page.fill("input[name=starts_on]", "R5.4.1")
        page.fill("input[name=ends_on]", "R7.9.30")
        send(page)
        page.goto(f"{one}/job/")
        page.fill("input[name=employer]", "架空の会社")
        page.fill("input[name=starts_on]", "令和7年10月1日")
        send(page)
        page.goto(f"{one}/survey/")
        page.fill("textarea[name=difficulties]", "朝の支度に時間がかかる")
        send(page)
        page.goto(f"{one}/plan/proposed/")
        page.check("input[name=author][value=self]", force=True)
        send(page)
        page.goto(f"{one}/grant/")
        sees(page, "髙橋 𠮷子")
        page.fill("input[name=number]", "１２３４５６０００９")
        page.select_option("select[name=category]", "low_income")
        page.fill("input[name=cap_yen]", "0")
        send(page)
        sees(page, "この内容で決定します")
        press(page, "main button[name=looked][value=yes]")
    assert Decision.objects.get(application=application).certificates.count() == 1


def correct_a_decision(browser, live_server):
    """The main office mends a day over all wards, found by ward and number."""
    decision = Decision.objects.latest("pk")
    with visit(browser, live_server, "city", PHONE) as page:
        page.goto(f"{live_server.url}/admin/")
        press(page, page.get_by_role("link", name="支給決定を訂正する"))
        page.select_option("select[name=municipality]", str(decision.municipality_id))
        page.fill("input[name=number]", "1234560009")
        send(page)
        expect(page.locator("main")).not_to_contain_text("髙橋")
        press(page, page.get_by_role("link", name="支給決定を訂正する"))
        page.fill("input[name=amount]", "当該月の日数（訂正）")
        page.fill("input[name=reason]", "書き間違い")
        send(page)
        sees(page, "訂正しました")


def sees(page, words):
    expect(page.locator("main")).to_contain_text(words)


def send(page):
    """Press the form's button; it must not come back with errors."""
    press(page, "main form button[type=submit]")
    expect(page.locator("[data-error-summary]"), page.locator("main").inner_text()).to_have_count(0)
