"""見本: every page, paper and file with figures of a sample fee table says so."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import get_resolver, reverse
from openpyxl import load_workbook

from billing.context import PAGES, WITHOUT
from billing.models import MonthClosing, TariffConfirmation
from billing.queries.samples import has_sample
from teikyaku.periods import Month
from tests.access.urls import url_of, walk
from tests.printing.test_documents import needs_pdftotext, text_of

pytestmark = pytest.mark.django_db

# Files without figures of the table: what is filled in, and what other software or the bank gets.
FILES_WITHOUT = {
    "cap_figures_template", "opening_invoices_file", "fee_table_template", "claim_file_csv",
    "debit_file_txt",
}  # fmt: skip
# Papers that are issued once and frozen, with the mark as it was on their day.
FROZEN = {
    "invoice_pdf", "plain_invoice_pdf", "receipt_pdf", "proxy_notice_pdf", "notice_withdrawal_pdf",
    "payment_reminder_pdf",
}  # fmt: skip


def money_urls() -> list[str]:
    """The names of every address of the billing app that can be looked at."""
    return sorted(
        name
        for name, pattern in walk(get_resolver().url_patterns)
        if getattr(pattern.callback, "__module__", "").startswith(PAGES)
    )


def words_of(answer: Any) -> str:
    """What somebody reads of a page, a paper or a workbook."""
    kind = answer["Content-Type"]
    if "html" in kind:
        return answer.content.decode().partition("<main")[2]
    if "pdf" in kind:
        return text_of(answer.content)
    if "sheet" in kind:
        return " ".join(load_workbook(io.BytesIO(answer.content)).sheetnames)
    return ""


def unmarked(client: Any, cast: Any) -> list[str]:
    """Those that show figures without a word; each address is asked by who may open it."""
    skipped = {*WITHOUT, *FILES_WITHOUT, *FROZEN}
    # All of them before the first is opened: the objects in them come into being on the way.
    urls = {name: url_of(cast, name) for name in money_urls() if name not in skipped}
    found = []
    for name, url in urls.items():
        answer = client.get(url)
        if answer.status_code in (200, 422) and "見本" not in words_of(answer):
            found.append(name)
    return found


@needs_pdftotext
@pytest.mark.once  # the pages are asked of both databases by tests/access; here their words are read
@pytest.mark.timeout(120)  # every page and paper of the money, once
def test_every_page_paper_and_file_is_marked(client, cast):
    client.force_login(cast.user("head"), backend="teikyaku.accounts.backends.EmailBackend")
    assert unmarked(client, cast) == []


def test_what_is_left_out_is_there():
    names = set(money_urls())
    assert {*WITHOUT, *FILES_WITHOUT, *FROZEN} - names == set()


@pytest.mark.parametrize("name", ["month_page", "person_month_page"])
def test_those_that_say_it_themselves(client, cast, name):
    client.force_login(cast.user("head"), backend="teikyaku.accounts.backends.EmailBackend")
    answer = client.get(url_of(cast, name)).content.decode()
    assert answer.count("見本の報酬表で計算しています") == 1


def test_the_home_says_it_to_who_bills_alone(client, cast):
    backend = "teikyaku.accounts.backends.EmailBackend"
    client.force_login(cast.user("billing"), backend=backend)
    assert "見本の報酬表で計算しています" in client.get(reverse("home")).content.decode()
    client.force_login(cast.user("worker"), backend=backend)
    assert "見本の報酬表で計算しています" not in client.get(reverse("home")).content.decode()


def test_nothing_is_marked_without_a_sample(client, cast):
    TariffConfirmation.objects.update(is_sample=False)
    # As if the months had been closed with a table that is none; the rows refuse it themselves.
    QuerySet(MonthClosing).update(is_sample_tariff=False)
    client.force_login(cast.user("head"), backend="teikyaku.accounts.backends.EmailBackend")
    for name in ("payments", "cap_month", "money_page"):
        assert "見本の報酬表で" not in client.get(url_of(cast, name)).content.decode()
    body = client.get(reverse("payments_xlsx")).content
    assert "見本" not in " ".join(load_workbook(io.BytesIO(body)).sheetnames)


def test_a_month_is_told_by_its_own_table(cast):
    assert has_sample(cast.office, Month.of(cast.person_month.month))
    assert has_sample(cast.office)
    assert not has_sample(cast.office, Month(2026, 5))  # the table of the product is none
