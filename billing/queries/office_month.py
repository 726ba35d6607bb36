"""What the office itself brings into a month: fee table, tier, unit price, notified items."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.models import OfficeNotification, OfficeTier, TariffConfirmation
from billing.tariffs import Confirmation, Tariff, TariffError, tariff_for
from teikyaku.accounts.models import Office, OfficeTerms
from teikyaku.periods import Month, Period, overlapping


@dataclass(frozen=True, slots=True)
class OfficeMonth:
    """The office's side of a month. What is missing holds every claim, and says so."""

    month: Month
    tariff: Tariff | None
    tariff_problem: str
    tier: str | None
    unit_price: Decimal | None
    items: tuple[str, ...]

    @property
    def is_sample(self) -> bool:
        """Whether the fee table is a sample, which every page and paper says."""
        return self.tariff is not None and self.tariff.is_sample


def confirmations() -> tuple[Confirmation, ...]:
    """What operators confirmed about fee tables after their own end (one query)."""
    return tuple(
        Confirmation(
            tariff=row.tariff,
            first_month=Month.of(row.first_month),
            last_month=Month.of(row.last_month) if row.last_month else None,
            source=row.source,
            is_sample=row.is_sample,
        )
        for row in TariffConfirmation.objects.all()
    )


def office_month(office: Office, month: Month) -> OfficeMonth:
    """The office's side of `month` (four queries)."""
    return office_months(office, month, month)[month]


def office_months(office: Office, first: Month, last: Month) -> dict[Month, OfficeMonth]:
    """The office's side of every month from `first` to `last` (four queries, however many)."""
    confirmed = confirmations()
    years = (first.fiscal_year, last.fiscal_year)
    tiers = {
        row.fiscal_year: row.tier
        for row in OfficeTier.objects.filter(office=office, fiscal_year__range=years)
    }
    span = Period(first.first_day, last.first_day)
    terms = list(office.terms.filter(overlapping(span)))
    notified = list(
        OfficeNotification.objects.filter(office=office, first_month__lte=last.first_day).exclude(
            last_month__lt=first.first_day
        )
    )
    return {
        month: _month_of(month, confirmed, tiers, terms, notified)
        for month in Month.span(first, last)
    }


def _month_of(
    month: Month,
    confirmed: tuple[Confirmation, ...],
    tiers: dict[int, str],
    terms: list[OfficeTerms],
    notified: list[OfficeNotification],
) -> OfficeMonth:
    tariff, problem, day = None, "", month.first_day
    try:
        tariff = tariff_for(month, confirmations=confirmed)
    except TariffError as error:
        problem = str(error)
    prices = [row.unit_price for row in terms if Period(row.starts_on, row.ends_on).contains(day)]
    items = [
        row.item
        for row in notified
        if row.first_month <= day and (row.last_month is None or day <= row.last_month)
    ]
    return OfficeMonth(
        month=month,
        tariff=tariff,
        tariff_problem=problem,
        tier=tiers.get(month.fiscal_year),
        unit_price=prices[0] if prices else None,
        items=tuple(sorted(items)),
    )
