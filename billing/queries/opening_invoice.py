"""移行前の請求: of whom one can be told, who is meant in a file, and what was told so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from billing.models import Invoice, OpeningInvoice
from billing.queries.payments import balances_by_line
from billing.rules.payment import Balance
from clients.models import ClientName, Enrolment, RecipientNumber
from clients.queries.subject import names_seen
from clients.rules.names import search_key
from teikyaku.accounts.models import Office
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the office serves, or served: their last use here."""

    enrolment: Enrolment
    name: str
    kana: str


@dataclass(frozen=True, slots=True)
class Told:
    """One invoice of before as it stands now; sums in yen."""

    invoice: Invoice
    name: str
    kana: str
    month: Month
    balance: Balance


@dataclass(frozen=True, slots=True)
class Batch:
    """What was told at once and still stands: it can be taken back as a whole while nothing was paid."""

    at: datetime
    who: str
    count: int
    yen: int
    is_paid: bool


def people_of(office: Office, on: date) -> list[Person]:
    """Everybody with a use here, by kana (three queries)."""
    rows = Enrolment.objects.filter(office=office).select_related("client")
    last = {row.client_id: row for row in rows.order_by("starts_on", "pk")}
    names = names_seen(last.values(), on)
    found = []
    for row in last.values():
        name = names.get(row.pk)
        found.append(Person(row, name.name if name else "", name.kana if name else ""))
    return sorted(found, key=lambda each: (each.kana, each.enrolment.pk))


class Finder:
    """Who is meant by a reading and a birth date, or by the number on the certificate."""

    def __init__(self, people: Iterable[Person]) -> None:
        """Reads names and numbers of these people (two queries)."""
        uses = {each.enrolment.client_id: each.enrolment for each in people}
        self._by_number: dict[str, set[int]] = defaultdict(set)
        self._by_name: dict[tuple[str, date], set[int]] = defaultdict(set)
        for number in RecipientNumber.objects.filter(client__in=uses):
            self._by_number[number.number].add(number.client_id)
        for name in ClientName.objects.filter(client__in=uses):
            born = uses[name.client_id].client.birth_date
            for text in (name.kana, name.name):
                self._by_name[(search_key(text), born)].add(name.client_id)
        self._uses = uses

    def find(self, names: Iterable[str], born: date | None, number: str) -> Enrolment | None:
        """The one who is meant; None where nobody is, or where it could be two."""
        found = set(self._by_number.get(number, ()))
        if not found and born is not None:
            keys = {search_key(name) for name in names} - {""}
            found = {who for key in keys for who in self._by_name.get((key, born), ())}
        return self._uses[found.pop()] if len(found) == 1 else None

    def find_by_name(self, names: Iterable[str]) -> Enrolment | None:
        """The only one who bears all these names, whenever born: somebody has to look at it."""
        keys = {search_key(name) for name in names} - {""}
        bearers = [
            {
                who
                for (known, _born), whose in self._by_name.items()
                if known == key
                for who in whose
            }
            for key in keys
        ]
        found = set.intersection(*bearers) if bearers else set()
        return self._uses[found.pop()] if len(found) == 1 else None


def opening_invoices(office: Office, on: date) -> list[Told]:
    """What was told and stands, by month and kana (five queries)."""
    rows = _standing(office).exclude(opening__is_withdrawn=True)
    invoices = list(rows.select_related("enrolment__client", "opening__recorded_by__user"))
    names = names_seen((row.enrolment for row in invoices), on)
    balances = balances_by_line(invoices)
    found = []
    for row in invoices:
        name = names.get(row.enrolment_id)
        found.append(
            Told(
                row,
                name.name if name else "",
                name.kana if name else "",
                Month.of(row.month),
                balances[row.pk],
            )
        )
    return sorted(found, key=lambda each: (each.month, each.kana, each.invoice.pk))


def batches(told: Iterable[Told]) -> list[Batch]:
    """What was told in one go of more than one, newest first (no query)."""
    found: dict[datetime, list[Told]] = defaultdict(list)
    for each in told:
        if each.invoice.opening.replaces_id is None:
            found[each.invoice.opening.recorded_at].append(each)
    return [
        Batch(
            at, rows[0].invoice.opening.recorded_by.user.name, len(rows),
            sum(row.balance.amount_yen for row in rows),
            any(row.balance.kept_yen for row in rows),
        )
        for at, rows in sorted(found.items(), reverse=True)
        if len(rows) > 1
    ]  # fmt: skip


def chain_of(invoice: Invoice) -> list[OpeningInvoice]:
    """What was told of this month so far, the last one first (one query)."""
    rows = OpeningInvoice.objects.filter(
        invoice__enrolment=invoice.enrolment_id, invoice__month=invoice.month
    )
    return list(rows.select_related("invoice", "recorded_by__user").order_by("-pk"))


def standing_lines(office: Office) -> Mapping[tuple[int, date], int]:
    """By person's month what is asked for already (one query)."""
    rows = _standing(office).exclude(opening__is_withdrawn=True).order_by()
    return {
        (who, month): amount
        for who, month, amount in rows.values_list("enrolment", "month", "amount_yen")
    }


def _standing(office: Office) -> Any:
    return Invoice.objects.filter(
        enrolment__office=office, person_month=None, opening__replaced_by=None
    )
