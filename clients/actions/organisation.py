"""関係機関: reference data that wards and offices share; no personal data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from clients.models import Organisation
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Municipality


@transaction.atomic
def save_organisation(
    *, organisation: Organisation, areas: Iterable[Municipality], by: Membership, at: datetime
) -> Organisation:
    """A new one, or new facts about one; papers that were issued keep the name of their day.

    Raises ValidationError by field where one of this kind and name is on file.
    """
    verb = "organisation_registered" if organisation._state.adding else "organisation_changed"
    row = save_record(organisation, verb=verb, by=by, at=at)
    row.areas.set(areas)
    return row
