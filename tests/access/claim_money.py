"""What 国保連 paid, in the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from typing import Any

from billing.actions.claim_payment import record_claim_payments
from billing.actions.proxy_notice import issue_notice
from billing.models import ClaimFile, ClaimPayment
from teikyaku.clock import at_noon
from tests.cast import Cast

READERS = ("manager", "head", "billing")
WRITERS = ("head", "billing")
TABLE: dict[str, tuple[str, ...]] = {
    "claim_payments": (*READERS, "outsider"),
    "claim_payments_xlsx": (*READERS, "outsider"),
    "claim_payment_record": WRITERS,
    "claim_payment_cancel": WRITERS,
    "proxy_notice_pdf": READERS,
    "plain_invoice_pdf": READERS,
    "envelopes": (*READERS, "outsider"),
    "envelopes_pdf": (*READERS, "outsider"),
    "service_record_pdf": ("worker", *READERS),
    "service_records_pdf": (*READERS, "outsider"),
}
POSTS = {
    "proxy_notice_issue": WRITERS,
    "envelopes_sent": (*WRITERS, "outsider"),
    "proxy_notices_issue": (*WRITERS, "outsider"),
}


def arguments(cast: Cast) -> dict[str, Any]:
    """The claim of the closed month was paid, and told."""
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    entry = cast.person_month.claim_entries.get()
    payment = ClaimPayment.objects.filter(entry=entry).first()
    if payment is None:
        file = ClaimFile.objects.get(pk=entry.file_id)
        (payment,) = record_claim_payments(
            file=file, paid_on=cast.today, amounts={entry.pk: 24_000}, **who
        )
    return {"notice": issue_notice(payment=payment, by=who["by"], at=who["at"]).public_id}
