"""Whether closed months still are what was frozen: their digest, computed again from the rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from billing.models import MonthClosing, PersonMonth
from teikyaku.frozen import digest


def broken_closings() -> Iterator[MonthClosing]:
    """Every closing whose rows no longer give its digest."""
    closings = MonthClosing.objects.select_related("office").order_by("pk")
    for closing in closings.iterator(chunk_size=200):
        if digest(_stored_values(closing)) != closing.digest:
            yield closing


def _stored_values(closing: MonthClosing) -> list[dict[str, Any]]:
    rows = PersonMonth.objects.filter(closing=closing).prefetch_related("lines").order_by("pk")
    return [
        {
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
