"""The main pages, each as a multiple of a session-only request.

A session-only request is "my account": the session, the user, the memberships and the frame that
every page has, and nothing of its own. Page and session-only request take turns, so that whatever
else the machine does falls on both, and the quickest turn of each counts: the rest is the machine's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.crowd import GROWN
from benchmarks.where import where_of
from billing.models import PersonMonth
from billing.queries.month import month_board
from clients.models import Client, Enrolment, RecipientNumber
from plans.models import Application, SupportReport
from teikyaku.accounts.models import Membership, User
from teikyaku.accounts.queries.membership import memberships_of
from teikyaku.periods import Month

SESSION_ONLY = "my_account"
BACKEND = "teikyaku.accounts.backends.EmailBackend"
TURNS = 15
WHERE_TURNS = 5


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its name in the figures, who opens it (the sign-in before the @), where, its answer."""

    name: str
    who: str
    url: str
    status: int = 200


def office_pages(on: date) -> Iterator[Page]:
    """The pages of the first office's people, and of the person with the longest history."""
    office = _membership("worker", on).office
    assert office is not None
    month = Month.of(on) - 1
    enrolment = _fullest(office.pk, on)
    client = enrolment.client
    kana = client.names.order_by("-starts_on")[0].kana[0]
    number = RecipientNumber.objects.filter(client=client)[0].number
    report = SupportReport.objects.filter(enrolment=enrolment).order_by("-month")[0]
    written = Month.of(report.month)
    closed = PersonMonth.objects.standing().filter(enrolment=enrolment).order_by("-month")[0]
    own = enrolment.public_id
    yield Page("home_worker", "worker", reverse("home"))
    yield Page("home_manager", "manager", reverse("home"))
    yield Page("home_head", "head", reverse("home"))
    yield Page("home_billing", "billing", reverse("home"))
    yield Page("billing_home", "head", reverse("billing_home"))
    yield Page("clients", "worker", reverse("client_list"))
    yield Page("clients_by_kana", "worker", reverse("client_list") + f"?q={kana}")
    # One match opens at once: the search alone is measured here, the page below.
    yield Page("clients_by_number", "worker", f"{reverse('client_list')}?q={number}", 302)
    yield Page("client", "manager", reverse("client_page", args=[client.public_id]))
    yield Page("interview_form", "worker", reverse("interview_new", args=[own]))
    yield Page("interview_choose", "worker", reverse("interview_choose"))
    yield Page("expiry", "manager", reverse("expiry"))
    yield Page("report", "worker", reverse("report_page", args=[own, written]))
    yield Page("report_write", "worker", reverse("report_write", args=[own, written]))
    yield Page("month", "billing", reverse("month_page", args=[month]))
    yield Page("month_close", "billing", reverse("month_close", args=[month]))
    yield Page("person_month", "billing", reverse("person_month_page", args=[closed.public_id]))
    yield Page("audit_log", "head", reverse("audit_log"))


def public_pages(on: date, ward: str, who: str) -> Iterator[Page]:
    """The pages of a ward; `ward` is put behind the names in the figures."""
    municipality = _membership(who, on).municipality
    assert municipality is not None
    newest = Application.objects.filter(municipality=municipality).order_by("-received_on", "-pk")
    application = newest.filter(survey__isnull=False)[0]
    name = application.client.names.order_by("-starts_on")[0].kana[0]
    every = reverse("admin:application_list")
    one = reverse("admin:application_page", args=[application.public_id])
    yield Page(f"queue{ward}", who, reverse("admin:index"))
    yield Page(f"applications{ward}", who, every)
    yield Page(f"applications_by_kana{ward}", who, f"{every}?q={name}")
    yield Page(f"application{ward}", who, one)


def city_pages() -> Iterator[Page]:
    """The pages of the city's main office and of the system administrator."""
    yield Page("city_figures", "city", reverse("admin:index"))
    yield Page("city_figures_grown", f"{GROWN}.city", reverse("admin:index"))
    yield Page("people", "admin", reverse("people"))
    yield Page("audit_log_of_the_system", "admin", reverse("audit_log"))


def all_pages(on: date) -> Iterator[Page]:
    """Every main page; those of a ward twice, of a small one and of one that grows with the people."""
    yield Page("session_only", "worker", reverse(SESSION_ONLY))
    yield from office_pages(on)
    yield from public_pages(on, "", "chuo")
    yield from public_pages(on, "_grown", f"{GROWN}.chuo")
    yield from city_pages()


def measure_pages(pages: list[Page]) -> dict[str, dict[str, float]]:
    """By name: milliseconds, multiple of a session-only request, queries, KB of HTML, and where."""
    browsers = {who: _signed_in(who) for who in {page.who for page in pages}}
    return {page.name: _measure(page, browsers[page.who]) for page in pages}


def month_board_ms(on: date) -> float:
    """Milliseconds to judge a whole office's month, without the page around it."""
    office = _membership("billing", on).office
    assert office is not None
    return _ms(_timed(lambda: month_board(office, Month.of(on) - 1, on)))


def _measure(page: Page, browser: Browser) -> dict[str, float]:
    bare = reverse(SESSION_ONLY)
    size = _opened(browser, page.url, page.status)  # also warms up
    _opened(browser, bare)
    spent: dict[str, list[float]] = {bare: [], page.url: []}
    for _turn in range(TURNS):
        for url, times in spent.items():
            began = time.perf_counter()
            browser.get(url)
            times.append(time.perf_counter() - began)
    with CaptureQueriesContext(connection) as queries:
        browser.get(page.url)
    own, without = min(spent[page.url]), min(spent[bare])
    return {
        "ms": _ms(own),
        "multiple": round(own / without, 1),
        "queries": len(queries),
        "kb": round(size / 1024, 1),
        **where_of(lambda: browser.get(page.url), WHERE_TURNS),
    }


def _opened(browser: Browser, url: str, status: int = 200) -> int:
    response = browser.get(url)
    if response.status_code != status:
        raise RuntimeError(f"{url}: {response.status_code}")
    return len(response.content)


def _timed(job: Callable[[], object]) -> float:
    job()
    found = []
    for _turn in range(TURNS):
        began = time.perf_counter()
        job()
        found.append(time.perf_counter() - began)
    return min(found)


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _signed_in(who: str) -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(email=f"{who}@example.jp"), backend=BACKEND)
    return browser


def _membership(who: str, on: date) -> Membership:
    return memberships_of(User.objects.get(email=f"{who}@example.jp"), on)[0]


def _fullest(office_id: int, on: date) -> Enrolment:
    """The running enrolment with the most contacts: a page must bear a long history."""
    running = Enrolment.objects.filter(office=office_id).in_use(on).select_related("client")
    found = running.filter(client__in=Client.objects.filter(recipient_numbers__isnull=False))
    return max(found, key=lambda row: (row.interviews.count(), -row.pk))
