"""Whether closed months still are what was frozen: their digest, computed again from the rows.

Where people were erased from a month, the digest of what is left (`MonthRemainder`) is the measure:
it was taken from rows that had just been found whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing.models import MonthClosing, MonthRemainder, PersonMonth
from teikyaku.frozen import digest
from teikyaku.periods import Month


def broken_closings(first: Month | None = None) -> Iterator[MonthClosing]:
    """Every closing, of `first` or a later month, whose rows no longer give its digest."""
    closings = MonthClosing.objects.select_related("office", "remainder").order_by("pk")
    if first is not None:
        closings = closings.filter(month__gte=first.first_day)
    for closing in closings.iterator(chunk_size=200):
        if not is_whole(closing):
            yield closing


def is_whole(closing: MonthClosing) -> bool:
    """Whether the rows of a closing, or what is left of them, are what was frozen (two queries)."""
    remainder: MonthRemainder | None = getattr(closing, "remainder", None)
    if remainder is None:
        return digest(_stored_values(closing)) == closing.digest
    return remainder_digest(closing, remainder.sums) == remainder.digest


def remainder_digest(closing: MonthClosing, sums: list[dict[str, Any]]) -> str:
    """The digest of a closing from which people were erased: of the rows left, and of the sums gone."""
    return digest({"first": closing.digest, "erased": sums, "rows": _stored_values(closing)})


def _stored_values(closing: MonthClosing) -> list[dict[str, Any]]:
    rows = (
        PersonMonth.objects.filter(closing=closing)
        .select_related("cap_result", "replaces")
        .prefetch_related("lines")
        .order_by("pk")
    )
    return [
        {
            **({"cap_outcome": row.cap_result.outcome} if row.cap_result else {}),
            **({"edition": row.edition} if row.edition > 1 else {}),
            **({"replaces": str(row.replaces.public_id)} if row.replaces else {}),
            **({"withdrawn": True} if row.is_withdrawn else {}),
            **(
                {"subsidy": [row.subsidy_municipality_id, row.subsidy_yen]}
                if row.subsidy_yen
                else {}
            ),
            "client": row.client_id,
            "municipality": row.municipality_id,
            "number": row.certificate_number,
            "units": row.units,
            "unit_price": f"{row.unit_price:.3f}",
            "total": row.total_cost_yen,
            "tenth": row.one_tenth_yen,
            "cap": row.cap_yen,
            "copayment": row.copayment_yen,
            "lines": [
                [line.kind, line.units, line.times, line.total_units] for line in row.lines.all()
            ],
        }
        for row in rows
    ]
