"""入金: which invoices are open, since when, and what was paid for each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    F,
    IntegerField,
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

from billing.models import Invoice, MonthLine, Payment, Refund
from billing.queries.pending_debits import pending_days
from billing.queries.standing_invoice import STANDING
from billing.rules.payment import Balance
from clients.access import last_seen
from clients.models import ClientName
from clients.queries.subject import named_q
from teikyaku.accounts.models import Office
from teikyaku.clock import end_of
from teikyaku.periods import Month, Period
from teikyaku.prepared import prepared

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
    REFUND = "refund", _("返金がある")
    PAID = "paid", _("入金済み")
    ALL = "all", _("すべて")


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One invoice with its person and what was paid for it."""

    public_id: UUID
    person_month_id: UUID | None
    """None of one of before the office moved in."""
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
    refunds: tuple[Refund, ...]
    debit_on: date | None = None
    """The day of a 口座振替 of the month that waits for its result."""


@dataclass(frozen=True, slots=True)
class OpenSums:
    """未入金 of an office on a day: how many invoices, how many yen, and how much of it is late."""

    count: int
    open_yen: int
    late_count: int
    late_yen: int
    oldest_month: Month | None


@dataclass(frozen=True, slots=True)
class RefundSums:
    """返金 of an office that is due: how many people's months, how many yen."""

    count: int
    yen: int


def living_invoices(office: Office, on: date | None = None) -> QuerySet[Any]:
    """The office's invoices that ask for something and were not replaced, with `open_yen`.

    Also one of 0 yen for whose month something is open: more went back than had come. `on` as in
    `kept_invoices`.
    """
    return kept_invoices(office, on).filter(Q(amount_yen__gt=0) | Q(open_yen__gt=0))


def kept_invoices(office: Office | int, on: date | None = None) -> QuerySet[Any]:
    """As `living_invoices`, also those of 0 yen; `open_yen` is below 0 where too much was paid.

    Payments and refunds count for the person's month, so they follow when an invoice is replaced or
    the month is corrected. With `on` as it stood at the end of that day: papers issued and months
    corrected by then, payments and refunds dated by then; one taken back later still counts.
    """
    rest = (
        F("amount_yen")
        - Coalesce(Subquery(_line_sum(Payment, on), output_field=IntegerField()), 0)
        + Coalesce(Subquery(_line_sum(Refund, on), output_field=IntegerField()), 0)
    )
    related = ("enrolment__client", "person_month__closing", "document", "opening")
    return (
        Invoice.objects.filter(_living_q(on), enrolment__office=office)
        .annotate(open_yen=rest)
        .select_related(*related)
        .defer("document__content")
    )


def _living_q(on: date | None) -> Q:
    """Not replaced; with `on` issued by then and not replaced by then."""
    if on is None:
        return STANDING & Q(person_month__replaced_by=None)
    over = end_of(on)
    month, paper, before = (
        f"{each}__replaced_by" for each in ("person_month", "document", "opening")
    )
    return (
        (Q(document__issued_at__lt=over) | _carried_q(on))
        & (Q(**{month: None}) | Q(**{f"{month}__closing__closed_at__gte": over}))
        & (Q(**{paper: None}) | Q(**{f"{paper}__issued_at__gte": over}))
        & (Q(**{before: None}) | Q(**{f"{before}__recorded_at__gte": over}))
    )


def _carried_q(on: date) -> Q:
    """Of before the move: by the day of its paper, at the latest from the first day billed here on."""
    began = Q(opening__issued_on__lte=on) | Q(opening__carried_on__lte=on)
    return began & (Q(opening__replaces=None) | Q(opening__recorded_at__lt=end_of(on)))


def _line_sum(model: Any, on: date | None) -> QuerySet[Any]:
    """What was paid, or given back, for the whole line of an invoice's month; with `on` by that day.

    A row that takes another back bears the day on which it was recorded.
    """
    keys: dict[str, Any] = {f"invoice__{name}": OuterRef(name) for name in ("enrolment", "month")}
    if on is not None:
        keys["paid_on__lte" if model is Payment else "refunded_on__lte"] = on
    found: QuerySet[Any] = model.objects.filter(**keys).order_by().values("invoice__enrolment")
    return found.annotate(total=Sum(SIGNED_YEN)).values("total")


def open_invoices(office: Office, on: date | None = None) -> QuerySet[Any]:
    """What is still to be paid, oldest month first; with `on` what was open on that day."""
    return living_invoices(office, on).filter(open_yen__gt=0).order_by("month", "pk")


