"""What 国保連 paid, in the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billing.actions.claim_payment import record_claim_payments
from billing.actions.payment_reminder import issue_reminder
from billing.actions.proxy_notice import issue_notice
from billing.models import ClaimFile, ClaimPayment, PaymentReminder
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
    "payment_reminders": (*READERS, "outsider"),
    "payment_reminders_pdf": (*READERS, "outsider"),
    "payment_reminder_pdf": READERS,
    "envelopes": (*READERS, "outsider"),
    "envelopes_pdf": (*READERS, "outsider"),
    "service_record_pdf": ("worker", *READERS),
    "service_records_pdf": (*READERS, "outsider"),
}
POSTS = {
    "proxy_notice_issue": WRITERS,
    "payment_reminder_issue": WRITERS,
    "payment_reminders_issue": (*WRITERS, "outsider"),
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
    return {
        "notice": issue_notice(payment=payment, by=who["by"], at=who["at"]).public_id,
        "payment_reminder": _letter_of(cast).public_id,
    }


def _letter_of(cast: Cast) -> PaymentReminder:
    """A letter of the day after the last day for the cast's invoice."""
    late = cast.invoice.due_on + timedelta(days=1)
    return PaymentReminder.objects.first() or issue_reminder(
        client=cast.enrolment.client, office=cast.office, by=cast.members["billing"],
        at=at_noon(late),
    )  # fmt: skip
