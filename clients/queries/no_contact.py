"""May the workplace be contacted? The worst accident possible is to do so where it must not know."""

from __future__ import annotations

from datetime import date

from clients.models import Client, Employment


def must_not_contact(client: Client, on: date) -> bool:
    """Whether the workplace on `on` must not be contacted (one query).

    Between jobs "the workplace" can only be the last one: what held there still holds.
    """
    begun = Employment.objects.filter(client=client, starts_on__lte=on)
    jobs = list(begun.values_list("ends_on", "must_not_contact").order_by("starts_on", "pk"))
    now = [is_flagged for ends_on, is_flagged in jobs if ends_on is None or ends_on >= on]
    last = [is_flagged for _ends_on, is_flagged in jobs[-1:]]
    return any(now or last)