def invoices_shown(
    office: Office, on: date, show: str, text: str = "", month: date | None = None
) -> QuerySet[Any]:
    """The invoices behind one choice of the list; `text` is part of a name, `month` a first day.

    Late is what is open after its last day for payment, as of `on`.
    """
    rows = living_invoices(office).order_by("-month", "pk")
    if show in (Show.OPEN, Show.LATE):
        rows = open_invoices(office)
    if show == Show.LATE:
        rows = rows.filter(due_on__lt=on)
    elif show == Show.PAID:
        rows = rows.filter(open_yen__lte=0)
    elif show == Show.REFUND:
        rows = due_refunds(office)
    if month is not None:
        rows = rows.filter(month=month)
    return rows.filter(named_q(text, "enrolment__client"))


def due_refunds(office: Office) -> QuerySet[Any]:
    """Invoices for whose month more was paid than is asked for, oldest month first."""
    return kept_invoices(office).filter(open_yen__lt=0).order_by("month", "pk")


def refund_sums(office: Office) -> RefundSums:
    """What is to be given back (one query)."""
    return _refund_sums(_unsettled.rows(office=office.pk))


def open_sums(office: Office, on: date) -> OpenSums:
    """What is open on a day (one query)."""
    return _open_sums(_unsettled.rows(office=office.pk), on)


def money_sums(office: Office, on: date) -> tuple[OpenSums, RefundSums]:
    """Both at once: `open_sums` and `refund_sums` (one query)."""
    rows = _unsettled.rows(office=office.pk)
    return _open_sums(rows, on), _refund_sums(rows)


@prepared("office")
def _unsettled(office: int) -> QuerySet[Any, Any]:
    """(`open_yen`, last day for payment, month) of what `open_invoices` and `due_refunds` list."""
    rows = kept_invoices(office).exclude(open_yen=0)
    return rows.order_by().values_list("open_yen", "due_on", "month")


def _open_sums(rows: Iterable[tuple[int, date, date]], on: date) -> OpenSums:
    found = [row for row in rows if row[0] > 0]
    late = [rest for rest, due_on, _month in found if due_on < on]
    oldest = min((month for _rest, _due_on, month in found), default=None)
    return OpenSums(
        count=len(found),
        open_yen=sum(rest for rest, _due_on, _month in found),
        late_count=len(late),
        late_yen=sum(late),
        oldest_month=Month.of(oldest) if oldest is not None else None,
    )


def _refund_sums(rows: Iterable[tuple[int, date, date]]) -> RefundSums:
    over = [-rest for rest, _due_on, _month in rows if rest < 0]
    return RefundSums(len(over), sum(over))


def invoice_rows(shown: Iterable[Invoice], on: date) -> list[InvoiceRow]:
    """Rows for these invoices, as of `on`; five queries."""
    invoices = list(shown)
    lines = {row.line for row in invoices}
    payments, refunds = payments_of(lines), refunds_of(lines)
    debits = pending_days(invoices)
    names: dict[int, list[ClientName]] = defaultdict(list)
    for name in ClientName.objects.filter(client__in={row.enrolment.client_id for row in invoices}):
        names[name.client_id].append(name)
    return [
        _row(
            invoice, names[invoice.enrolment.client_id], payments[invoice.line],
            refunds[invoice.line], on, debits.get(invoice.line),
        )
        for invoice in invoices
    ]  # fmt: skip


def _row(
    invoice: Invoice,
    names: list[ClientName],
    payments: list[Payment],
    refunds: list[Refund],
    on: date,
    debit_on: date | None,
) -> InvoiceRow:
    month, issued_on = invoice.person_month, invoice.issued_on
    seen = last_seen(invoice.enrolment, on)
    name = next((n for n in names if Period(n.starts_on, n.ends_on).contains(seen)), None)
    balance = balance_of(invoice, payments, refunds)
    return InvoiceRow(
        public_id=invoice.public_id,
        person_month_id=month.public_id if month else None,
        client_public_id=invoice.client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        month=Month.of(invoice.month),
        number=invoice.number,
        issued_on=issued_on,
        due_on=invoice.due_on,
        balance=balance,
        age_days=(on - issued_on).days,
        is_late=balance.is_open and invoice.due_on < on,
        payments=tuple(payments),
        refunds=tuple(refunds),
        debit_on=debit_on,
    )


