"""The billing part of the access matrix: who opens what, and the objects in its addresses."""

from __future__ import annotations

from datetime import date
from typing import Any

from billing.actions.payment import record_payment
from billing.actions.receipt import issue_receipt
from billing.models import (
    CapResult,
    CapResultLine,
    CapSheetCancellation,
    CapSheetRevision,
    CapTelling,
    CityAnswer,
    ClaimFile,
    ClaimFileContent,
    ClaimFileEntry,
    Invoice,
    MonthAnswer,
    MonthCorrection,
    OfficeNotification,
    OpeningClaim,
    OpeningClaimDeduction,
    OpeningClaimPayment,
    OpeningInvoice,
    OtherServiceSum,
    Payment,
    Refund,
    Subsidy,
)
from plans.models import CapPeriod
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.cast import Cast

READERS = ("manager", "head", "billing")
WRITERS = ("head", "billing")
TABLE: dict[str, tuple[str, ...]] = {
    "opening_claims": (*READERS, "outsider"),
    "opening_claim_new": (*WRITERS, "outsider"),
    "opening_claim_correct": WRITERS,
    "opening_claim_withdraw": WRITERS,
    "opening_claim_pay": WRITERS,
    "opening_claim_payment_cancel": WRITERS,
    "opening_claim_deduct": (*WRITERS, "outsider"),
    "opening_claim_deduction_cancel": WRITERS,
    "opening_invoices": (*WRITERS, "outsider"),
    "opening_invoices_file": (*WRITERS, "outsider"),
    "opening_invoice": READERS,
    "opening_invoice_correct": WRITERS,
    "opening_invoice_withdraw": WRITERS,
    "month_latest": (*READERS, "outsider"),
    "month_page": (*READERS, "outsider"),
    "month_pdf": (*READERS, "outsider"),
    "invoices_pdf": (*READERS, "outsider"),
    "month_xlsx": (*READERS, "outsider"),
    "month_close": (*WRITERS, "outsider"),
    "cap_month": (*READERS, "outsider"),
    "months_correct": (*WRITERS, "outsider"),
    "cap_tell": WRITERS,
    "cap_tell_back": WRITERS,
    "cap_cancel": (*WRITERS, "outsider"),
    "cap_revise": (*WRITERS, "outsider"),
    "cap_reports_pdf": READERS,
    "cap_reports_xlsx": READERS,
    "cap_figures_template": (*WRITERS, "outsider"),
    "differences": (*READERS, "outsider"),
    "differences_xlsx": (*READERS, "outsider"),
    "cap_result": WRITERS,
    "cap_sheet_pdf": READERS,
    "claim_export": (*READERS, "outsider"),
    "claim_files_make": (*WRITERS, "outsider"),
    "claim_setting": (*WRITERS, "outsider"),
    "other_sum_new": (*WRITERS, "outsider"),
    "other_sum_correct": WRITERS,
    "person_additions": READERS,
    "month_answer_new": WRITERS,
    "month_answer_correct": WRITERS,
    "subsidy_new": WRITERS,
    "city_answer": WRITERS,
    "city_answer_withdraw": WRITERS,
    "subsidy_correct": WRITERS,
    "claim_sums_xlsx": (*READERS, "outsider"),
    "claim_file_csv": WRITERS,
    "claim_file_withdraw": WRITERS,
    "claim_file_check": (*WRITERS, "outsider"),
    "person_month_page": READERS,
    "correction_list": (*READERS, "outsider"),
    "month_correct": WRITERS,
    "petition_record": WRITERS,
    "refund_record": WRITERS,
    "refund_cancel": WRITERS,
    "invoice_pdf": READERS,
    "money_page": (*READERS, "outsider"),
    "money_xlsx": (*READERS, "outsider"),
    "payments": (*READERS, "outsider"),
    "payments_xlsx": (*READERS, "outsider"),
    "journal": (*READERS, "outsider"),
    "journal_accounts": (*WRITERS, "outsider"),
    "journal_xlsx": (*READERS, "outsider"),
    "open_items": (*READERS, "outsider"),
    "open_items_xlsx": (*READERS, "outsider"),
    "payment_record": WRITERS,
    "payment_cancel": WRITERS,
    "receipt_pdf": READERS,
    "office_settings": (*READERS, "outsider"),
    "tier_confirm": ("head", "outsider"),
    "notification_correct": ("head",),
    "tier_correct": ("head",),
    "notification_new": ("head", "outsider"),
}
POSTS = {
    "opening_invoices_undo": (*WRITERS, "outsider"),
    "invoice_issue": WRITERS,
    "payments_together": (*WRITERS, "outsider"),
    "receipt_issue": WRITERS,
    "other_sum_remove": WRITERS,
}


