"""What every page with figures of a fee table says: that the table is a sample."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from billing.queries.samples import has_sample
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.periods import Month

# Pages of the money live here; one that is added is marked without anybody thinking of it.
PAGES = "billing.views."
# Pages of other apps that show yen of the month. Those that tell the tables of their years name the sample there.
BESIDE = frozenset({"home"})
# Pages without the mark, and why.
WITHOUT = {
    "month_page": "says it itself, with the service codes",
    "person_month_page": "says it itself, as the row was closed",
    "opening_claims": "figures of other software",
    "opening_claim_new": "figures of other software",
    "opening_claim_correct": "figures of other software",
    "opening_claim_withdraw": "figures of other software",
    "opening_claim_pay": "figures of other software",
    "opening_claim_payment_cancel": "figures of other software",
    "opening_claim_deduct": "figures of other software",
    "opening_claim_deduction_cancel": "figures of other software",
    "opening_invoices": "figures of other software",
    "opening_invoice": "figures of other software",
    "opening_invoice_correct": "figures of other software",
    "opening_invoice_withdraw": "figures of other software",
    "tariffs": "says it of each table",
    "fee_table_page": "says it of the table",
    "claim_file_check": "a file from outside: the check names the codes that are samples",
    "debit_setting": "the bank's facts, no figure of a table",
    "journal_accounts": "names of accounts, no figure of a table",
    "tier_confirm": "what was notified, no figure of a table",
    "tier_correct": "what was notified, no figure of a table",
    "notification_new": "what was notified, no figure of a table",
    "notification_correct": "what was notified, no figure of a table",
}


def sample(request: HttpRequest) -> dict[str, Any]:
    """`sample_mark`: whether the page shows figures of a sample table (one query, on pages of the money alone)."""
    return {"sample_mark": _is_marked(request)}


def _is_marked(request: HttpRequest) -> bool:
    match, membership = request.resolver_match, getattr(request, "membership", None)
    if match is None or membership is None or membership.scope != Scope.OFFICE:
        return False
    name = match.view_name
    is_page = match.func.__module__.startswith(PAGES) and name not in WITHOUT
    if not is_page and not (name in BESIDE and membership.may(Permission.MONTH_READ)):
        return False
    month = match.kwargs.get("month")
    return has_sample(membership.office, *([month] if isinstance(month, Month) else []))
