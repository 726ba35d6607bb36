"""運営指導の綴り: support and bills of some people over a span of months, with their mismatches.

Around plans.queries.binder; a constant number of queries, however many people or months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from billing.models import CityAnswer, Invoice, MonthLine, Payment, PersonMonth, Refund
from billing.queries.city_answers import PAYER
from billing.queries.city_words import with_answer
from billing.queries.fee_tables import fee_tables
from billing.queries.month import LONG_WITHOUT_PLAN
from billing.queries.payments import balance_of, is_standing, payments_of, refunds_of
from billing.rules.binder import (
    BillFacts,
    InvoiceFacts,
    OnPaper,
    bill_mismatches,
    invoice_mismatches,
)
from billing.rules.payment import Balance
from billing.tariffs import FeeTables, Tariff
from clients.models import Enrolment
from plans.queries.binder import SupportFile, support_files
from plans.queries.month import MonthOfSupport
from plans.rules.binder import support_mismatches
from plans.rules.mismatch import Mismatch
from teikyaku.accounts.models import Office
from teikyaku.clock import date_of
from teikyaku.periods import Month

PLAN_ITEMS = ("no_support_plan", "no_support_plan_long")


@dataclass(frozen=True, slots=True)
class Bill:
    """請求 of one closed month: the frozen row, its papers and payments."""

    row: PersonMonth
    invoices: tuple[Invoice, ...]
    """Replaced ones too, oldest first; their content is not read."""
    payments: tuple[Payment, ...]
    """Of the month, taken back ones too."""
    refunds: tuple[Refund, ...]
    """As the payments."""
    city: CityAnswer | None = None
    """What the municipality said of the month."""

    @property
    def month(self) -> Month:
        """The month of the service."""
        return Month.of(self.row.month)

    @property
    def invoice(self) -> Invoice | None:
        """The one that stands."""
        return next((each for each in self.invoices if not is_replaced(each)), None)

    @property
    def standing_payments(self) -> tuple[Payment, ...]:
        """Those that count."""
        return tuple(each for each in self.payments if is_standing(each))

    def balance_of(self, invoice: Invoice) -> Balance:
        """What was asked for with it, what came, what is open."""
        return balance_of(invoice, self.payments, self.refunds)


@dataclass(frozen=True, slots=True)
class BinderFile:
    """One enrolment of the binder: its support, its bills, and what does not fit together."""

    support: SupportFile
    bills: tuple[Bill, ...]
    mismatches: tuple[Mismatch, ...]
    """In the order of their days; what is not recorded yet too."""

    @property
    def contradictions(self) -> tuple[Mismatch, ...]:
        """くいちがい: what contradicts something."""
        return tuple(each for each in self.mismatches if not each.kind.is_unrecorded)

    @property
    def unrecorded(self) -> tuple[Mismatch, ...]:
        """まだ記録のないもの: what is not on file after its time of grace."""
        return tuple(each for each in self.mismatches if each.kind.is_unrecorded)

    @property
    def is_empty(self) -> bool:
        """Whether the span holds nothing to be bound."""
        return self.support.is_empty and not self.bills


def running_month(files: Sequence[BinderFile], first: Month, last: Month, on: date) -> Month | None:
    """The month of `on`, where the span and somebody's use reach into it: it is not over."""
    month = Month.of(on)
    ends = (each.support.enrolment.ends_on for each in files)
    is_used = any(end is None or end >= month.first_day for end in ends)
    return month if first <= month <= last and is_used else None


def ended_on(files: Sequence[BinderFile], on: date) -> list[date]:
    """The days on which these uses ended, where they have by `on`, earliest first."""
    ends = {each.support.enrolment.ends_on for each in files}
    return sorted(day for day in ends if day is not None and day <= on)


def is_replaced(invoice: Invoice) -> bool:
    """Whether a newer invoice has taken its place (of rows read with their document)."""
    return hasattr(invoice.document, "replaced_by")


def binder_files(
    enrolments: Sequence[Enrolment], office: Office, first: Month, last: Month, on: date
) -> list[BinderFile]:
    """The files of these enrolments of one office, in the order given, as known on `on`."""
    files = support_files(enrolments, office, first, last, on)
    bills = _bills([row.pk for row in enrolments], first, last)
    tables = fee_tables()
    return [_file(each, bills.get(each.enrolment.pk, []), on, tables) for each in files]


