"""People of offices by their initials, for what leaves the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from clients.models import ClientName, Enrolment
from clients.rules.initials import distinct
from teikyaku.periods import in_force


def initials_of(offices: Collection[int], on: date) -> Mapping[tuple[int, int], str]:
    """(office, client) → initials, for everybody whom these offices know or knew (two queries).

    Who has left counts too: letters that meant one person never come to mean another.
    """
    known = Enrolment.objects.filter(office__in=offices)
    names = ClientName.objects.filter(in_force(on), client__in=known.values("client"))
    kana = dict(names.values_list("client", "kana"))
    order: dict[int, dict[int, str]] = defaultdict(dict)
    for office, client in known.order_by("pk").values_list("office", "client"):
        order[office].setdefault(client, kana.get(client, ""))
    return {
        (office, client): letters
        for office, people in order.items()
        for client, letters in distinct(people.items()).items()
    }
