"""仕訳: what happened to an office's money from a day to a day, as lines with two accounts.

A closed month counts on the day of its close, an invoice on its day of issue, money on its own day;
what takes a row back counts on the day on which it was recorded. What is written for a span of days
therefore changes only where money of those days is recorded later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from billing.models import (
    ClaimDeduction,
    ClaimPayment,
    Invoice,
    JournalRemainder,
    OpeningClaim,
    OpeningClaimDeduction,
    OpeningClaimPayment,
    OpeningInvoice,
    Payment,
    PersonMonth,
    Refund,
)
from billing.queries.claim_start import is_claimed_here
from billing.queries.opening_claims import PLACE
from billing.rules.claim_payment import parts_of
from billing.rules.journal import Account, JournalLine, line
from clients.models import Client
from teikyaku.accounts.models import Municipality, Office
from teikyaku.clock import at_start_of, date_of, end_of
from teikyaku.periods import Month

A = Account
_WHO = "invoice__enrolment"
# Before and after all money that anybody records.
EVER = date(1900, 1, 1), date(9000, 1, 1)


def journal(office: Office, first: date, last: date) -> list[JournalLine]:
    """The lines of these days, both included, by day (eleven queries).

    With those of people who were erased since, of whom the sums of the day are left.
    """
    found = [*_lines(office, first, last, {}), *_erased(office, first, last)]
    return sorted(found, key=lambda each: each.on)


def lines_of(office: Office, client: Client) -> list[JournalLine]:
    """Every line of one person's months at an office, of whatever day (seven queries)."""
    return list(_lines(office, *EVER, {"client": client}))


def _lines(office: Office, first: date, last: date, own: dict[str, Any]) -> Iterator[JournalLine]:
    """`own` narrows the months of which the money is told."""
    for part in (_openings, _closes, _invoices, _claims, _deductions, _payments, _refunds):
        yield from (each for each in part(office, first, last, own) if each is not None)
    if not own:  # a month's sum is the office's own, of nobody in particular
        for told in (_opening_claims, _opening_claim_payments, _opening_deductions):
            yield from (each for each in told(office, first, last) if each is not None)


def _at(path: str, own: dict[str, Any]) -> dict[str, Any]:
    return {f"{path}__{name}": value for name, value in own.items()}


def _erased(office: Office, first: date, last: date) -> Iterator[JournalLine]:
    for row in JournalRemainder.objects.filter(office=office, on__gte=first, on__lte=last):
        debit, credit = Account(row.debit), Account(row.credit)
        yield JournalLine(row.on, debit, credit, row.yen, _("記録を消去した方の分"), "")


Lines = Iterator[JournalLine | None]


