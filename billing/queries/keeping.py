"""What of a person an office's closed months hold, and what of it is not settled yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from billing.models import (
    CapResult,
    CapResultLine,
    CapSheetCancellation,
    CapSheetRevision,
    CapTelling,
    CityAnswer,
    ClaimDeduction,
    ClaimFileContent,
    ClaimFileEntry,
    ClaimPayment,
    ClaimReturn,
    ClaimReturnReason,
    DebitAccount,
    DebitEntry,
    DebitResult,
    ErrorPetition,
    Invoice,
    MonthAnswer,
    MonthClosing,
    MonthCorrection,
    NoticeWithdrawal,
    OpeningInvoice,
    PaperDispatch,
    Payment,
    PaymentReminder,
    PaymentReminderLine,
    PersonMonth,
    PersonMonthLine,
    ProxyNotice,
    Receipt,
    Refund,
    Subsidy,
)
from billing.models.month import PersonMonthQuerySet
from billing.queries.payments import due_refunds, open_invoices
from billing.queries.pending_debits import pending
from billing.queries.verify import is_whole
from clients.models import Client
from clients.rules.citing import by_practice
from teikyaku.accounts.models import Office
from teikyaku.era import both
from teikyaku.erasing import Part, part
from teikyaku.periods import Month
from teikyaku.reasons import Reason


def months_of(client: Client, office: Office) -> PersonMonthQuerySet:
    """The person's closed months at the office, with what was corrected since."""
    return PersonMonth.objects.filter(client=client, closing__office=office)


def closings_of(client: Client, office: Office) -> list[MonthClosing]:
    """The runs that froze a month of the person."""
    keys = months_of(client, office).values("closing")
    return list(
        MonthClosing.objects.filter(pk__in=keys).select_related("remainder").order_by("month", "pk")
    )


def unsettled(client: Client, office: Office) -> tuple[Reason, ...]:
    """What of the money has to be settled before the months may go: no reasons, nothing."""
    found = [
        by_practice(
            10,
            "keeping.open_invoice",
            f"{Month.of(row.month).label}の請求書が未入金です。",
        )
        for row in open_invoices(office).filter(enrolment__client=client)
    ]
    found += [
        by_practice(10, "keeping.refund", f"{Month.of(row.month).label}の返金がまだです。")
        for row in due_refunds(office).filter(enrolment__client=client)
    ]
    waiting = pending().filter(invoice__enrolment__client=client, invoice__enrolment__office=office)
    found += [
        by_practice(10, "keeping.debit", f"{both(on)}の口座振替の結果を、まだ読み込んでいません。")
        for on in waiting.order_by("file__debit_on").values_list("file__debit_on", flat=True)
    ]
    asked = months_of(client, office).standing().filter(copayment_yen__gt=F("subsidy_yen"))
    unasked = asked.filter(invoices=None)
    found += [
        by_practice(
            10, "keeping.no_invoice", f"{Month.of(row.month).label}の請求書を、まだ出していません。"
        )
        for row in unasked.order_by("month")
    ]
    return (*found, *_damaged(closings_of(client, office)))


def _damaged(closings: Iterable[MonthClosing]) -> tuple[Reason, ...]:
    text = "の締めが、凍結したときと違います。システム管理者に知らせてください。"
    return tuple(
        by_practice(10, "keeping.damaged_month", f"{Month.of(row.month).label}{text}")
        for row in closings
        if not is_whole(row)
    )


def money_parts(client: Client, office: Office) -> list[Part]:
    """Months, lines, invoices, payments, receipts, claims and what came of them, caps, those first that hang on others.

    Of a claim file in which the person stands the bytes go; its digest, counts and sums stay.
    """
    months = list(months_of(client, office).values_list("pk", flat=True))
    asked = Invoice.objects.filter(enrolment__client=client, enrolment__office=office)
    invoices = list(asked.values_list("pk", flat=True))
    payments = Payment.objects.filter(invoice__in=invoices).values_list("pk", flat=True)
    own = CapResult.objects.filter(enrolment__client=client, enrolment__office=office)
    results = list(own.values_list("pk", flat=True))
    enrolments = office.enrolments.filter(client=client).values_list("pk", flat=True)
    claims = ClaimFileEntry.objects.filter(person_month__in=months)
    entries, files = [], set()
    for entry, file in claims.values_list("pk", "file"):
        entries.append(entry)
        files.add(file)
    paid = ClaimPayment.objects.filter(entry__in=entries).values_list("pk", flat=True)
    accounts = office.debit_accounts.filter(client=client).values_list("pk", flat=True)
    letters = office.payment_reminders.filter(client=client).values_list("pk", flat=True)
    papers = [
        *asked.exclude(document=None).values_list("document", flat=True),
        *Receipt.objects.filter(payment__in=payments).values_list("document", flat=True),
        *ProxyNotice.objects.filter(payment__in=paid).values_list("document", flat=True),
        *NoticeWithdrawal.objects.filter(person_month__in=months).values_list(
            "document", flat=True
        ),
        *PaymentReminder.objects.filter(pk__in=letters).values_list("document", flat=True),
    ]
    return [
        part(PaperDispatch, "document", papers),
        part(NoticeWithdrawal, "person_month", months),
        part(ProxyNotice, "payment", paid),
        part(DebitResult, "entry__invoice", invoices),
        part(DebitEntry, "invoice", invoices),
        part(DebitAccount, "pk", accounts),
        part(PaymentReminderLine, "reminder", letters),
        part(PaymentReminder, "pk", letters),
        part(Receipt, "payment", payments),
        part(Payment, "invoice", invoices, chain="cancels"),
        part(Refund, "invoice", invoices, chain="cancels"),
        part(OpeningInvoice, "invoice", invoices, chain="replaces"),
        part(Invoice, "pk", invoices),
        part(ClaimFileContent, "file", sorted(files)),
        part(ClaimDeduction, "entry", entries, chain="cancels"),
        part(ClaimPayment, "entry", entries, chain="cancels"),
        part(ClaimReturnReason, "claim_return__entry", entries),
        part(ClaimReturn, "entry", entries),
        part(CapTelling, "entry", entries, chain="cancels"),
        part(CapSheetCancellation, "entry", entries),
        part(CapSheetRevision, "entry", entries),
        part(ClaimFileEntry, "person_month", months),
        part(PersonMonthLine, "person_month", months),
        part(ErrorPetition, "correction__person_month", months),
        part(MonthCorrection, "person_month", months),
        part(PersonMonth, "pk", months, chain="replaces"),
        part(CapResultLine, "result", results),
        part(CapResult, "pk", results),
        part(CityAnswer, "enrolment", enrolments, chain="replaces"),
        part(MonthAnswer, "enrolment", enrolments),
        part(Subsidy, "enrolment", enrolments),
    ]


def sums_without(closing: MonthClosing, rows: Iterable[PersonMonth]) -> list[dict[str, Any]]:
    """The nameless sums of a run once `rows` are erased too, by municipality."""
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    remainder = getattr(closing, "remainder", None)
    for known in remainder.sums if remainder else ():
        for name, value in known.items():
            if name != "municipality":
                sums[known["municipality"]][name] += value
    for row in rows:
        own = sums[row.municipality_id]
        own["people"] += 1
        for name in ("units", "total_cost_yen", "copayment_yen", "benefit_yen"):
            own[name] += getattr(row, name)
    return [{"municipality": key, **sums[key]} for key in sorted(sums)]
