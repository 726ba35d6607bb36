"""What the office itself brings into a month: fee table, tier, unit price, notified items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.enums import NotifiedItem
from billing.models import OfficeNotification, OfficeTier
from billing.queries.fee_tables import fee_tables
from billing.tariffs import Tariff, TariffError, family_of
from teikyaku.accounts.models import Office, OfficeTerms
from teikyaku.periods import Month, Period, overlapping
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class OfficeMonth:
    """The office's side of a month. What is missing holds every claim, and says so."""

    month: Month
    tariff: Tariff | None
    tariff_problem: str
    tier: str | None
    unit_price: Decimal | None
    items: tuple[str, ...]
    rivals: tuple[str, ...] = ()
    """What was notified of the month and excludes each other, in words: then nothing can be computed."""

    cuts: tuple[tuple[str, str], ...] = ()
    """Each reduction among the items, and what it says of a month."""

    @property
    def is_sample(self) -> bool:
        """Whether the fee table is a sample, which every page and paper says."""
        return self.tariff is not None and self.tariff.is_sample

    @property
    def has_sample_codes(self) -> bool:
        """Whether service codes of the month are made up: no claim can be sent with them."""
        return self.tariff is not None and self.tariff.has_sample_codes


def office_month(office: Office, month: Month) -> OfficeMonth:
    """The office's side of `month` (four queries)."""
    return office_months(office, month, month)[month]


def office_months(office: Office, first: Month, last: Month) -> dict[Month, OfficeMonth]:
    """The office's side of every month from `first` to `last` (four queries, however many)."""
    return months_of_offices([office], first, last)[office.pk]


def months_of_offices(
    offices: Sequence[Office], first: Month, last: Month
) -> dict[int, dict[Month, OfficeMonth]]:
    """As `office_months` for each office, by its key, at the queries of one."""
    keys = [office.pk for office in offices]
    months = list(Month.span(first, last))
    tables = _tables_of(months)
    span = {"first": first, "last": last}
    years = (first.fiscal_year, last.fiscal_year)
    tiers = _by_office(_tiers.rows(offices=keys, years=years))
    terms = _by_office(_terms.rows(offices=keys, **span))
    notified = _by_office(_notified.rows(offices=keys, **span))
    return {
        key: {
            month: _month_of(
                month, tables[month], {row.fiscal_year: row.tier for row in tiers[key]}, terms[key],
                notified[key],
            )
            for month in months
        }
        for key in keys
    }  # fmt: skip


def _tables_of(months: Iterable[Month]) -> dict[Month, tuple[Tariff | None, str]]:
    """The fee table of each month, one for all offices; without one, why."""
    tables = fee_tables()
    found: dict[Month, tuple[Tariff | None, str]] = {}
    for month in months:
        try:
            found[month] = tables.of(month), ""
        except TariffError as error:
            found[month] = None, str(error)
    return found


def _by_office(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.office_id].append(row)
    return found


@prepared("offices")
def _tiers(offices: list[int], years: tuple[int, int]) -> QuerySet[OfficeTier]:
    return OfficeTier.objects.filter(office__in=offices, fiscal_year__range=years)


@prepared("offices")
def _terms(offices: list[int], first: Month, last: Month) -> QuerySet[OfficeTerms]:
    span = Period(first.first_day, last.first_day)
    return OfficeTerms.objects.filter(overlapping(span), office__in=offices)


@prepared("offices")
def _notified(offices: list[int], first: Month, last: Month) -> QuerySet[OfficeNotification]:
    begun = OfficeNotification.objects.filter(office__in=offices, first_month__lte=last.first_day)
    return begun.exclude(last_month__lt=first.first_day)


def _month_of(
    month: Month,
    table: tuple[Tariff | None, str],
    tiers: dict[int, str],
    terms: list[OfficeTerms],
    notified: list[OfficeNotification],
) -> OfficeMonth:
    (tariff, problem), day = table, month.first_day
    prices = [row.unit_price for row in terms if Period(row.starts_on, row.ends_on).contains(day)]
    items = [
        row.item
        for row in notified
        if row.first_month <= day and (row.last_month is None or day <= row.last_month)
    ]
    unknown = [item for item in items if tariff is not None and item not in tariff.items]
    if tariff is not None and unknown:
        # What the office notified cannot be left out of a claim unseen.
        names = "、".join(NotifiedItem(item).label for item in unknown)
        problem = f"{month.label}の報酬表（{tariff.title}）に、届出のある「{names}」がありません。"
        tariff = None
    rivals = rivals_of(items)
    if rivals:
        # Which of them is right nobody can tell from here: none is claimed.
        problem = rivals_text(month, rivals)
        tariff = None
    return OfficeMonth(
        month=month,
        tariff=tariff,
        tariff_problem=problem,
        tier=tiers.get(month.fiscal_year),
        unit_price=prices[0] if prices else None,
        items=tuple(sorted(items)),
        rivals=rivals,
        cuts=_cuts(month, tariff, items) if tariff is not None else (),
    )


def _cuts(month: Month, tariff: Tariff, items: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The reductions among what was notified, in the order of the table."""
    notified = set(items)
    found = [item for key in tariff.items if key in notified and (item := tariff.item(key, month))]
    text = _("「%(item)s」の届出があります。この月は減算して請求します。")
    return tuple((item.key, text % {"item": item.label}) for item in found if item.is_reduction)


def rivals_of(items: Iterable[str]) -> tuple[str, ...]:
    """Of items notified for one month those that exclude each other, in words."""
    families: dict[str, list[str]] = defaultdict(list)
    for item in sorted(items):
        families[family_of(item)].append(NotifiedItem(item).label)
    return tuple(label for labels in families.values() if len(labels) > 1 for label in labels)


def rivals_text(month: Month, rivals: Iterable[str]) -> str:
    """The same as a sentence."""
    names = "」と「".join(rivals)
    return _("%(month)sの届出が重なっています：「%(items)s」。同じ月にはどちらか一つだけです。") % {
        "month": month.label, "items": names,
    }  # fmt: skip
