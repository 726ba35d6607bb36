"""Files of the core system: what waits, and what the lines of one would do."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from plans.models import CoreUpload, CoreUploadRow


def waiting_q() -> Q:
    """Not settled yet, or confirmed with lines that are still to be stored."""
    left = CoreUploadRow.objects.filter(upload=OuterRef("pk"))
    return Q(outcome="") | Q(Exists(left))


def state_counts(upload: CoreUpload) -> dict[str, int]:
    """How many lines of a file are in which state (one query)."""
    found = dict(
        upload.rows.order_by().values_list("state").annotate(count=Count("pk")),
    )
    return {state: found.get(state, 0) for state in CoreUploadRow.State.values}
