"""入金: which invoices are open, since when, and what was paid for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, Payment
from billing.rules.payment import Balance
from clients.access import last_seen
from clients.models import ClientName
from clients.queries.subject import named_q
from teikyaku.accounts.models import Office
from teikyaku.clock import date_of
from teikyaku.periods import Month, Period

# A row that takes another back has its amount: both together come to nothing. Asking for the rows
# that stand would be right too, but SQLite then reads every payment for every invoice.
SIGNED_YEN = Case(
    When(cancels__isnull=False, then=-F("amount_yen")),
    default=F("amount_yen"),
    output_field=IntegerField(),
)


class Show(TextChoices):
    """表示 which invoices the list of payments shows."""

    OPEN = "open", _("未入金")
    LATE = "late", _("支払期限を過ぎた")
    PAID = "paid", _("入金済み")
    ALL = "all", _("すべて")


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice with its person and what was paid for it."""

    public_id: UUID
    person_month_id: UUID
    client_public_id: UUID
    name: str
    kana: str
    month: Month
    number: str
    issued_on: date
    due_on: date
    balance: Balance
    age_days: int
    """Days since the paper was issued."""
    is_late: bool
    """Something is open after the last day for payment."""
    payments: tuple[Payment, ...]


@dataclass(frozen=True, slots=True)
class OpenSums:
    """未入金 of an office on a day: how many invoices, how many yen, and how much of it is late."""

    count: int
    open_yen: int
    late_count: int
    late_yen: int
    oldest_month: Month | None


def living_invoices(office: Office) -> QuerySet[Any]:
    """The office's invoices that ask for something and were not replaced, with `open_yen`.

    A payment counts for the person's month, so it follows when an invoice is replaced.
    """
    paid = (
        Payment.objects.filter(invoice__person_month=OuterRef("person_month"))
        .order_by()
        .values("invoice__person_month")
        .annotate(total=Sum(SIGNED_YEN))
        .values("total")
    )
    related = ("person_month__client", "person_month__enrolment", "document")
    return (
        Invoice.objects.filter(
            person_month__closing__office=office, amount_yen__gt=0, document__replaced_by=None
        )
        .annotate(
            open_yen=F("amount_yen") - Coalesce(Subquery(paid, output_field=IntegerField()), 0)
        )
        .select_related(*related)
        .defer("document__content")
    )


def open_invoices(office: Office) -> QuerySet[Any]:
    """What is still to be paid, oldest month first."""
    return living_invoices(office).filter(open_yen__gt=0).order_by("person_month__month", "pk")


def invoices_shown(
    office: Office, on: date, show: str, text: str = "", month: date | None = None
) -> QuerySet[Any]:
    """The invoices behind one choice of the list; `text` is part of a name, `month` a first day.

    Late is what is open after its last day for payment, as of `on`.
    """
    rows = living_invoices(office).order_by("-person_month__month", "pk")
    if show in (Show.OPEN, Show.LATE):
        rows = open_invoices(office)
    if show == Show.LATE:
        rows = rows.filter(due_on__lt=on)
    elif show == Show.PAID:
        rows = rows.filter(open_yen__lte=0)
    if month is not None:
        rows = rows.filter(person_month__month=month)
    return rows.filter(named_q(text, "person_month__client"))


def open_sums(office: Office, on: date) -> OpenSums:
    """What is open on a day (one query)."""
    found = (
        living_invoices(office)
        .filter(open_yen__gt=0)
        .aggregate(
            count=Count("pk"),
            yen=Sum("open_yen"),
            late=Count("pk", filter=Q(due_on__lt=on)),
            late_yen=Sum("open_yen", filter=Q(due_on__lt=on)),
            oldest=Min("person_month__month"),
        )
    )
    return OpenSums(
        count=found["count"],
        open_yen=found["yen"] or 0,
        late_count=found["late"],
        late_yen=found["late_yen"] or 0,
        oldest_month=Month.of(found["oldest"]) if found["oldest"] else None,
    )


def invoice_rows(shown: Iterable[Invoice], on: date) -> list[InvoiceRow]:
    """Rows for these invoices, as of `on`; three queries."""
    invoices = list(shown)
    months = {row.person_month_id for row in invoices}
    payments = payments_of(months)
    names: dict[int, list[ClientName]] = defaultdict(list)
    for name in ClientName.objects.filter(client__in={r.person_month.client_id for r in invoices}):
        names[name.client_id].append(name)
    return [
        _row(invoice, names[invoice.person_month.client_id], payments[invoice.person_month_id], on)
        for invoice in invoices
    ]


def _row(
    invoice: Invoice, names: list[ClientName], payments: list[Payment], on: date
) -> InvoiceRow:
    month, issued_on = invoice.person_month, date_of(invoice.document.issued_at)
    seen = last_seen(month.enrolment, on)
    name = next((n for n in names if Period(n.starts_on, n.ends_on).contains(seen)), None)
    balance = Balance(invoice.amount_yen, sum(p.amount_yen for p in payments if is_standing(p)))
    return InvoiceRow(
        public_id=invoice.public_id,
        person_month_id=month.public_id,
        client_public_id=month.client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        month=Month.of(month.month),
        number=invoice.document.number,
        issued_on=issued_on,
        due_on=invoice.due_on,
        balance=balance,
        age_days=(on - issued_on).days,
        is_late=balance.is_open and invoice.due_on < on,
        payments=tuple(payments),
    )


def payments_of(person_months: Iterable[int]) -> dict[int, list[Payment]]:
    """By the key of the person's month: its payments and what took them back, oldest first."""
    rows = Payment.objects.filter(invoice__person_month__in=list(person_months))
    found: dict[int, list[Payment]] = defaultdict(list)
    related = ("invoice", "recorded_by__user", "cancelled_by", "receipt")
    for row in rows.select_related(*related).order_by("paid_on", "pk"):
        found[row.invoice.person_month_id].append(row)
    return found


def is_standing(payment: Payment) -> bool:
    """Whether a payment counts (of rows read by `payments_of`)."""
    return payment.cancels_id is None and not hasattr(payment, "cancelled_by")


def paid_of(person_months: Iterable[int]) -> dict[int, int]:
    """By the key of the person's month: yen that were paid and not taken back (one query)."""
    rows = Payment.objects.filter(invoice__person_month__in=list(person_months))
    sums = rows.order_by().values_list("invoice__person_month").annotate(total=Sum(SIGNED_YEN))
    return dict(sums)


def usual_way(client: UUID, office: Office) -> str:
    """How this person paid last; empty when never (one query)."""
    rows = Payment.objects.filter(
        invoice__person_month__client__public_id=client,
        invoice__person_month__closing__office=office,
    )
    return rows.order_by("-paid_on", "-pk").values_list("way", flat=True).first() or ""


def balances_of(office: Office, person_months: Iterable[int]) -> dict[int, Balance]:
    """By the key of the person's month: what is open of its invoice; none where nothing was asked.

    One query.
    """
    rows = living_invoices(office).filter(person_month__in=list(person_months))
    found = rows.values_list("person_month", "amount_yen", "open_yen")
    return {key: Balance(amount, amount - rest) for key, amount, rest in found}
