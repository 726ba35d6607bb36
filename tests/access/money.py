"""The billing part of the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from typing import Any

from billing.actions.payment import record_payment
from billing.actions.receipt import issue_receipt
from billing.models import Payment
from teikyaku.clock import at_noon
from tests.cast import Cast

READERS = ("manager", "head", "billing")
WRITERS = ("head", "billing")
TABLE: dict[str, tuple[str, ...]] = {
    "month_latest": (*READERS, "outsider"),
    "month_page": (*READERS, "outsider"),
    "month_pdf": (*READERS, "outsider"),
    "month_xlsx": (*READERS, "outsider"),
    "month_close": (*WRITERS, "outsider"),
    "claim_file_check": (*WRITERS, "outsider"),
    "person_month_page": READERS,
    "invoice_pdf": READERS,
    "payments": (*READERS, "outsider"),
    "payments_xlsx": (*READERS, "outsider"),
    "payment_record": WRITERS,
    "payment_cancel": WRITERS,
    "receipt_pdf": READERS,
    "office_settings": (*READERS, "outsider"),
    "tier_confirm": ("head", "outsider"),
    "notification_new": ("head", "outsider"),
}
POSTS = {
    "invoice_issue": WRITERS,
    "payments_together": (*WRITERS, "outsider"),
    "receipt_issue": WRITERS,
}


def arguments(cast: Cast) -> dict[str, Any]:
    """A part of the cast's invoice is paid, with a receipt."""
    payment = Payment.objects.first() or record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=100, way="cash",
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip
    receipt = issue_receipt(payment=payment, by=cast.members["billing"], at=at_noon(cast.today))
    return {
        "person_month": cast.person_month.public_id,
        "invoice": cast.invoice.public_id,
        "payment": payment.public_id,
        "receipt": receipt.public_id,
    }
