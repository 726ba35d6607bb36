"""What is being written survives a lost network, a lost session and a closed tab, for its writer only."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from plans.models import Interview, InterviewDraft
from tests.browser.browser import CHROMIUM, PHONE, press, running_chromium, until
from tests.browser.test_every_page import Visitor
from tests.cast import take_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
WORDS = "昼休みの過ごし方を話した。"
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('teikyaku.text.')).length"
SAVE = "main form.form button[type=submit]"


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("the browser's own storage is the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Writer(Visitor):
    """Somebody who writes about the cast's person on a phone."""

    def begin(self, cast):
        self.form = reverse("interview_new", args=[cast.enrolment.public_id])
        self.open(self.form)

    def write(self, words=WORDS):
        self.page.fill("#id_notes", words)

    def is_told(self, words):
        expect(self.page.locator("[data-keep-status]")).to_contain_text(words)

    def records(self, words):
        """Send the form; the page that follows says so."""
        press(self.page, SAVE)
        expect(self.page.get_by_text(words)).to_be_visible()

    def is_sent_to_the_sign_in(self):
        press(self.page, SAVE)
        expect(self.page).to_have_url(re.compile("/accounts/login/"))

    def loses_the_answer(self):
        """Send the form over a network that breaks: the browser shows an error page of its own."""
        with self.page.expect_event(
            "framenavigated", lambda frame: frame.url.startswith("chrome-error:")
        ):
            self.page.locator(SAVE).first.click(no_wait_after=True)

    def offers(self):
        """The lines that stand on the page; the hidden one is what they are made from."""
        return self.page.locator("[data-keep-offer]").filter(visible=True)

    def takes(self):
        self.page.locator("[data-keep-take]").first.click()

    def shows(self, words, field="#id_notes"):
        expect(self.page.locator(field)).to_have_value(words)

    def keeps(self, number):
        """So many texts lie on the device, at once or soon."""
        until(self.page, lambda: self.page.evaluate(KEPT) == number, f"{number} texts are kept")

    def is_wiped(self):
        """The next page wipes what is recorded, as soon as its script runs."""
        self.keeps(0)

    def sign_out_by_the_server(self):
        self.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


@pytest.fixture
def writer(live_server, cast):
    with running_chromium() as browser:
        yield lambda key="worker": Writer(browser, live_server, cast.members[key], PHONE)


