"""Copying from a photo on a phone, and the days that stand beside their field."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.browser import CHROMIUM, PHONE, press, running_chromium
from tests.browser.test_every_page import Visitor
from tests.papers import attached

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
# Where the photo stands once the page is scrolled to its last field, and that field itself.
PLACES = """() => {
  [...document.querySelectorAll('.beside__fields input')].at(-1).scrollIntoView({block: 'end'});
  const box = (place) => document.querySelector(place).getBoundingClientRect();
  const photo = box('.beside__strip');
  const field = [...document.querySelectorAll('.beside__fields input')].at(-1).getBoundingClientRect();
  return [photo.top, photo.bottom, field.top, innerHeight];
}"""


@pytest.fixture
def worker(live_server, cast, monkeypatch):
    """The worker's phone."""
    if connection.vendor != "sqlite":
        pytest.skip("pages are the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with running_chromium() as browser:
        yield Visitor(browser, live_server, cast.members["worker"], PHONE)


def test_the_photo_stays_in_sight_above_the_field(worker, cast):
    paper = attached(cast)
    url = reverse("certificate_transcribe", args=[cast.enrolment.public_id])
    worker.open(f"{url}?paper={paper.public_id}")
    top, bottom, field, height = worker.page.evaluate(PLACES)
    assert top >= 0
    assert 0 < bottom < field < height


def test_a_day_beside_the_field_goes_into_it(worker, cast):
    consent = cast.enrolment.consents.get()
    worker.open(reverse("consent_end", args=[cast.enrolment.public_id, consent.public_id]))
    worker.page.get_by_role("button", name="きのう").click()
    yesterday = (cast.today - timedelta(days=1)).isoformat()
    expect(worker.page.locator("#id_withdrawn_on")).to_have_value(yesterday)


def test_the_name_of_a_recipient_begins_where_the_lines_below_begin(worker, cast):
    month = cast.today.isoformat()[:7]
    worker.open(reverse("report_write", args=[cast.enrolment.public_id, month]))
    for name in ("goals", "done", "result", "next_steps"):
        worker.page.fill(f"#id_{name}", "x")
    save = worker.page.locator("form[data-inserts] button:visible", has_text="保存する").last
    press(worker.page, save)
    expect(worker.page.locator("#recipients")).to_be_visible()
    lefts = worker.page.evaluate(
        """() => ['th', 'td'].map((cell) => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector(`.table--stack tbody ${cell}`));
          return range.getBoundingClientRect().left;
        })"""
    )
    assert lefts[0] == lefts[1]
