"""移行の取込: what a record that a file brought does not say, as the file had no word of it."""

from __future__ import annotations

from datetime import datetime

from clients.models import Client
from plans.models import MoveInRow


def was_said(client: Client, recorded_at: datetime, *fields: str) -> bool:
    """Whether one of the fields was told with the record of that instant; True where it cannot be known.

    False only of a record that a line of a file made, in which these columns are missing or empty.
    """
    rows = MoveInRow.objects.filter(enrolment__client=client, imported_at=recorded_at)
    row = rows.select_related("move_in").first()
    if row is None:
        return True
    places = [row.move_in.columns[field] for field in fields if field in row.move_in.columns]
    if places and not row.cells:
        return True  # what it held lies here no longer
    return any(place < len(row.cells) and row.cells[place].strip() for place in places)
