"""Lists of a ward that leave the house as files are on the record."""

from __future__ import annotations

from datetime import datetime

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import Membership, Municipality


def note_ward_export(*, verb: str, ward: Municipality, by: Membership, at: datetime) -> None:
    """One line: a list of this ward, or the city's figures, was written out (docs/rules.md §10)."""
    audit(verb=verb, subject=ward, by=by, at=at)
