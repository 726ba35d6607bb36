"""May the workplace be contacted? The worst accident possible is to do so where it must not know."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact

from clients.models import Client, Employment
from teikyaku.periods import in_force
from teikyaku.prepared import prepared


def no_contact_q(on: Any, client: Any) -> Q:
    """The condition, for lists and for one person: the workplace on `on` must not be contacted.

    A job of that day says so; between jobs "the workplace" can only be the last one, and what held
    there still holds. `on` is a day and `client` the person's key: values, or expressions of the
    query around.
    """
    jobs = Employment.objects.filter(client=client)
    now = jobs.filter(in_force(on))
    last = jobs.filter(starts_on__lte=on).order_by("-starts_on", "-pk")
    is_last_flagged = Exact(Subquery(last.values("must_not_contact")[:1]), Value(True))
    return Q(Exists(now.filter(must_not_contact=True))) | (~Q(Exists(now)) & Q(is_last_flagged))


def must_not_contact(client: Client, on: date) -> bool:
    """Whether the person's workplace on `on` must not be contacted (one query)."""
    return bool(_flagged.rows(client=client.pk, on=on))


@prepared("client")
def _flagged(client: int, on: date) -> QuerySet[Any, Any]:
    found = Client.objects.filter(no_contact_q(on, OuterRef("pk")), pk=client)
    return found.values_list("pk", flat=True)