def _closes(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    """給付費 and 助成 of a close in one line each; a correction takes the former sums back.

    Not of months that other software claimed: what was still owed of those is carried over.
    """
    rows = PersonMonth.objects.filter(
        is_claimed_here("month", "closing__office"),
        closing__office=office,
        closing__closed_at__gte=at_start_of(first),
        closing__closed_at__lt=end_of(last),
        **own,
    ).select_related("closing", "replaces")
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows.order_by("closing__closed_at", "pk"):
        parts, former = sums[row.closing], row.replaces
        parts[0] += row.benefit_yen - (former.benefit_yen if former else 0)
        parts[1] += row.subsidy_yen - (former.subsidy_yen if former else 0)
    for closing, (benefit, subsidy) in sums.items():
        on, month = date_of(closing.closed_at), Month.of(closing.month)
        number = f"{month}-{closing.number}"
        told = {"month": month.label, "kind": closing.get_kind_display()}
        text = _("%(month)s分　給付費（%(kind)s）") % told + _sample(closing)
        yield line(on, A.CLAIM_RECEIVABLE, A.BENEFIT_INCOME, benefit, text, number)
        text = _("%(month)s分　自治体の助成（%(kind)s）") % told + _sample(closing)
        yield line(on, A.SUBSIDY_RECEIVABLE, A.COPAYMENT_INCOME, subsidy, text, number)


def _sample(closing: Any) -> str:
    return _("　見本の報酬表") if closing.is_sample_tariff else ""


def _invoices(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    """What each paper asks for; one that replaces another asks for the difference."""
    rows = Invoice.objects.filter(
        person_month__closing__office=office,
        document__issued_at__gte=at_start_of(first),
        document__issued_at__lt=end_of(last),
        **_at("person_month", own),
    ).select_related("person_month__closing", "document__replaces__invoice")
    rows = rows.defer("document__content", "document__replaces__content")
    for row in rows.order_by("document__issued_at", "pk"):
        paper = row.paper
        former = paper.replaces.invoice.amount_yen if paper.replaces else 0
        what = _("利用者負担（請求書の訂正）") if paper.replaces_id else _("利用者負担")
        text = f"{Month.of(row.month).label}分　{what}"
        yield line(
            date_of(paper.issued_at), A.PERSON_RECEIVABLE, A.COPAYMENT_INCOME,
            row.amount_yen - former, text + _sample(row.closed_month.closing), paper.number,
        )  # fmt: skip


def _openings(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    """What was open when the office moved in, on the first day billed here; no revenue of ours.

    What is corrected counts with its difference on the day of the correction.
    """
    rows = OpeningInvoice.objects.filter(
        Q(replaces=None, carried_on__gte=first, carried_on__lte=last)
        | Q(
            replaces__isnull=False,
            recorded_at__gte=at_start_of(first),
            recorded_at__lt=end_of(last),
        ),
        invoice__enrolment__office=office,
        **_at("invoice__enrolment", own),
    ).select_related("invoice", "replaces__invoice")
    for row in rows.order_by("pk"):
        told: Any = row.replaces
        former = told.invoice.amount_yen if told else 0
        what = _("移行前の請求の訂正") if told else _("移行前からの繰越")
        yield line(
            date_of(row.recorded_at) if row.replaces else row.carried_on,
            A.PERSON_RECEIVABLE, A.OPENING, row.invoice.amount_yen - former,
            f"{Month.of(row.invoice.month).label}分　{what}", row.number,
        )  # fmt: skip


def _opening_claims(office: Office, first: date, last: date) -> Lines:
    """What 国保連 owed of months that other software claimed, as `_openings` has it for people."""
    rows = OpeningClaim.objects.filter(
        Q(replaces=None, carried_on__gte=first, carried_on__lte=last)
        | Q(
            replaces__isnull=False,
            recorded_at__gte=at_start_of(first),
            recorded_at__lt=end_of(last),
        ),
        office=office,
    ).select_related("replaces", *PLACE)
    for row in rows.order_by("pk"):
        told: Any = row.replaces
        former = told.amount_yen if told else 0
        what = _("国保連への請求の繰越の訂正") if told else _("国保連への請求の繰越")
        yield line(
            date_of(row.recorded_at) if row.replaces else row.carried_on,
            A.CLAIM_RECEIVABLE, A.OPENING, row.amount_yen - former,
            f"{Month.of(row.month).label}分　{what}{_place(row.municipality)}",
            str(Month.of(row.month)),
        )  # fmt: skip


def _opening_claim_payments(office: Office, first: date, last: date) -> Lines:
    rows = OpeningClaimPayment.objects.filter(
        claim__office=office, paid_on__gte=first, paid_on__lte=last
    ).select_related(*(f"claim__{each}" for each in PLACE))
    for row in rows.order_by("paid_on", "pk"):
        what = _("国保連の支払いの取り消し") if row.cancels_id else _("国保連の支払い")
        signed, month = (
            -row.amount_yen if row.cancels_id else row.amount_yen,
            Month.of(row.claim.month),
        )
        text = f"{month.label}分　{what}" + _("（繰越分）") + _place(row.claim.municipality)
        yield line(row.paid_on, A.TRANSFER, A.CLAIM_RECEIVABLE, signed, text, str(month))


def _opening_deductions(office: Office, first: date, last: date) -> Lines:
    """過誤調整 of months that other software claimed: what came for them is no revenue of ours, nor is its return."""
    rows = OpeningClaimDeduction.objects.filter(
        office=office, deducted_on__gte=first, deducted_on__lte=last
    ).select_related(*PLACE)
    for row in rows.order_by("deducted_on", "pk"):
        what = _("過誤調整の取り消し") if row.cancels_id else _("過誤調整")
        signed = -row.amount_yen if row.cancels_id else row.amount_yen
        month = Month.of(row.month)
        text = f"{month.label}分　{what}" + _("（繰越分）") + _place(row.municipality)
        yield line(row.deducted_on, A.OPENING, A.TRANSFER, signed, text, str(month))


def _place(municipality: Municipality | None) -> str:
    return f"　{municipality.current.full_name}" if municipality else ""


def _claims(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    """国保連's payments of a day, one line for each file, and one for the subsidies in it."""
    rows = ClaimPayment.objects.filter(
        entry__file__office=office,
        paid_on__gte=first,
        paid_on__lte=last,
        **_at("entry__person_month", own),
    ).select_related("entry__file", "entry__person_month")
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows.order_by("paid_on", "pk"):
        both = sums[(row.paid_on, row.entry.file, row.cancels_id is not None)]
        for place, part in enumerate(_parts(row)):
            both[place] += part
    for (on, file, is_back), parts in sums.items():
        what = _("国保連の支払いの取り消し") if is_back else _("国保連の支払い")
        text, sign = f"{Month.of(file.month).label}分　{what}", -1 if is_back else 1
        benefit, subsidy = (sign * part for part in parts)
        yield line(on, A.TRANSFER, A.CLAIM_RECEIVABLE, benefit, text, file.name)
        text += _("（自治体の助成）")
        yield line(on, A.TRANSFER, A.SUBSIDY_RECEIVABLE, subsidy, text, file.name)


def _parts(row: ClaimPayment) -> tuple[int, int]:
    month = row.entry.person_month
    return parts_of(row.amount_yen, month.benefit_yen, month.subsidy_yen)


def _deductions(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    """過誤調整 of a day, one line for each file that was taken back, and one for the subsidies in it."""
    rows = ClaimDeduction.objects.filter(
        entry__file__office=office,
        deducted_on__gte=first,
        deducted_on__lte=last,
        **_at("entry__person_month", own),
    ).select_related("entry__file")
    sums: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows.order_by("deducted_on", "pk"):
        both = sums[(row.deducted_on, row.entry.file, row.cancels_id is not None)]
        both[0] += row.amount_yen - row.subsidy_yen
        both[1] += row.subsidy_yen
    for (on, file, is_back), parts in sums.items():
        what = _("過誤調整の取り消し") if is_back else _("過誤調整")
        text, sign = f"{Month.of(file.month).label}分　{what}", -1 if is_back else 1
        benefit, subsidy = (sign * part for part in parts)
        yield line(on, A.CLAIM_RECEIVABLE, A.TRANSFER, benefit, text, file.name)
        text += _("（自治体の助成）")
        yield line(on, A.SUBSIDY_RECEIVABLE, A.TRANSFER, subsidy, text, file.name)


def _payments(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    rows = Payment.objects.filter(paid_on__gte=first, paid_on__lte=last, **_at(_WHO, own))
    for row in _money(rows, office).order_by("paid_on", "pk"):
        what = _("入金の取り消し") if row.cancels_id else _("入金")
        signed = -row.amount_yen if row.cancels_id else row.amount_yen
        yield line(
            row.paid_on, Account(row.way), A.PERSON_RECEIVABLE, signed, _told(row, what),
            row.invoice.number,
        )  # fmt: skip


def _refunds(office: Office, first: date, last: date, own: dict[str, Any]) -> Lines:
    rows = Refund.objects.filter(refunded_on__gte=first, refunded_on__lte=last, **_at(_WHO, own))
    for row in _money(rows, office).order_by("refunded_on", "pk"):
        what = _("返金の取り消し") if row.cancels_id else _("返金")
        signed = -row.amount_yen if row.cancels_id else row.amount_yen
        yield line(
            row.refunded_on, A.PERSON_RECEIVABLE, Account(row.way), signed, _told(row, what),
            row.invoice.number,
        )  # fmt: skip


def _money(rows: Any, office: Office) -> Any:
    kept = rows.filter(invoice__enrolment__office=office)
    related = ("invoice__document", "invoice__opening")
    return kept.select_related(*related).defer("invoice__document__content")


def _told(row: Payment | Refund, what: str) -> str:
    month = Month.of(row.invoice.month).label
    return f"{month}分　{what}（{row.get_way_display()}）"


def total_yen(lines: Iterable[JournalLine]) -> int:
    """What the lines come to on either side."""
    return sum(each.yen for each in lines)
