"""The number on the certificate that somebody held on a day, for papers about a time before the move."""

from __future__ import annotations

from datetime import date

from clients.models import Client, RecipientNumber
from plans.models import Certificate


def held_by(client: Client, on: date) -> RecipientNumber | None:
    """The number under the decision of that day; None where none is on file here (one query)."""
    rows = Certificate.objects.filter(
        decision__client=client, decision__starts_on__lte=on, decision__ends_on__gte=on
    )
    row = rows.select_related("recipient_number__municipality__city").order_by("pk").last()
    return row.recipient_number if row else None
