"""What of a municipality was closed and claimed: the joining of two asks how much hangs on the one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from billing.models import OpeningClaim, PersonMonth
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_start import is_claimed_here
from teikyaku.accounts.models import Municipality


@dataclass(frozen=True, slots=True)
class ClosedOfPlace:
    """Of all offices, without anybody's name."""

    waiting: int
    """Closed months of people that are claimed here and stand in no claim file yet."""
    claimed: int
    """Those that stand in one."""
    before: int
    """Sums of 移行前の請求 that count."""


def closed_of_place(municipality: Municipality) -> ClosedOfPlace:
    """How many closed months, claims and sums of before keep this municipality (three queries)."""
    months = PersonMonth.objects.standing().filter(municipality=municipality)
    in_file = Exists(standing_entries().filter(person_month=OuterRef("pk")))
    waiting = months.filter(~in_file, is_claimed_here("month", "closing__office"))
    before = OpeningClaim.objects.standing().filter(municipality=municipality)
    return ClosedOfPlace(waiting.count(), months.filter(in_file).count(), before.count())
