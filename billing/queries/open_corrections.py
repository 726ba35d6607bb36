"""How many corrected months have something to do: what `corrections` lists as open, without its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import ErrorPetition, PersonMonth
from billing.queries.cap_sheets import sheets_left
from billing.queries.claim_entries import standing_entries
from billing.queries.payments import balances_of
from billing.rules.correction import LineRow, is_open
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


class _Row(NamedTuple):
    """One row of a corrected line."""

    key: int
    enrolment: int
    month: date
    replaces: int | None
    replaced_by: int | None
    is_withdrawn: bool
    is_claimed: bool
    is_petitioned: bool


def open_corrections(office: Office) -> int:
    """As many as `corrections` has with `is_open` (one query; four where something was corrected)."""
    lines: dict[tuple[int, date], list[_Row]] = defaultdict(list)
    for row in (_Row(*each) for each in _corrected.rows(office=office.pk)):
        lines[row.enrolment, row.month].append(row)
    # Each last row with those before it.
    found = [
        rows[: n + 1]
        for rows in lines.values()
        for n, row in enumerate(rows)
        if row.replaces is not None and row.replaced_by is None
    ]
    if not found:
        return 0
    balances = balances_of(office, [rows[-1].key for rows in found])
    over = {key: balance.over_yen for key, balance in balances.items()}
    left = sheets_left(office, [(rows[-1].enrolment, rows[-1].month) for rows in found])
    return sum(
        rows[-1].enrolment in left[Month.of(rows[-1].month)]
        or _is_open(rows, over.get(rows[-1].key, 0))
        for rows in found
    )


def _is_open(rows: Sequence[_Row], over_yen: int) -> bool:
    line = [LineRow(row.is_claimed, row.is_petitioned) for row in rows]
    return is_open(line, over_yen, is_withdrawn=rows[-1].is_withdrawn)


@prepared("office")
def _corrected(office: int) -> QuerySet[Any, Any]:
    """The rows of whose months some were corrected, the oldest of each month first."""
    replacing = PersonMonth.objects.filter(replaces__isnull=False, closing__office=office)
    # Of whom a month was corrected, every month: whether a line was is told by its last row.
    rows = PersonMonth.objects.filter(
        closing__office=office, enrolment__in=replacing.values("enrolment")
    )
    petitions = ErrorPetition.objects.filter(correction__person_month=OuterRef("pk"))
    return rows.order_by("edition").values_list(
        "pk", "enrolment", "month", "replaces", "replaced_by", "is_withdrawn",
        Exists(standing_entries().filter(person_month=OuterRef("pk"))),
        Exists(petitions),
    )  # fmt: skip
