"""What stands of people's months, at whichever office: what a close must know before it takes one in."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from billing.models import PersonMonth
from clients.models import Enrolment
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class PeopleMonths:
    """What stands of a month, of the people of an office, at whichever office."""

    claims: dict[int, int]
    """Client → the enrolment whose month is closed and counts."""
    editions: dict[int, int]
    """Client → the number of the last row of their month."""


def people_months(
    offices: Sequence[Office], first: Month, last: Month, only: Set[int] | None = None
) -> dict[Month, PeopleMonths]:
    """By month: what stands of the people of these offices, at whichever office (one query).

    With `only`, of these people alone. The last row of a person's month says whether it counts: a withdrawn one leaves it to others.
    """
    found: dict[Month, PeopleMonths] = {}
    keys = [office.pk for office in offices]
    rows = _rows.rows(offices=keys, only=only, first=first, last=last)
    for day, client, enrolment, edition, is_withdrawn in rows:
        known = found.setdefault(Month.of(day), PeopleMonths({}, {}))
        if edition < known.editions.get(client, 0):
            continue
        known.editions[client] = edition
        if is_withdrawn:
            known.claims.pop(client, None)
        else:
            known.claims[client] = enrolment
    return found


@prepared("offices", "only")
def _rows(
    offices: list[int], only: list[int] | None, first: Month, last: Month
) -> QuerySet[Any, Any]:
    here = Enrolment.objects.filter(office__in=offices).values("client")
    here = here if only is None else here.filter(client__in=only)
    closed = PersonMonth.objects.filter(
        month__range=(first.first_day, last.first_day), client__in=here
    )
    return closed.values_list("month", "client_id", "enrolment_id", "edition", "is_withdrawn")
