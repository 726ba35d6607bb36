"""Every page that a role can open, on a phone and on a desk: axe, no sideways scroll, no complaint.

Pages whose main part is the same for two roles are looked at once.
"""

import os
import re
from hashlib import sha256

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from tests.access.table import OFFICE, TABLE
from tests.access.urls import url_of
from tests.browser.browser import CHROMIUM, DESK, PHONE, running_chromium, window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]
# The others of the cast hold the same roles in another place, and see the same pages.
ELSEWHERE = ("officer", "city", "admin", "gone")
# A folder for a picture of every page, to be looked at: PICTURES=/some/folder make test ….
PICTURES = os.environ.get("PICTURES")
FILES = re.compile(
    r"_pdf$|_xlsx$|_csv$|_txt$|_template$|_file$|_refusals$|^attachment_(file|picture|thumbnail)$"
)
TOKEN = r'name="csrfmiddlewaretoken" value="[^"]+"'
GRAVE = ("serious", "critical")
# No selectors and nothing loaded beforehand: neither is told, and both take long.
VIOLATIONS = """axe.run({ resultTypes: ['violations'], selectors: false, preload: false }).then(
    (found) => found.violations.map((each) => [each.id, each.impact, each.nodes[0].html]))"""
# What app.js puts into the margin of each sheet.
IN_THE_MARGIN = "document.adoptedStyleSheets.map((sheet) => sheet.cssRules[0].cssText).join()"
ZOOMED = {"width": 640, "height": 450}  # 1280 px at 200 %
# Pages with pictures, long tables and long forms: looked at in every condition.
SAMPLE = (
    ("worker", "home"), ("worker", "client_page"), ("worker", "interview_new"),
    ("manager", "home"), ("manager", "expiry"), ("worker", "waiting"), ("worker", "caseload"),
    ("billing", "home"), ("billing", "month_page"), ("officer", "admin:index"),
    ("officer", "admin:application_page"), ("city", "admin:index"), ("admin", "people"),
    ("worker", "components"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _orm_beside_the_browser(monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("pages are the same on both databases")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Visitor:
    """One role's window; what the console and the server complain about is kept."""

    def __init__(self, browser, live_server, member, size, **condition):
        self.base, self.problems = live_server.url, []
        self.context = window(browser, viewport=size, **condition)
        self.context.add_cookies([self._session(member)])
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _session(self, member):
        self.client = Client()
        self.client.force_login(member.user, backend="teikyaku.accounts.backends.EmailBackend")
        key = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.base}

    def _heard(self, message):
        if message.type == "error":
            self.problems.append(message.text)

    def open(self, url):
        """Go there; the status."""
        return self.page.goto(self.base + url).status

    def scrolls_sideways(self):
        return self.page.evaluate("document.documentElement.scrollWidth > innerWidth")

    def grave(self):
        """What axe finds serious or critical, with the element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
        found = self.page.evaluate(VIOLATIONS)
        return [
            f"{rule} ({impact}): {html[:120]}" for rule, impact, html in found if impact in GRAVE
        ]

    def headings(self):
        return self.page.locator("h1").count()


def pages_of(cast, key, half):
    """(name, url) of every other page that this role opens and that is no file."""
    for name, allowed in list(TABLE.items())[half::2]:
        if key in allowed and not FILES.search(name):
            yield name, url_of(cast, name)


def main_part(html):
    """What is the page's own: without header, secrets and names of sign-ins."""
    text = re.sub(TOKEN, "", html)
    return sha256(text.partition("<main")[2].encode()).hexdigest()


# Halves, so that two workers share what takes longest: a page is the same page for every role.
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("members", [OFFICE, ELSEWHERE], ids=["an office", "wards and the system"])
def test_every_page_on_a_phone_and_on_a_desk(live_server, cast, members, half):
    wrong, seen = [], set()
    with running_chromium() as browser:
        for key in members:
            visitor = Visitor(browser, live_server, cast.members[key], DESK)
            for name, url in pages_of(cast, key, half):
                page = visitor.client.get(url, follow=True)
                mark = main_part(page.content.decode())
                if mark not in seen:
                    seen.add(mark)
                    if not name.startswith("guide"):  # nobody signs in for it
                        wrong += [f"{key} {name}: {each}" for each in tokenless(page)]
                    wrong += look(visitor, f"{key} {name}", url)
            visitor.context.close()
    assert wrong == []
    assert len(seen) > 15, "hardly a page was looked at"


def tokenless(page):
    """Forms that the server would refuse, as the page has them."""
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page.content.decode(), re.DOTALL)
    return [form[:120] for form in forms if not re.search(TOKEN, form)]


def look(visitor, where, url):
    """What is wrong with one page, at both widths."""
    visitor.problems.clear()
    status = visitor.open(url)
    wrong = [] if status == 200 else [f"{where}: {status}"]
    if visitor.headings() != 1:
        wrong.append(f"{where}: {visitor.headings()} h1")
    for size in (DESK, PHONE):
        visitor.page.set_viewport_size(size)
        if PICTURES:
            name_of_file = re.sub(r"\W", "_", f"{where} {size['width']}")
            visitor.page.screenshot(path=f"{PICTURES}/{name_of_file}.png", full_page=True)
        if visitor.scrolls_sideways():
            wrong.append(f"{where} {size['width']}: scrolls sideways")
        wrong += [f"{where} {size['width']}: {fault}" for fault in visitor.grave()]
    return wrong + [f"{where}: {problem}" for problem in visitor.problems]


@pytest.mark.parametrize(
    ("size", "condition"),
    [
        (ZOOMED, {}),
        (PHONE, {"forced_colors": "active"}),
        (DESK, {"reduced_motion": "reduce", "java_script_enabled": False}),
    ],
    ids=["zoomed", "forced colours", "without scripts"],
)
def test_pages_hold_in_other_conditions(live_server, cast, size, condition):
    wrong = []
    with running_chromium() as browser:
        for key, name in SAMPLE:
            visitor = Visitor(browser, live_server, cast.members[key], size, **condition)
            url = url_of(cast, name)
            if visitor.open(url) != 200 or visitor.problems:
                wrong.append(f"{key} {name}: {visitor.problems}")
            width = visitor.page.locator("main").bounding_box()["width"]
            if width > size["width"]:
                wrong.append(f"{key} {name}: {width} px wide")
            visitor.context.close()
    assert wrong == []


def test_paper_shows_the_page_without_its_frame(live_server, cast):
    wrong = []
    with running_chromium() as browser:
        for key, name in SAMPLE:
            visitor = Visitor(browser, live_server, cast.members[key], DESK)
            visitor.open(url_of(cast, name))
            visitor.page.emulate_media(media="print")
            if visitor.page.locator(".site-header").is_visible():
                wrong.append(f"{key} {name}: header")
            if not visitor.page.locator("h1").is_visible():
                wrong.append(f"{key} {name}: no heading")
            if (place := cast.members[key].label) not in visitor.page.evaluate(IN_THE_MARGIN):
                wrong.append(f"{key} {name}: a sheet without {place}")
            visitor.context.close()
    assert wrong == []


def test_paper_without_scripts_says_at_its_head_whose_it_is(live_server, cast):
    with running_chromium() as browser:
        visitor = Visitor(
            browser, live_server, cast.members["worker"], DESK, java_script_enabled=False
        )
        visitor.open(url_of(cast, "caseload"))
        head = visitor.page.locator(".print-head")
        expect(head).to_be_hidden()
        visitor.page.emulate_media(media="print")
        expect(head).to_contain_text(cast.office.name)


def test_faults_would_be_found(live_server, cast):
    """The looking itself: a page with the three faults is told of."""
    with running_chromium() as browser:
        visitor = Visitor(browser, live_server, cast.members["worker"], PHONE)
        visitor.open("/me/")
        visitor.page.evaluate(
            """() => { const main = document.querySelector('main');
            main.innerHTML = '<img src="/static/none.png"><input><p>wide</p>';
            main.lastChild.setAttribute('class', 'nowrap');
            main.lastChild.textContent = 'w'.repeat(400); console.error('said'); }"""
        )
        assert any(fault.startswith(("image-alt", "label")) for fault in visitor.grave())
        assert visitor.headings() == 0
        assert visitor.scrolls_sideways()
        assert any("said" in problem for problem in visitor.problems)
