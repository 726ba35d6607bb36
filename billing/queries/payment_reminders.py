"""お支払いのお知らせ: who is late on a day, who gets a letter, which letters wait to be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet

from billing.models import Invoice, MonthLine, PaymentReminder
from billing.queries.addressees import Recipient, recipients
from billing.queries.payments import open_invoices
from billing.queries.pending_debits import pending_days
from billing.rules.payment_reminder import why_none
from clients.models import Client, Enrolment
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.figures import figure
from teikyaku.clock import date_of
from teikyaku.periods import Month

AGAIN_DAYS = "payment_reminder.again_days"


@dataclass(frozen=True, slots=True)
class LatePerson:
    """Somebody with an invoice open after its last day; sums in yen."""

    client: Client
    who: Recipient
    late: tuple[Invoice, ...]
    coming: tuple[Invoice, ...]
    """Open, and still in time."""
    last_on: date | None
    why_none: str
    """Why no letter goes; empty where one may."""

    @property
    def late_yen(self) -> int:
        """What the letter asks for."""
        return sum(row.open_yen for row in self.late)  # type: ignore[attr-defined]

    @property
    def coming_yen(self) -> int:
        """What is open and not late yet."""
        return sum(row.open_yen for row in self.coming)  # type: ignore[attr-defined]

    @property
    def months(self) -> list[Month]:
        """The months of service that the letter is about, oldest first."""
        return [Month.of(row.month) for row in self.late]


def late_people(office: Office, on: date, clients: Iterable[int] | None = None) -> list[LatePerson]:
    """Everybody with something late, by kana; `clients` (keys) asks of these alone.

    The same number of queries for any number of people.
    """
    rows = open_invoices(office)
    if clients is not None:
        rows = rows.filter(enrolment__client__in=list(clients))
    invoices: dict[int, list[Invoice]] = defaultdict(list)
    for row in rows:
        invoices[row.enrolment.client_id].append(row)
    found = {key: own for key, own in invoices.items() if any(row.due_on < on for row in own)}
    waiting = pending_days([row for own in found.values() for row in own])
    known = recipients(_enrolments(office, found, on), on)
    last, days = _last_letters(office, found), again_days(on)
    people = [
        _person(own, waiting, known[client], last.get(client), on, days)
        for client, own in found.items()
    ]
    return sorted(people, key=lambda each: (each.who.kana, each.client.pk))


def again_days(on: date) -> int:
    """How many days after a letter the next one may go to the same person."""
    return int(figure(AGAIN_DAYS, Month.of(on)).value)


def _enrolments(office: Office, clients: Iterable[int], on: date) -> list[Enrolment]:
    """The last use of each at the office."""
    rows = Enrolment.objects.filter(office=office, client__in=list(clients), starts_on__lte=on)
    ordered = rows.select_related("client").order_by("starts_on", "pk")
    return list({row.client_id: row for row in ordered}.values())


def _last_letters(office: Office, clients: Iterable[int]) -> dict[int, date]:
    rows = PaymentReminder.objects.filter(office=office, client__in=list(clients)).order_by()
    last = rows.values_list("client").annotate(last=Max("document__issued_at"))
    return {client: date_of(at) for client, at in last}


def _person(
    own: list[Invoice],
    waiting: Mapping[MonthLine, date],
    who: Recipient,
    last_on: date | None,
    on: date,
    days: int,
) -> LatePerson:
    late = [row for row in own if row.due_on < on]
    # What a bank may have debited already is asked of nobody.
    sure = [row for row in late if row.line not in waiting]
    return LatePerson(
        client=own[0].client,
        who=who,
        late=tuple(sure or late),
        coming=tuple(row for row in own if row.due_on >= on),
        last_on=last_on,
        why_none=why_none(
            is_late=True, has_died=who.has_died, is_death_told=who.is_death_told, last_on=last_on,
            on=on, again_days=days, is_pending=not sure,
        ),
    )  # fmt: skip


def letters(office: Office) -> QuerySet[Any]:
    """The letters of an office, newest first."""
    related = ("document__dispatch", "client", "document__issued_by__user")
    return PaymentReminder.objects.filter(office=office).select_related(*related).order_by("-pk")


def waiting_letters(office: Office) -> list[PaymentReminder]:
    """Those that were not sent and still say what is true, oldest first (three queries).

    Somebody who paid since, or died, gets none.
    """
    rows = list(
        letters(office).filter(document__dispatch=None, client__died_on=None)
        .order_by("pk").prefetch_related("lines")
    )  # fmt: skip
    open_yen = dict(
        open_invoices(office)
        .filter(enrolment__client__in=[row.client_id for row in rows])
        .values_list("pk", "open_yen")
    )
    return [
        row
        for row in rows
        if all(open_yen.get(line.invoice_id) == line.open_yen for line in row.lines.all())
    ]
