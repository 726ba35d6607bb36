"""Which 上限額管理結果票 of a closed month was sent last: the one place that says it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from billing.enums import ClaimFamily
from billing.models import CapResult, CapSheetRevision, ClaimFile, ClaimFileEntry


def revised_results(rows: Collection[int]) -> dict[int, CapResult]:
    """By closed month (its key) what the last 修正 alone said; not of months that have none.

    With its lines: one query, two where there is one, none without rows. Also a later claim of the
    same month (返戻) bears it, so that it holds until the next 修正.
    """
    if not rows:
        return {}
    found = (
        _standing(entry__person_month__in=list(rows))
        .select_related("entry", "result")
        .prefetch_related("result__lines")
        .order_by("entry")
    )
    return {each.entry.person_month_id: each.result for each in found}


def sent_key() -> Coalesce:
    """Of a line of a file, in the database: the key of the result that it bears.

    That of the last 修正 alone up to this line or, without one, that of the closed month.
    """
    until = _standing(entry__person_month=OuterRef("person_month"), entry__pk__lte=OuterRef("pk"))
    return Coalesce(
        Subquery(until.order_by("-entry__pk").values("result")[:1]),
        F("person_month__cap_result"),
        output_field=BigIntegerField(),
    )


def key_sent(entry: ClaimFileEntry) -> int:
    """The key of the result that a line bears; asks once where its query did not bring it."""
    found: int | None = getattr(entry, "sent_key", None)
    if found is None:
        found = ClaimFileEntry.objects.values_list(sent_key(), flat=True).get(pk=entry.pk)
    assert found is not None  # noqa: S101  (without one nothing was sent)
    return found


def sent_after(files: Iterable[ClaimFile]) -> ClaimFileEntry | None:
    """The last line of a standing claim that bears again what a 修正 alone in these files said."""
    revising = CapSheetRevision.objects.filter(entry__file__in=list(files))
    later = ClaimFileEntry.objects.filter(
        file__family=ClaimFamily.CAPS, file__withdrawal=None, cap_revision=None,
        cap_cancellation=None, pk__gt=OuterRef("entry__pk"),
        person_month=OuterRef("entry__person_month"),
    )  # fmt: skip
    keys = revising.annotate(again=Subquery(later.order_by("-pk").values("pk")[:1]))
    found = ClaimFileEntry.objects.filter(pk__in=keys.values("again")).select_related("file")
    return found.exclude(file__in=list(files)).order_by("pk").last()


def _standing(**of: Any) -> QuerySet[CapSheetRevision]:
    return CapSheetRevision.objects.filter(entry__file__withdrawal=None, **of)
