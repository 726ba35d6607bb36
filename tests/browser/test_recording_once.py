"""What is written is recorded once, on a slow network and after a lost answer; what waits is shown in words."""

from urllib.parse import parse_qs

import pytest
from django.db import connection
from playwright.sync_api import expect

from plans.models import Interview, InterviewDraft
from tests.browser.browser import CHROMIUM, PHONE, running_chromium
from tests.browser.test_keeping_texts import WORDS, Writer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("the browser's own storage is the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture
def writer(live_server, cast):
    with running_chromium() as browser:
        yield lambda key="worker": Writer(browser, live_server, cast.members[key], PHONE)


def rate_and_record(hand):
    hand.page.locator("label[for=id_work_rating_0]").click()
    hand.page.locator("label[for=id_life_rating_0]").click()
    hand.records("記録しました")


class slow:
    """Inside the block every answer to the page takes so long on its way."""

    def __init__(self, hand, milliseconds=1500):
        self.session = hand.context.new_cdp_session(hand.page)
        self.milliseconds = milliseconds

    def set(self, latency):
        self.session.send("Network.enable")
        self.session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": latency,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )

    def __enter__(self):
        self.set(self.milliseconds)

    def __exit__(self, *_error):
        self.set(0)


def test_recorded_while_a_save_is_on_its_way_it_is_one_record(writer, cast):
    hand = writer()
    hand.begin(cast)
    with slow(hand):
        with hand.page.expect_request("**/interviews/draft/"):
            hand.write()
        hand.write(WORDS + "続き")
        with hand.page.expect_request(
            lambda sent: sent.method == "POST" and sent.url.endswith("/new/")
        ) as record:
            rate_and_record(hand)
    # Its answer was waited for: the draft goes along by its name.
    assert "draft" in parse_qs(record.value.post_data)
    assert Interview.objects.filter(notes=WORDS + "続き").count() == 1
    assert not InterviewDraft.objects.exists()
    hand.is_wiped()
    # And with a draft that exists: one's own save is no other screen's.
    hand.begin(cast)
    hand.write("次の話")
    hand.is_told("書きかけを保存しました")
    with slow(hand):
        with hand.page.expect_request("**/interviews/draft/"):
            hand.write("次の話の続き")
        rate_and_record(hand)
    assert Interview.objects.filter(notes="次の話の続き").count() == 1
    assert not InterviewDraft.objects.exists()
    assert hand.problems == []


def test_a_record_whose_answer_was_lost_is_told_to_be_stored(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.write()
    hand.is_told("書きかけを保存しました")
    hand.page.locator("label[for=id_work_rating_0]").click()
    hand.page.locator("label[for=id_life_rating_0]").click()

    def lost(route):
        route.fetch(max_redirects=0)
        route.abort()

    hand.page.route("**/interviews/new/", lost)
    hand.loses_the_answer()
    hand.page.unroute("**/interviews/new/")
    assert Interview.objects.filter(notes=WORDS).count() == 1
    hand.begin(cast)
    hand.takes()
    hand.is_told("もう記録しています")
    hand.records("もう記録してあります")
    assert Interview.objects.filter(notes=WORDS).count() == 1
    assert not InterviewDraft.objects.exists()
    hand.is_wiped()


def test_what_waits_is_offered_in_words_never_in_codes(writer, cast):
    hand = writer()
    hand.begin(cast)
    hand.page.route("**/interviews/draft/", lambda route: route.abort())
    code = hand.page.input_value("#id_work_rating_2")
    label = hand.page.locator("label[for=id_work_rating_2]").inner_text().strip()
    hand.page.locator("label[for=id_work_rating_2]").click()
    hand.begin(cast)
    expect(hand.offers()).to_contain_text(label)
    expect(hand.offers()).not_to_contain_text(code)
    hand.takes()
    hand.write("短文")
    hand.begin(cast)
    expect(hand.offers().locator("[data-keep-text]")).to_have_text("短文")


def test_a_refusal_asks_for_no_ratings_and_hides_nothing_that_was_chosen(writer, cast):
    hand = writer()
    hand.begin(cast)
    refused = hand.page.locator("label", has=hand.page.locator("input[value=refused]"))
    asked = [hand.page.locator(of) for of in ("#id_work_rating_0", "#id_topics_0")]
    goals = hand.page.locator("details", has=hand.page.locator("[name^=goal_]"))
    expect(goals).to_be_visible()
    refused.click()
    for each in (*asked, goals):
        expect(each).to_be_hidden()
    hand.page.locator("label", has=hand.page.locator("input[value=met]")).click()
    hand.page.locator("label[for=id_work_rating_0]").click()
    hand.page.locator("label[for=id_topics_0]").click()
    refused.click()
    expect(goals).to_be_hidden()
    for each in asked:
        expect(each).to_be_visible()


def test_a_text_that_nobody_can_read_keeps_no_old_one_on_the_device(writer, cast):
    hand = writer()
    hand.begin(cast)
    old = '{"at": 0, "text": {}}'
    hand.page.evaluate(
        "old => { localStorage.setItem('teikyaku.text.0', 'no json');"
        " localStorage.setItem('teikyaku.text.1', old); localStorage.setItem('teikyaku.text.2', '{}'); }",
        old,
    )
    hand.open("/")
    hand.is_wiped()