def arguments(cast: Cast) -> dict[str, Any]:
    """A part of the cast's invoice is paid, with a receipt."""
    payment = Payment.objects.first() or record_payment(
        invoice=cast.invoice, paid_on=cast.today, amount_yen=100, way="cash",
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip
    receipt = issue_receipt(payment=payment, by=cast.members["billing"], at=at_noon(cast.today))
    return {
        "result": _result_of(cast).public_id,
        "file": _file_of(cast).public_id,
        "tier": cast.office.tiers.latest("fiscal_year").public_id,
        "notification": _notification_of(cast).public_id,
        "person_month": cast.person_month.public_id,
        "invoice": cast.invoice.public_id,
        **_claim_before(cast),
        "before": _before_of(cast).public_id,
        "payment": payment.public_id,
        "receipt": receipt.public_id,
        "month_correction": _correction_of(cast).public_id,
        "refund": _refund_of(cast).public_id,
        **_told_of(cast),
        "answer": _answer_of(cast).public_id,
        "subsidy": _subsidy_of(cast).public_id,
        "city": _city_of(cast).public_id,
        "sums": _sums_of(cast).public_id,
    }


def _written(cast: Cast) -> dict[str, Any]:
    return {"recorded_by": cast.members["billing"], "recorded_at": at_noon(cast.today)}


def _before_of(cast: Cast) -> Invoice:
    """What was open of a month before the office moved in."""
    known = Invoice.objects.filter(person_month=None).first()
    if known is not None:
        return known
    row = Invoice.objects.create(
        enrolment=cast.enrolment, month=date(2020, 4, 1), amount_yen=100, due_on=date(2020, 6, 30)
    )
    OpeningInvoice.objects.create(
        invoice=row, issued_on=date(2020, 5, 1), carried_on=date(2020, 5, 1), **_written(cast)
    )
    return row


def _claim_before(cast: Cast) -> dict[str, Any]:
    """What 国保連 owed of a month that other software claimed, and a part that was paid."""
    row = OpeningClaim.objects.filter(replaced_by=None).first()
    row = row or OpeningClaim.objects.create(
        office=cast.office, month=date(2020, 4, 1), amount_yen=100, carried_on=date(2020, 5, 1),
        **_written(cast),
    )  # fmt: skip
    money = OpeningClaimPayment.objects.filter(cancels=None).last()
    money = money or OpeningClaimPayment.objects.create(
        claim=row, paid_on=date(2020, 6, 1), amount_yen=50, **_written(cast)
    )
    off = OpeningClaimDeduction.objects.filter(cancels=None).last()
    off = off or OpeningClaimDeduction.objects.create(
        office=cast.office, month=date(2020, 3, 1), municipality=cast.wards[2],
        deducted_on=date(2020, 6, 1), amount_yen=50, **_written(cast),
    )  # fmt: skip
    return {
        "claim_before": row.public_id, "claim_money": money.public_id,
        "deduction_before": off.public_id,
    }  # fmt: skip


def _correction_of(cast: Cast) -> MonthCorrection:
    """Why the month was put right; what it says of the row is of no matter here."""
    return MonthCorrection.objects.get_or_create(
        person_month=cast.person_month, defaults={"reason": "record", **_written(cast)}
    )[0]


def _refund_of(cast: Cast) -> Refund:
    """Some yen of the paid part went back."""
    known = Refund.objects.filter(cancels=None).first()
    return known or Refund.objects.create(
        invoice=cast.invoice, amount_yen=1, refunded_on=cast.today, way="cash", **_written(cast)
    )


def _answer_of(cast: Cast) -> MonthAnswer:
    """Another office used the addition of a month next year."""
    month = date(cast.today.year + 1, 4, 1)
    return MonthAnswer.objects.get_or_create(
        enrolment=cast.enrolment, kind="network_elsewhere", first_month=month,
        defaults={"last_month": month, "why": "本人に確認", "told_on": cast.today, **_written(cast)},
    )[0]  # fmt: skip


def _city_of(cast: Cast) -> CityAnswer:
    """What the municipality said of a month next year; one that was taken back is followed by another."""
    known = CityAnswer.objects.standing().first()
    month = Month(cast.today.year + 1, 4) + CityAnswer.objects.count()
    return known or CityAnswer.objects.create(
        enrolment=cast.enrolment, month=month.first_day, is_billable=True,
        codes=["report_late"], answered_on=cast.today, way="phone", respondent="給付係",
        **_written(cast),
    )  # fmt: skip


def _subsidy_of(cast: Cast) -> Subsidy:
    """A subsidy from next year on."""
    return Subsidy.objects.get_or_create(
        enrolment=cast.enrolment, first_month=date(cast.today.year + 1, 4, 1),
        defaults={
            "municipality": cast.wards[2], "kind": "percent", "amount": 50, "source": "要綱",
            **_written(cast),
        },
    )[0]  # fmt: skip


def _sums_of(cast: Cast) -> OtherServiceSum:
    """What another service comes to in the closed month."""
    return OtherServiceSum.objects.get_or_create(
        office=cast.office, month=cast.person_month.month, municipality=cast.wards[2],
        service_type="43",
        defaults={
            "count": 1, "units": 1000, "total_cost_yen": 10_000, "benefit_yen": 9_000,
            "copayment_yen": 1_000, **_written(cast),
        },
    )[0]  # fmt: skip


def _file_of(cast: Cast) -> ClaimFile:
    """A claim file of the closed month with the person in it."""
    month = Month.of(cast.person_month.month)
    file, is_new = ClaimFile.objects.get_or_create(
        office=cast.office, processing_month=(month + 1).first_day, family="J111", number=1,
        defaults={
            "month": month.first_day, "name": "S0000001.CSV", "digest": "", "lines": 9, "people": 1,
            "total_cost_yen": 27680, "benefit_yen": 24912, "recorded_by": cast.members["billing"],
            "recorded_at": at_noon(cast.today),
        },
    )  # fmt: skip
    if is_new:
        ClaimFileContent.objects.create(file=file, content=b"1")
        ClaimFileEntry.objects.create(file=file, person_month=cast.person_month)
    return file


def _result_of(cast: Cast) -> CapResult:
    """The person's cap is managed, and the sheet of an older month was made here."""
    CapPeriod.objects.filter(client=cast.enrolment.client).update(
        is_managed=True, managing_office_number="1510000001", managing_office_name="架空ホーム"
    )
    return CapResult.objects.get_or_create(
        enrolment=cast.enrolment, month=(Month.of(cast.today) - 2).first_day, number=1,
        defaults={
            "outcome": "2", "cap_yen": 9300, "is_made_here": True,
            "managing_office_number": cast.office.number, "managing_office_name": cast.office.name,
            "decided_on": cast.today, "own_total_yen": 27680, "own_before_yen": 2768,
            "own_after_yen": 2768, "recorded_by": cast.members["billing"],
            "recorded_at": at_noon(cast.today),
        },
    )[0]  # fmt: skip


def _told_of(cast: Cast) -> dict[str, Any]:
    """A sheet was put right, then cancelled, and another office told; the bytes are of no matter here."""
    known = CapTelling.objects.first()
    if known is None:
        month = Month.of(cast.person_month.month)
        entries = []
        for number in (900, 901, 902):
            file = ClaimFile.objects.create(
                office=cast.office, processing_month=(month + 1).first_day, family="J611",
                number=number, month=month.first_day, name=f"S0000{number}.CSV", digest="", lines=3,
                people=1, total_cost_yen=0, benefit_yen=0, **_written(cast),
            )  # fmt: skip
            entries.append(ClaimFileEntry.objects.create(file=file, person_month=cast.person_month))
        CapSheetRevision.objects.create(
            entry=entries[1], sheet=entries[0], result=_result_of(cast), **_written(cast)
        )
        CapSheetCancellation.objects.create(
            entry=entries[2], sheet=entries[1], reason="withdrawn", **_written(cast)
        )
        line, _is_new = CapResultLine.objects.get_or_create(
            result=_result_of(cast), position=2,
            defaults={"office_number": "1510000001", "office_name": "架空ホーム", "rank": "1_day",
                      "total_cost_yen": 0, "before_yen": 0, "after_yen": 0},
        )  # fmt: skip
        known = CapTelling.objects.create(
            entry=entries[2], line=line, told_on=cast.today, way="phone", **_written(cast)
        )
    return {"changed": known.entry.public_id, "telling": known.public_id}


def _notification_of(cast: Cast) -> OfficeNotification:
    """An addition that holds from next year on."""
    return OfficeNotification.objects.get_or_create(
        office=cast.office, item="job_coach_trained", first_month=date(cast.today.year + 1, 4, 1),
        defaults={
            "notified_on": cast.today, "recorded_by": cast.members["head"],
            "recorded_at": at_noon(cast.today),
        },
    )[0]  # fmt: skip
