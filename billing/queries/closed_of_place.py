"""What of a municipality was closed and claimed: the joining of two asks how much hangs on the one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from billing.models import OpeningClaim, PersonMonth
from billing.queries.claim_entries import standing_entries
from teikyaku.accounts.models import Municipality


@dataclass(frozen=True, slots=True)
class ClosedOfPlace:
    """Of all offices, without anybody's name."""

    months: int
    """Closed months of people that count."""
    claimed: int
    """Of these those that stand in a claim file."""
    before: int
    """Sums of 移行前の請求 that count."""


def closed_of_place(municipality: Municipality) -> ClosedOfPlace:
    """How many closed months, claims and sums of before keep this municipality (three queries)."""
    months = PersonMonth.objects.standing().filter(municipality=municipality)
    claimed = months.filter(Exists(standing_entries().filter(person_month=OuterRef("pk"))))
    before = OpeningClaim.objects.standing().filter(municipality=municipality)
    return ClosedOfPlace(months.count(), claimed.count(), before.count())