def _bills(ids: list[int], first: Month, last: Month) -> dict[int, list[Bill]]:
    invoices = Invoice.objects.select_related("document__replaced_by").defer(
        "document__content", "document__replaced_by__content"
    )
    every = list(
        PersonMonth.objects.filter(
            enrolment__in=ids, month__range=(first.first_day, last.first_day)
        )
        .select_related(
            "closing__closed_by__user",
            "municipality__city",
            "municipality__proposal__same_as__city",
        )
        .prefetch_related("lines", Prefetch("invoices", invoices.order_by("pk")))
        .order_by("month", "pk")
    )
    papers: dict[MonthLine, list[Invoice]] = defaultdict(list)
    newest: dict[MonthLine, PersonMonth] = {}
    for row in every:
        papers[row.line] += row.invoices.all()
        newest[row.line] = row  # the last one of a line has the highest key
    payments, refunds = payments_of(newest), refunds_of(newest)
    said = CityAnswer.objects.standing().filter(enrolment__in=ids).select_related(*PAYER)
    cities = {(each.enrolment_id, each.month): each for each in said}
    found: dict[int, list[Bill]] = defaultdict(list)
    for line, row in newest.items():
        bill = Bill(
            row, tuple(papers[line]), tuple(payments[line]), tuple(refunds[line]),
            cities.get((row.enrolment_id, row.month)),
        )  # fmt: skip
        found[row.enrolment_id].append(bill)
    return found


def _file(support: SupportFile, bills: Sequence[Bill], on: date, tables: FeeTables) -> BinderFile:
    months = {each.month: each for each in support.months}
    found = [
        *support_mismatches(support.facts),
        *(
            wrong
            for bill in bills
            for wrong in _wrong(bill, months.get(bill.month), support, on, tables)
        ),
    ]
    return BinderFile(support, tuple(bills), tuple(sorted(found, key=lambda each: each.at)))


def _wrong(
    bill: Bill,
    month: MonthOfSupport | None,
    support: SupportFile,
    on: date,
    tables: FeeTables,
) -> Iterable[Mismatch]:
    table = tables.named(bill.row.closing.tariff)
    if not bill.row.is_withdrawn:  # nothing is billed that the file would have to bear out
        yield from bill_mismatches(_bill_facts(bill, month, support, table))
    yield from invoice_mismatches(_invoice_facts(bill), on)


def _bill_facts(
    bill: Bill, month: MonthOfSupport | None, support: SupportFile, table: Tariff | None
) -> BillFacts:
    """`month` is None where the use no longer reaches into what was billed."""
    row = bill.row
    without = month.months_without_plan if month else 0
    return BillFacts(
        key=str(row.public_id),
        month=bill.month,
        closed_on=date_of(row.closing.closed_at),
        units=row.units,
        billed=OnPaper(row.certificate_number, row.municipality.current.full_name, row.cap_yen),
        on_file=OnPaper(
            month.certificate_number if month else "",
            month.municipality_name if month else "",
            month.cap_yen if month else None,
        ),
        of_month=with_answer(month.facts, bill.city, month.municipality_id) if month else None,
        contacts=_contacts(support, bill.month),
        was_met=any(bill.month.contains(each.on) for each in support.facts.meetings),
        item_due=_label(table, PLAN_ITEMS[without >= LONG_WITHOUT_PLAN]) if without else "",
        item_billed=_billed_item(row, table),
    )


def _contacts(support: SupportFile, month: Month) -> tuple[tuple[date, str], ...]:
    return tuple(
        (each.held_on, f"{each.get_way_display()}・{each.get_outcome_display()}")
        for each in support.contacts
        if month.contains(each.held_on)
        and each.withdrawn_at is None
        and not hasattr(each, "replaced_by")
    )


def _label(table: Tariff | None, key: str) -> str:
    item = table.items.get(key) if table else None
    return item.label if item else ""


def _billed_item(row: PersonMonth, table: Tariff | None) -> str | None:
    """The reduction that stands in the label of the base line; None without the table of then."""
    if table is None:
        return None
    base = " ".join(line.label for line in row.lines.all() if line.kind == "base")
    labels = [_label(table, key) for key in PLAN_ITEMS]
    return next((label for label in labels if label and label in base), "")


def _invoice_facts(bill: Bill) -> InvoiceFacts:
    row, invoice = bill.row, bill.invoice
    balance = bill.balance_of(invoice) if invoice else Balance(0, 0)
    return InvoiceFacts(
        key=str(row.public_id),
        month=bill.month,
        closed_on=date_of(row.closing.closed_at),
        copayment_yen=row.payable_yen,
        issued_on=invoice.issued_on if invoice else None,
        due_on=invoice.due_on if invoice else None,
        paid_yen=balance.paid_yen,
        open_yen=balance.open_yen,
        without_receipt=tuple(
            each.paid_on for each in bill.standing_payments if not hasattr(each, "receipt")
        ),
    )
