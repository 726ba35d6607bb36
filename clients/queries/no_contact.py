"""May the workplace be contacted? The worst accident possible is to do so where it must not know."""

from __future__ import annotations

from datetime import date

from clients.models import Client, Employment
from teikyaku.periods import in_force


def must_not_contact(client: Client, on: date) -> bool:
    """Whether a job of the person on `on` says: do not contact the workplace (one query)."""
    jobs = Employment.objects.filter(in_force(on), client=client, must_not_contact=True)
    return jobs.exists()
