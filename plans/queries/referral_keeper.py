"""つなぎ and 区の引継ぎ: with which ward a ward's referral lies now."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from clients.models import Referral
from plans.models import FileTransfer


def with_keeper(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Each with `kept_by_now`: the ward that took the person's file over last since, else the one that led.

    None of an office's: what an office did passes to nobody.
    """
    passed = FileTransfer.objects.filter(
        client=OuterRef("client"),
        outcome=FileTransfer.Outcome.ACCEPTED,
        outcome_at__gt=OuterRef("recorded_at"),
    )
    last = passed.order_by("-outcome_at", "-pk").values("to_municipality")[:1]
    key = BigIntegerField()
    ward = Coalesce(Subquery(last), F("municipality"), output_field=key)
    by_ward = Case(When(municipality__isnull=False, then=ward), output_field=key)
    return rows.annotate(kept_by_now=by_ward)


def people_taken_over(ward: int) -> QuerySet[Any, Any]:
    """The people whose file this ward ever took over: a condition on `client`."""
    accepted = FileTransfer.objects.filter(
        to_municipality=ward, outcome=FileTransfer.Outcome.ACCEPTED
    )
    return accepted.values("client")


def keeper_of(referral: Referral) -> int | None:
    """The same of one (one query); None of an office's."""
    if referral.municipality_id is None:
        return None
    row: Any = with_keeper(Referral.objects.filter(pk=referral.pk)).first()
    # Not stored yet: it lies with who writes it.
    return row.kept_by_now if row is not None else referral.municipality_id
