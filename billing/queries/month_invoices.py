"""請求書 of a month, as they were issued: for one file, or for several where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Invoice
from clients.models import Residence
from teikyaku.accounts.models import Office
from teikyaku.era import wareki_month
from teikyaku.periods import Month

# One Typst run with so many holds 130 MB more than with a single paper; an office has 5 to 60 people.
IN_A_FILE = 100


def month_invoices(office: Office, month: Month) -> QuerySet[Invoice]:
    """The papers of the month that ask for something and were not replaced, in the order of their numbers."""
    found: QuerySet[Invoice] = Invoice.objects.filter(
        person_month__closing__office=office, person_month__month=month.first_day,
        document__replaced_by=None, amount_yen__gt=0,
    ).order_by("pk")  # fmt: skip
    return found


def unsent_invoices(office: Office, month: Month) -> int:
    """How many of them nobody has marked as sent: they still have to go to the people (one query)."""
    return month_invoices(office, month).filter(document__dispatch=None).count()


def invoice_files(
    office: Office, month: Month, on: date, in_a_file: int = IN_A_FILE
) -> Iterator[dict[str, Any]]:
    """The keys of templates/documents/invoices.typ, a file at a time: only the papers of one are held."""
    keys = list(month_invoices(office, month).values_list("pk", flat=True))
    for first in range(0, len(keys), in_a_file):
        yield _file(office, month, on, keys[first : first + in_a_file])


def invoice_file(office: Office, month: Month, on: date, part: int) -> dict[str, Any] | None:
    """The file of this number, counted from 1; None where there is none."""
    papers = month_invoices(office, month).values_list("pk", flat=True)
    keys = list(papers[(part - 1) * IN_A_FILE : part * IN_A_FILE])
    return _file(office, month, on, keys) if keys else None


def _file(office: Office, month: Month, on: date, keys: list[int]) -> dict[str, Any]:
    hidden = Residence.objects.filter(client=OuterRef("person_month__client"), is_protected=True)
    rows = Invoice.objects.filter(pk__in=keys).order_by("pk").annotate(is_hidden=Exists(hidden))
    return {
        "dated": on.isoformat(),
        "office": {"name": office.name},
        "month": wareki_month(month),
        "papers": [
            _without_address(content) if is_hidden else content
            for content, is_hidden in rows.values_list("document__content", "is_hidden")
        ],
    }


def _without_address(content: Mapping[str, Any]) -> dict[str, Any]:
    """A paper of before the protection still bears the person's address: it is left out."""
    to = content["addressee"]
    if to["name"] != content["person"]["name"]:
        return dict(content)
    return {**content, "addressee": {**to, "postal_code": "", "address": []}}
