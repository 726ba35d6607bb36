"""Lists that leave the house as files are on the record."""

from __future__ import annotations

from datetime import datetime

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.models import Membership, Office


def note_export(*, verb: str, office: Office, by: Membership, at: datetime) -> None:
    """One line: a list of this office's people was written out (docs/rules.md §10)."""
    audit(verb=verb, subject=office, by=by, at=at)
