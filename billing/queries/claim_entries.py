"""Who stands in a claim for 国保連."""

from __future__ import annotations

from django.db.models import QuerySet

from billing.enums import ClaimFamily
from billing.models import ClaimFileEntry


def standing_entries() -> QuerySet[ClaimFileEntry]:
    """Who stands in a claim that was neither withdrawn nor returned."""
    return ClaimFileEntry.objects.filter(
        file__family=ClaimFamily.CLAIM, file__withdrawal=None, returned=None
    )
