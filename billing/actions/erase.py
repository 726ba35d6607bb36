"""Erasing in this app: a person's closed months go, the months keep their sums and are sealed anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from billing.models import JournalRemainder, MonthClosing, MonthRemainder
from billing.queries.journal import lines_of
from billing.queries.keeping import closings_of, money_parts, months_of, sums_without, unsettled
from billing.queries.verify import remainder_digest
from billing.rules.journal import JournalLine
from clients.actions.erase import REASON
from clients.models import Client
from teikyaku.accounts.models import Office
from teikyaku.erasing import erase_parts
from teikyaku.frozen import erase_frozen


@transaction.atomic
def erase_months(*, client: Client, office: Office) -> None:
    """The person's closed months at an office, with invoices, payments and receipts.

    Raises ValidationError while something is open, or where a month was damaged before: its traces
    stay until somebody has looked.
    """
    if reasons := unsettled(client, office):
        raise ValidationError([reason.text for reason in reasons])
    closings = closings_of(client, office)
    rows = list(months_of(client, office))
    left = {
        closing.pk: sums_without(closing, (row for row in rows if row.closing_id == closing.pk))
        for closing in closings
    }
    books = lines_of(office, client)
    erase_parts(money_parts(client, office), reason=REASON)
    _keep_books(office, books)
    for closing in closings:
        _seal(closing, left[closing.pk])


def _keep_books(office: Office, lines: Iterable[JournalLine]) -> None:
    """What was booked of the person joins the nameless sums of its day."""
    sums: dict[tuple[date, str, str], int] = defaultdict(int)
    for each in lines:
        sums[(each.on, each.debit.value, each.credit.value)] += each.yen
    known = JournalRemainder.objects.filter(office=office, on__in={on for on, *_accounts in sums})
    joined = [row for row in known if (row.on, row.debit, row.credit) in sums]
    for row in joined:
        sums[(row.on, row.debit, row.credit)] += row.yen
    erase_frozen(known.filter(pk__in=[row.pk for row in joined]), reason=REASON)
    JournalRemainder.objects.bulk_create(
        JournalRemainder(office=office, on=on, debit=debit, credit=credit, yen=yen)
        for (on, debit, credit), yen in sorted(sums.items())
    )


def _seal(closing: MonthClosing, sums: list[dict[str, int | str]]) -> None:
    erase_frozen(MonthRemainder.objects.filter(closing=closing), reason=REASON)
    MonthRemainder.objects.create(
        closing=closing, sums=sums, digest=remainder_digest(closing, sums)
    )