def payments_of(lines: Iterable[MonthLine]) -> dict[MonthLine, list[Payment]]:
    """By the line of the person's month: its payments and what took them back, oldest first."""
    return _by_line(_payments.rows(**_line_keys(lines)))


def refunds_of(lines: Iterable[MonthLine]) -> dict[MonthLine, list[Refund]]:
    """By the line of the person's month: its refunds and what took them back, oldest first."""
    return _by_line(_refunds.rows(**_line_keys(lines)))


@prepared("enrolments")
def _payments(enrolments: Collection[int], months: tuple[date, ...]) -> QuerySet[Payment]:
    related = ("invoice", "recorded_by__user", "cancelled_by", "receipt")
    rows = Payment.objects.filter(invoice__enrolment__in=enrolments, invoice__month__in=months)
    return rows.select_related(*related).order_by("paid_on", "pk")


@prepared("enrolments")
def _refunds(enrolments: Collection[int], months: tuple[date, ...]) -> QuerySet[Refund]:
    related = ("invoice", "recorded_by__user", "cancelled_by")
    rows = Refund.objects.filter(invoice__enrolment__in=enrolments, invoice__month__in=months)
    return rows.select_related(*related).order_by("refunded_on", "pk")


def _line_keys(lines: Iterable[MonthLine]) -> dict[str, Any]:
    """The lines as questions take them: they also bring further months of the same people."""
    wanted = list(lines)
    return {
        "enrolments": {enrolment for enrolment, _month in wanted},
        "months": tuple(sorted({month for _enrolment, month in wanted})),
    }


def _by_line(rows: Iterable[Any]) -> dict[MonthLine, list[Any]]:
    found: dict[MonthLine, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.invoice.line].append(row)
    return found


def balance_of(invoice: Invoice, payments: Iterable[Payment], refunds: Iterable[Refund]) -> Balance:
    """What is asked for, what came and what went back of a line (rows read by the two above)."""
    return Balance(invoice.amount_yen, counted_yen(payments), counted_yen(refunds))


def counted_yen(rows: Iterable[Any]) -> int:
    """What rows that can be taken back come to: payments, refunds, what 国保連 paid (see `is_standing`)."""
    return sum(row.amount_yen for row in rows if is_standing(row))


def is_standing(row: Any) -> bool:
    """Whether a row that can be taken back counts (of rows read with their `cancelled_by`)."""
    return row.cancels_id is None and not hasattr(row, "cancelled_by")


def balances_by_line(invoices: Iterable[Invoice]) -> dict[int, Balance]:
    """By the key of the invoice, of a living one each: what is open, or too much (two queries)."""
    rows = list(invoices)
    lines = {row.line for row in rows}
    paid, refunded = _sums_of(Payment, lines), _sums_of(Refund, lines)
    return {
        row.pk: Balance(
            row.amount_yen,
            paid.get(row.line, 0),
            refunded.get(row.line, 0),
        )
        for row in rows
    }


def _sums_of(model: Any, lines: Iterable[MonthLine]) -> dict[MonthLine, int]:
    """What counts of payments or refunds; what was taken back comes to nothing."""
    keys = ("invoice__enrolment", "invoice__month")
    of = _line_keys(lines)
    rows = model.objects.filter(
        invoice__enrolment__in=of["enrolments"], invoice__month__in=of["months"]
    )
    rows = rows.order_by().values_list(*keys)
    return {(who, month): total for who, month, total in rows.annotate(total=Sum(SIGNED_YEN))}


def kept_yen(invoice: Invoice) -> int:
    """What was paid for the month of an invoice and not given back (two queries)."""
    return balances_by_line([invoice])[invoice.pk].kept_yen


def usual_way(client: UUID, office: Office) -> str:
    """How this person paid last; empty when never (one query)."""
    rows = Payment.objects.filter(
        invoice__enrolment__client__public_id=client,
        invoice__enrolment__office=office,
    )
    return rows.order_by("-paid_on", "-pk").values_list("way", flat=True).first() or ""


def balances_of(office: Office, person_months: Iterable[int]) -> dict[int, Balance]:
    """By the key of the person's month: what is open of its invoice; none where none was issued.

    One query.
    """
    found = _balances.rows(office=office.pk, person_months=list(person_months))
    return {key: Balance(amount, amount - rest) for key, amount, rest in found}


@prepared("office", "person_months")
def _balances(office: int, person_months: list[int]) -> QuerySet[Any, Any]:
    rows = kept_invoices(office).filter(person_month__in=person_months)
    return rows.order_by().values_list("person_month", "amount_yen", "open_yen")
