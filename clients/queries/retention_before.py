"""移行前の人数 as the count of 就労定着率 takes it: people without a name."""

from __future__ import annotations

from clients.models import RetentionBefore
from clients.rules.retention import RetentionFact, retention_span
from teikyaku.accounts.models import Office


def told_before(office: Office, year: int) -> RetentionBefore | None:
    """What the office told of a fiscal year; None where it told nothing (one query)."""
    rows = RetentionBefore.objects.filter(office=office, fiscal_year=year)
    return rows.select_related("recorded_by__user").first()


def before_facts(row: RetentionBefore | None) -> list[RetentionFact]:
    """One fact for each of them: used in the years that count, employed or not as it was told."""
    if row is None:
        return []
    used = (retention_span(row.fiscal_year),)
    return [
        RetentionFact(f"before-{row.pk}-{n}", used, answer=n < row.employed, is_told=True)
        for n in range(row.people)
    ]
