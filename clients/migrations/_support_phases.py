"""Other support from before the phases stood on one row: one row a phase becomes one a support."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from teikyaku.periods import Month

ORDER = ("intensive", "transition", "follow_up")
FIRSTS = {"transition": "transition_on", "follow_up": "follow_up_on"}
# An open support without a last day: as long as such a support can be (docs/rules.md §1 G).
LONGEST_MONTHS = 8


def join_phases(apps: Any, schema_editor: Any) -> None:
    """Rows that follow one another at one place are the phases of one support; its months of subsidy."""
    Support = apps.get_model("clients", "OtherSupport")
    last: dict[tuple[int, int], Any] = {}
    for row in Support.objects.filter(kind="job_coach").order_by("starts_on", "pk"):
        key = (row.client_id, row.organisation_id)
        support, months = last.get(key), _months(row)
        if support is None or not _goes_on(support, row):
            support = row
            support.last_phase = row.phase
        if row.phase in FIRSTS:
            setattr(support, FIRSTS[row.phase], row.starts_on)
        support.subsidised_months = sorted({*support.subsidised_months, *months})
        support.ends_on, support.last_phase = row.ends_on, row.phase
        support.save()
        if support is not row:
            row.delete()
        last[key] = support
    if schema_editor.connection.vendor == "postgresql":
        # Columns go next: that waits for no pending check of a reference.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _goes_on(support: Any, row: Any) -> bool:
    is_next = support.ends_on is not None and support.ends_on + timedelta(days=1) == row.starts_on
    phases = (support.last_phase, row.phase)
    return is_next and all(phases) and ORDER.index(phases[0]) < ORDER.index(phases[1])


def _months(row: Any) -> list[str]:
    if not row.is_subsidised:
        return []
    first = Month.of(row.starts_on)
    last = Month.of(row.ends_on) if row.ends_on else first + LONGEST_MONTHS
    return [str(month) for month in Month.span(first, last)]


def first_lines(apps: Any, schema_editor: Any) -> None:
    """The history begins with each row as it was recorded."""
    Support = apps.get_model("clients", "OtherSupport")
    History = apps.get_model("clients", "HistoricalOtherSupport")
    names = [field.attname for field in Support._meta.concrete_fields]
    History.objects.bulk_create(
        History(
            **{name: getattr(row, name) for name in names},
            history_date=row.recorded_at, history_type="+", history_relation_id=row.pk,
        )
        for row in Support.objects.order_by("pk")
    )  # fmt: skip
