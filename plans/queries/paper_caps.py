"""The caps that a ward's paper carries: what stood on file for a version, and how it is printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from plans.models import CapPeriod, Certificate
from plans.queries.caps import joined_caps
from teikyaku.clock import date_of, end_of
from teikyaku.era import wareki_month
from teikyaku.periods import Month

# The values of caps as they stood at each time, oldest first, by person and municipality.
Histories = Mapping[tuple[int, int], Sequence[Any]]


def cap_histories(clients: Iterable[int]) -> Histories:
    """What was ever on file of the caps of these people (one query)."""
    history: Any = CapPeriod.history  # type: ignore[attr-defined]
    found: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in history.filter(client__in=set(clients)).order_by("history_date", "history_id"):
        found[row.client_id, row.municipality_id].append(row)
    return found


def caps_that_stood(
    rows: Iterable[Any], certificate: Certificate, ends_on: date
) -> list[CapPeriod]:
    """The caps that a version carries, by month: what stood on file at the end of the day it was recorded.

    Of the months from its first day to `ends_on`, the end of the decision as the version prints it;
    `rows` are those of `cap_histories`. A cap that a later one cut short stands as it was; what was
    written wrongly stands as it was corrected.
    """
    until = end_of(date_of(certificate.recorded_at))
    stood: dict[int, CapPeriod] = {}
    for row in rows:
        was_known = row.history_date < until
        is_correction = bool(row.history_change_reason) and row.id in stood
        if row.history_type == "-":
            # Replaced by another cap, on that day or later.
            if was_known:
                stood.pop(row.id, None)
        elif was_known or is_correction:
            stood[row.id] = row.instance
    return _within(stood.values(), certificate, ends_on)


def _within(caps: Iterable[CapPeriod], certificate: Certificate, ends_on: date) -> list[CapPeriod]:
    first = Month.of(certificate.applies_on).first_day
    last = Month.of(ends_on).first_day
    found = [
        cap
        for cap in caps
        if cap.first_month <= last and (cap.last_month is None or cap.last_month >= first)
    ]
    if ends_on < certificate.decision.granted_until:
        for cap in found:  # nothing is promised beyond the day on which the decision ends now
            cap.last_month = min(cap.last_month or last, last)
    return sorted(found, key=lambda cap: cap.first_month)


def as_printed(caps: Iterable[CapPeriod]) -> list[dict[str, Any]]:
    """Caps in the words of a paper; neighbours that say the same are one line."""
    return [_cap(row) for row in joined_caps(caps)]


def _cap(row: CapPeriod) -> dict[str, Any]:
    return {
        "yen": row.cap_yen,
        "category": row.get_category_display(),
        "first_month": wareki_month(Month.of(row.first_month)),
        "last_month": wareki_month(Month.of(row.last_month)) if row.last_month else "",
        "is_managed": row.is_managed,
        "managing_office_name": row.managing_office_name,
        "managing_office_number": row.managing_office_number,
    }