def test_it_saves_itself_and_is_gone_when_recorded(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.write()
    hand.is_told("書きかけを保存しました")
    draft = InterviewDraft.objects.get()
    assert draft.answers["notes"] == WORDS
    hand.keeps(0)  # the server has it
    hand.write(WORDS + "続き")
    hand.page.locator("input[name=version][value='2']").wait_for(state="attached")
    hand.open("/")
    # On a phone what was begun is one line, once the page has come.
    expect(hand.page.locator("details:has(#drafts)")).not_to_have_attribute("open", "")
    hand.page.locator("#drafts").click()
    press(hand.page, hand.page.locator(f'a[href*="draft={draft.public_id}"]'))
    hand.shows(WORDS + "続き")
    hand.page.locator("label[for=id_work_rating_0]").click()
    hand.page.locator("label[for=id_life_rating_0]").click()
    hand.records("記録しました")
    assert Interview.objects.filter(notes=WORDS + "続き").count() == 1
    assert not InterviewDraft.objects.exists()
    hand.is_wiped()
    expect(hand.page).not_to_have_url(re.compile("#"))
    assert hand.problems == []


def test_without_a_network_it_waits_on_the_device(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.context.set_offline(True)
    hand.write()
    hand.is_told("この端末に残してあります")
    hand.keeps(1)
    assert not InterviewDraft.objects.exists()
    hand.context.set_offline(False)  # the page hears it and saves by itself
    hand.is_told("書きかけを保存しました")
    assert InterviewDraft.objects.get().answers["notes"] == WORDS
    hand.keeps(0)


def test_after_a_lost_session_it_is_there_again(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.sign_out_by_the_server()
    for topic in ("money", "home"):
        hand.page.locator("label", has=hand.page.locator(f"input[value={topic}]")).click()
    hand.write()
    hand.is_told("サインインが切れました")
    hand.is_sent_to_the_sign_in()
    hand.keeps(1)
    # Another user of the same device is offered nothing.
    hand.context.add_cookies([hand._session(cast.members["manager"])])
    hand.begin(cast)
    expect(hand.offers()).to_have_count(0)
    hand.context.add_cookies([hand._session(cast.members["worker"])])
    hand.begin(cast)
    expect(hand.offers()).to_contain_text(WORDS)
    hand.takes()
    hand.shows(WORDS)
    hand.is_told("書きかけを保存しました")
    assert InterviewDraft.objects.get().answers["topics"] == ["money", "home"]
    hand.keeps(0)


def test_what_waits_is_not_written_over_before_it_was_decided_on(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.page.route("**/interviews/draft/", lambda route: route.abort())
    hand.write()
    hand.is_told("この端末に残してあります")
    hand.page.unroute("**/interviews/draft/")
    hand.begin(cast)
    expect(hand.offers()).to_have_count(1)
    hand.page.locator("details", has=hand.page.locator("#id_place")).locator(
        "summary"
    ).first.click()
    hand.page.fill("#id_place", "喫茶店")
    hand.is_told("書きかけを保存しました")
    assert WORDS in hand.page.evaluate("JSON.stringify(localStorage)")
    hand.page.locator("[data-keep-drop]").first.click()
    hand.keeps(0)
    expect(hand.page.locator("[data-keep-box]").filter(visible=True)).to_have_count(0)


def logs_an_attempt(hand, person):
    hand.open(reverse("attempt_new", args=[person.public_id]))
    press(hand.page, "main form.form button[name=way]")
    expect(hand.page.get_by_text("記録しました")).to_be_visible()


@pytest.fixture
def neighbour(cast):
    """Somebody else whom the same worker serves."""
    return take_in(cast.office, cast.members["worker"], cast.today - timedelta(days=300),
                   "別人 花子", "べつじん はなこ", date(1991, 2, 3))  # fmt: skip


def test_after_a_lost_session_it_waits_though_something_else_is_saved(writer, cast, neighbour):
    hand = writer()
    hand.begin(cast)
    hand.sign_out_by_the_server()
    hand.write()
    hand.is_told("サインインが切れました")
    hand.is_sent_to_the_sign_in()
    hand.context.add_cookies([hand._session(cast.members["worker"])])
    hand.begin(cast)
    expect(hand.offers()).to_have_count(1)
    logs_an_attempt(hand, neighbour)
    hand.begin(cast)
    hand.takes()
    hand.shows(WORDS)


def test_what_never_reached_the_server_waits_though_something_else_is_saved(
    writer, cast, neighbour
):
    hand = writer()
    hand.begin(cast)
    hand.page.route("**/interviews/**", lambda route: route.abort())
    hand.write()
    hand.is_told("この端末に残してあります")
    hand.loses_the_answer()
    hand.page.unroute("**/interviews/**")
    logs_an_attempt(hand, neighbour)
    hand.keeps(1)
    hand.begin(cast)
    hand.takes()
    hand.shows(WORDS)


def test_two_tabs_of_one_person_keep_both_texts(writer, cast):
    hand = writer()
    hand.begin(cast)
    first, second = hand.page, hand.context.new_page()
    second.goto(first.url)
    for tab, words in ((first, WORDS), (second, "もう一つの画面の文")):
        tab.route("**/interviews/draft/", lambda route: route.abort())
        tab.fill("#id_notes", words)
        expect(tab.locator("[data-keep-status]")).to_contain_text("この端末に残してあります")
    first.close()
    second.close()
    hand.page = hand.context.new_page()
    hand.page.route("**/interviews/draft/", lambda route: route.abort())
    hand.begin(cast)
    expect(hand.offers()).to_have_count(2)
    expect(hand.page.locator("[data-keep-box]").filter(visible=True)).to_have_count(1)
    # What is typed beside the open offers is kept too, and waits when another text is taken.
    hand.write("三つ目の文")
    hand.keeps(3)
    hand.offers().filter(has_text=WORDS).locator("[data-keep-take]").click()
    hand.shows(WORDS)
    hand.keeps(3)
    kept = hand.page.evaluate("Object.values(localStorage).join()")
    for words in (WORDS, "もう一つの画面の文", "三つ目の文"):
        assert words in kept
    expect(hand.offers()).to_have_count(2)


def test_signing_out_and_a_day_wipe_the_device(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.page.route("**/interviews/draft/", lambda route: route.abort())
    hand.write()
    hand.is_told("この端末に残してあります")
    hand.page.evaluate(
        "for (const key of Object.keys(localStorage).filter(k => k.startsWith('teikyaku.text.'))) {"
        " const text = JSON.parse(localStorage.getItem(key)); text.at -= 24 * 3600 * 1000 - 600000;"
        " localStorage.setItem(key, JSON.stringify(text)); }"
    )
    hand.open("/guide/")
    hand.keeps(1)  # ten minutes before the day is over
    hand.page.evaluate(
        "for (const key of Object.keys(localStorage).filter(k => k.startsWith('teikyaku.text.'))) {"
        " const text = JSON.parse(localStorage.getItem(key)); text.at -= 1200000;"
        " localStorage.setItem(key, JSON.stringify(text)); }"
    )
    hand.open("/guide/")
    hand.keeps(0)
    hand.page.evaluate(
        "localStorage.setItem('teikyaku.text.x./y', JSON.stringify({ at: Date.now() }))"
    )
    hand.page.evaluate("localStorage.setItem('teikyaku.keys.off', 'yes')")
    hand.open("/accounts/logout/")
    press(hand.page, "main form button[type=submit]")
    hand.keeps(0)
    assert hand.page.evaluate("localStorage.getItem('teikyaku.keys.off')") == "yes"


def test_two_tabs_are_told(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.write()
    hand.is_told("書きかけを保存しました")
    draft = InterviewDraft.objects.get()
    InterviewDraft.objects.update(
        version=5, page=uuid4(), answers={**draft.answers, "notes": "もう一つの画面の文"}
    )
    hand.write("この画面の文")
    hand.is_told("書き換えられています")
    hand.page.locator("label[for=id_work_rating_0]").click()
    hand.page.locator("label[for=id_life_rating_0]").click()
    hand.records("もう一つの画面の文")
    hand.shows("この画面の文")
    assert hand.scrolls_sideways() is False
    assert hand.grave() == []


def test_a_long_form_without_drafts_waits_on_the_device(writer, cast):
    hand = writer()
    hand.open(reverse("client_new"))
    hand.page.fill("#id_name", "架空 太郎")
    hand.page.fill("#id_kana", "カクウ タロウ")
    hand.is_told("この端末に残してあります")
    hand.sign_out_by_the_server()
    hand.is_sent_to_the_sign_in()
    # Another user of the same device is offered nothing.
    hand.context.add_cookies([hand._session(cast.members["manager"])])
    hand.open(reverse("client_new"))
    expect(hand.offers()).to_have_count(0)
    hand.context.add_cookies([hand._session(cast.members["worker"])])
    hand.open(reverse("client_new"))
    hand.takes()
    hand.shows("架空 太郎", "#id_name")
    # What comes back with errors stays as the server sent it, and goes on being kept.
    press(hand.page, SAVE)
    expect(hand.page.locator("[data-error-summary]")).to_be_visible()
    expect(hand.offers()).to_have_count(0)
    hand.shows("カクウ タロウ", "#id_kana")
    hand.keeps(1)
    hand.page.fill("#id_birth_date", "H2.1.2")
    hand.records("登録しました")
    hand.is_wiped()
    assert [each for each in hand.problems if "422" not in each] == []


def test_goals_that_were_added_come_back(writer, cast):
    hand = writer("manager")
    form = reverse("support_plan_record", args=[cast.enrolment.public_id])
    hand.open(form)
    press(hand.page, "[data-keep-more]")
    expect(hand.page.locator("#id_goal_3_goal")).to_be_attached()
    expect(hand.offers()).to_have_count(0)
    hand.page.evaluate(
        "document.querySelectorAll('main details').forEach(each => each.open = true)"
    )
    hand.page.fill("#id_goal_3_goal", "朝の電車に慣れる")
    hand.open(form)
    expect(hand.page.locator("#id_goal_2_goal")).to_be_attached()
    expect(hand.page.locator("#id_goal_3_goal")).to_have_count(0)
    hand.takes()
    expect(hand.page.locator("#id_goal_3_goal")).to_be_attached()
    hand.shows("朝の電車に慣れる", "#id_goal_3_goal")


def test_passwords_and_files_are_never_kept(writer, cast):
    hand = writer()
    hand.open(reverse("client_new"))
    hand.page.evaluate(
        "document.querySelector('form[data-keeps]').insertAdjacentHTML('beforeend',"
        " '<input type=password name=secret value=geheim><input type=file name=scan>')"
    )
    hand.page.fill("#id_name", "架空 太郎")
    kept = hand.page.evaluate("JSON.stringify(localStorage)")
    assert "架空 太郎" in kept
    assert "geheim" not in kept
    assert "scan" not in kept
