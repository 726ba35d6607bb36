"""関係機関 on file."""

from __future__ import annotations

from django.db.models import QuerySet

from clients.models import Organisation
from clients.rules.names import search_key


def organisation_alike(rows: QuerySet[Organisation], name: str) -> Organisation | None:
    """One of `rows` whose name is read as `name` is, though it is written otherwise (one query).

    Blanks, full-width letters and half-width kana make no other organisation. None for a name that
    is exactly the same: the constraint refuses that one.
    """
    key = search_key(name)
    alike = [row for row in rows if key and search_key(row.name) == key]
    if any(row.name == name for row in alike):
        return None
    return alike[0] if alike else None
