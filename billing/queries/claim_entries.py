"""Who stands in a claim for 国保連."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from billing.enums import ClaimFamily
from billing.models import ClaimFileEntry, ClaimPayment


def standing_entries() -> QuerySet[ClaimFileEntry]:
    """Who stands in a claim that was neither withdrawn nor returned."""
    return ClaimFileEntry.objects.filter(
        file__family=ClaimFamily.CLAIM, file__withdrawal=None, returned=None
    )


def numbers_sent(rows: Collection[int]) -> dict[int, str]:
    """By closed month (its key): 市町村番号 of its claim, as long as it stands and was not paid (one query).

    What 国保連 paid it took under that number: the number was right.
    """
    paid = ClaimPayment.objects.standing().filter(entry=OuterRef("pk"))
    entries = standing_entries().filter(~Exists(paid), person_month__in=rows)
    return dict(entries.order_by("pk").values_list("person_month", "municipality_code"))
