"""Offices with their terms, and municipalities, by the system administrator."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import (
    Membership,
    Municipality,
    MunicipalityProposal,
    Office,
    OfficeTerms,
)
from teikyaku.periods import day_before
from teikyaku.reasons import Certainty


@transaction.atomic
def save_office(*, office: Office, by: Membership, at: datetime) -> Office:
    """A new office, or new facts about one; the history keeps the old.

    Raises ValidationError when the number is taken.
    """
    verb = "office_registered" if office._state.adding else "office_changed"
    return save_record(office, verb=verb, by=by, at=at)


@transaction.atomic
def set_terms(
    *,
    office: Office,
    starts_on: date,
    area_class: str,
    unit_price: Decimal,
    source: str,
    by: Membership,
    at: datetime,
    certainty: str = Certainty.UNKNOWN,
) -> OfficeTerms:
    """Area class and unit price from a day on; what ran ends the day before.

    Raises ValidationError when later terms are on file.
    """
    running = OfficeTerms.objects.filter(
        office=office, starts_on__lt=starts_on, ends_on=None
    ).first()
    if running is not None:
        running.ends_on = day_before(starts_on)
        save_record(running, verb="terms_ended", by=by, at=at, fields=("ends_on",))
    row = OfficeTerms(
        office=office,
        starts_on=starts_on,
        area_class=area_class,
        unit_price=unit_price,
        source=source,
        certainty=certainty,
    )
    return save_record(row, verb="terms_set", by=by, at=at)


@transaction.atomic
def correct_terms(
    *, terms: OfficeTerms, changes: Mapping[str, Any], reason: str, by: Membership, at: datetime
) -> OfficeTerms:
    """Terms that were written wrongly; the history keeps the old values, closed months theirs.

    Raises ValidationError by field when the new values do not fit.
    """
    return correct_record(terms, changes, verb="terms_corrected", reason=reason, by=by, at=at)


@transaction.atomic
def save_municipality(*, municipality: Municipality, by: Membership, at: datetime) -> Municipality:
    """Another municipality that decides and pays, or new facts about one; one that waits is confirmed by it.

    Raises ValidationError when the number is taken.
    """
    is_new = municipality._state.adding
    verb = "municipality_registered" if is_new else "municipality_changed"
    save_record(municipality, verb=verb, by=by, at=at)
    waiting = MunicipalityProposal.objects.filter(municipality=municipality, confirmed_at=None)
    for proposal in waiting:
        proposal.confirmed_by, proposal.confirmed_at = by, at
        save_record(proposal, verb="municipality_proposal_confirmed", by=by, at=at)
    return municipality


@transaction.atomic
def propose_municipality(
    *, municipality: Municipality, office: Office, by: Membership, at: datetime
) -> Municipality:
    """A municipality of a certificate that nobody has registered: used at once, to be confirmed later.

    Raises ValidationError when the number is taken.
    """
    save_record(municipality, verb="municipality_registered", by=by, at=at)
    row = MunicipalityProposal(municipality=municipality, office=office)
    save_record(row, verb="municipality_proposal_made", by=by, at=at)
    return municipality
