"""Offices, their terms, and corrections of figures, by the system administrator."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import FigureOverride, Membership, Office, OfficeTerms
from teikyaku.periods import day_before


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
    )
    return save_record(row, verb="terms_set", by=by, at=at)


@transaction.atomic
def override_figure(
    *,
    key: str,
    value: str,
    first_month: date,
    last_month: date | None,
    source: str,
    by: Membership,
    at: datetime,
) -> FigureOverride:
    """An operator's figure wins over the packaged one for these months.

    Raises ValidationError when another correction covers one of them.
    """
    row = FigureOverride(
        key=key, value=value, first_month=first_month, last_month=last_month, source=source
    )
    return save_record(row, verb="figure_corrected", by=by, at=at)
