"""What the office itself brings into a month: fee table, tier, unit price, notified items."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from billing.models import OfficeNotification, OfficeTier, TariffConfirmation
from billing.tariffs import Confirmation, Tariff, TariffError, tariff_for
from teikyaku.accounts.models import Office
from teikyaku.periods import Month, in_force


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
    tariff, problem = None, ""
    try:
        tariff = tariff_for(month, confirmations=confirmations())
    except TariffError as error:
        problem = str(error)
    tier = OfficeTier.objects.filter(office=office, fiscal_year=month.fiscal_year).first()
    terms = office.terms.filter(in_force(month.first_day)).first()
    notified = OfficeNotification.objects.filter(office=office, first_month__lte=month.first_day)
    items = notified.exclude(last_month__lt=month.first_day).values_list("item", flat=True)
    return OfficeMonth(
        month=month,
        tariff=tariff,
        tariff_problem=problem,
        tier=tier.tier if tier else None,
        unit_price=terms.unit_price if terms else None,
        items=tuple(sorted(items)),
    )
