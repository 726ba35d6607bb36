"""パンくず of the billing pages: where one is, and the way back."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Invoice
from billing.rules.claim_calendar import CLAIM
from teikyaku.figures import first_month_of
from teikyaku.periods import Month


def crumbs(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    """ホーム, then these (label, address); the last one is the page itself, without an address."""
    return [
        {"label": _("ホーム"), "url": reverse("home")},
        *({"label": label, "url": url} for label, url in steps),
    ]


def month_step(month: Month) -> tuple[str, str]:
    """The page of a month."""
    label = _("%(month)sの請求") % {"month": month.label}
    return label, reverse("month_page", args=[month])


def previous_url(page: str, month: Month) -> str:
    """The page of the month before; "" at the first month that has days for claims."""
    return reverse(page, args=[month - 1]) if month > first_month_of(CLAIM) else ""


def invoice_page(invoice: Invoice) -> str:
    """The page on which an invoice stands with its money: its month's, or its own."""
    if invoice.person_month is None:
        return reverse("opening_invoice", args=[invoice.public_id])
    return reverse("person_month_page", args=[invoice.person_month.public_id])


def payments_step() -> tuple[str, str]:
    """The list of payments."""
    return _("入金"), reverse("payments")
