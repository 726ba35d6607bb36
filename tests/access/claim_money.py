"""What 国保連 paid, in the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from billing.actions.claim_payment import record_claim_payments
from billing.actions.direct_debit import record_account
from billing.actions.payment_reminder import issue_reminder
from billing.actions.proxy_notice import issue_notice
from billing.models import (
    ClaimDeduction,
    ClaimFile,
    ClaimFileEntry,
    ClaimPayment,
    ClaimReturn,
    DebitAccount,
    DebitFile,
    NoticeWithdrawal,
    PaymentReminder,
    ProxyNotice,
)
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.cast import Cast
from tests.printing.samples_money import NOTICE_WITHDRAWAL

READERS = ("manager", "head", "billing")
WRITERS = ("head", "billing")
TABLE: dict[str, tuple[str, ...]] = {
    "claim_payments": (*READERS, "outsider"),
    "claim_payments_xlsx": (*READERS, "outsider"),
    "claim_payment_record": WRITERS,
    "claim_payment_cancel": WRITERS,
    "claim_return_reason": WRITERS,
    "claim_deduction_record": WRITERS,
    "claim_deduction_cancel": WRITERS,
    "proxy_notice_pdf": READERS,
    "notice_withdrawal_pdf": READERS,
    "plain_invoice_pdf": READERS,
    "debits": (*READERS, "outsider"),
    "debit_setting": (*WRITERS, "outsider"),
    "debit_file": READERS,
    "debit_file_txt": WRITERS,
    "debit_results": WRITERS,
    "debit_results_typed": WRITERS,
    "debit_file_withdraw": WRITERS,
    "debit_account": WRITERS,
    "debit_account_end": WRITERS,
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
    "notice_withdraw": WRITERS,
    "notices_withdraw": (*WRITERS, "outsider"),
    "debit_file_make": (*WRITERS, "outsider"),
    "payment_reminder_issue": WRITERS,
    "payment_reminders_issue": (*WRITERS, "outsider"),
    "envelopes_sent": (*WRITERS, "outsider"),
    "envelopes_unsent": (*WRITERS, "outsider"),
    "proxy_notices_issue": (*WRITERS, "outsider"),
}


def arguments(cast: Cast) -> dict[str, Any]:
    """The claim of the closed month was paid, and told."""
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    entry = cast.person_month.claim_entries.get(file__family="J111", returned=None)
    payment = ClaimPayment.objects.filter(entry=entry).first()
    if payment is None:
        file = ClaimFile.objects.get(pk=entry.file_id)
        (payment,) = record_claim_payments(
            file=file, paid_on=cast.today, amounts={entry.pk: 24_000}, **who
        )
    notice = issue_notice(payment=payment, by=who["by"], at=who["at"])
    return {
        "claim_return": _return_of(cast).public_id,
        "notice": notice.public_id,
        "withdrawal": _withdrawal_of(cast, notice).public_id,
        "payment_reminder": _letter_of(cast).public_id,
        "claim": entry.public_id,
        "deduction": _deduction_of(cast, entry.pk).public_id,
        "debit_account": _account_of(cast).public_id,
        "debit_file": _debit_file_of(cast).public_id,
    }


def _return_of(cast: Cast) -> ClaimReturn:
    """The claim of the month came back before; that it was paid since is of no matter here."""
    known = ClaimReturn.objects.first()
    if known is not None:
        return known
    month = Month.of(cast.person_month.month)
    written = {"recorded_by": cast.members["billing"], "recorded_at": at_noon(cast.today)}
    file = ClaimFile.objects.create(
        office=cast.office, processing_month=(month + 1).first_day, family="J111", number=903,
        month=month.first_day, name="S0000903.CSV", digest="", lines=3, people=1,
        total_cost_yen=0, benefit_yen=0, **written,
    )  # fmt: skip
    entry = ClaimFileEntry.objects.create(file=file, person_month=cast.person_month)
    return ClaimReturn.objects.create(entry=entry, **written)


def _withdrawal_of(cast: Cast, notice: ProxyNotice) -> NoticeWithdrawal:
    """The notice was taken back on paper; why is of no matter here."""
    known = NoticeWithdrawal.objects.filter(notice=notice).first()
    if known is not None:
        return known
    number = f"{notice.document.number}-T"
    paper = freeze_document(
        kind="notice_withdrawal", number=number, content={**NOTICE_WITHDRAWAL, "number": number},
        person_id=cast.enrolment.client.public_id, by=cast.members["billing"],
        at=at_noon(cast.today),
    )  # fmt: skip
    return NoticeWithdrawal.objects.create(
        notice=notice, person_month=notice.payment.entry.person_month, document=paper
    )


def _deduction_of(cast: Cast, entry: int) -> ClaimDeduction:
    """Something was taken off for the claim; why is of no matter here."""
    return ClaimDeduction.objects.get_or_create(
        entry_id=entry, cancels=None,
        defaults={
            "deducted_on": cast.today, "amount_yen": 1, "recorded_by": cast.members["billing"],
            "recorded_at": at_noon(cast.today),
        },
    )[0]  # fmt: skip


def _account_of(cast: Cast) -> DebitAccount:
    """The person's account."""
    return DebitAccount.objects.first() or record_account(
        client=cast.enrolment.client, office=cast.office, by=cast.members["billing"],
        at=at_noon(cast.today), bank_code="0001", bank_name="カクウ", branch_code="001",
        branch_name="ホンテン", kind="1", number="1234567", holder_kana="シケン タロウ",
        consented_on=cast.today, starts_on=cast.today,
    )  # fmt: skip


def _debit_file_of(cast: Cast) -> DebitFile:
    """A file of the office; what is in it is of no matter here."""
    return DebitFile.objects.get_or_create(
        office=cast.office, number=1,
        defaults={
            "debit_on": cast.today, "count": 0, "total_yen": 0, "header": "",
            "recorded_by": cast.members["billing"], "recorded_at": at_noon(cast.today),
        },
    )[0]  # fmt: skip


def _letter_of(cast: Cast) -> PaymentReminder:
    """A letter of the day after the last day for the cast's invoice."""
    late = cast.invoice.due_on + timedelta(days=1)
    return PaymentReminder.objects.first() or issue_reminder(
        client=cast.enrolment.client, office=cast.office, by=cast.members["billing"],
        at=at_noon(late),
    )  # fmt: skip
