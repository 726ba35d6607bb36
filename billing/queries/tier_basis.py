"""就労定着率の区分: what the facts lead to for a fiscal year, in people, tier and yen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from billing.models import OfficeTier
from billing.queries.office_month import OfficeMonth, office_months
from billing.queries.survivors import lacks_of_rate
from billing.tariffs import Tariff, Tier
from clients.models import RetentionBefore
from clients.queries.evidence import retention_evidence
from clients.queries.retention import OfficeUser, users_of_year
from clients.queries.retention_before import before_facts, told_before
from clients.rules.retention import (
    Counted,
    PersonCounted,
    Reach,
    Retention,
    RetentionFact,
    reaches,
    retention,
)
from teikyaku.accounts.models import Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.money import floor_yen
from teikyaku.periods import Month, fiscal_year_period


@dataclass(frozen=True, slots=True)
class FeeSpan:
    """Months of a fiscal year under one fee table and unit price."""

    first: Month
    last: Month
    tariff: Tariff | None
    problem: str
    """Why there is no table."""
    unit_price: Decimal | None

    @property
    def months(self) -> int:
        """How many months."""
        return self.last - self.first + 1

    def tier_for(self, rate: Fraction) -> Tier | None:
        """The tier of a rate by this table; None without one."""
        return self.tariff.tier_for(rate) if self.tariff else None

    def units_for(self, rate: Fraction) -> int | None:
        """The base units a month and person; None without a table."""
        tier = self.tier_for(rate)
        return tier.units if tier else None

    def yen_for(self, rate: Fraction) -> int | None:
        """The base fee in yen a month and person, without additions and reductions.

        None without a table or a unit price.
        """
        units = self.units_for(rate)
        if units is None or self.unit_price is None:
            return None
        return floor_yen(units * self.unit_price)


class TierBasis:
    """One office and fiscal year: the people, the rate, and what it is worth."""

    def __init__(
        self,
        office: Office,
        year: int,
        users: Iterable[OfficeUser],
        spans: Iterable[FeeSpan],
        confirmed: OfficeTier | None,
        erased: Iterable[RetentionFact] = (),
        first_here: Month | None = None,
        told: RetentionBefore | None = None,
    ) -> None:
        self.office, self.year, self.confirmed = office, year, confirmed
        self.first_here, self.told = first_here, told
        self.users, self.spans = tuple(users), tuple(spans)
        facts = [user.fact for user in self.users]
        gone = list(erased)
        self._nameless = len(facts) + len(gone)
        self.found: Retention = retention([*facts, *gone, *before_facts(told)], year)

    @property
    def people(self) -> tuple[PersonCounted, ...]:
        """How each of `users` counts."""
        return self.found.people[: len(self.users)]

    @property
    def erased(self) -> tuple[PersonCounted, ...]:
        """How those count whose file is erased: nobody knows who they are."""
        return self.found.people[len(self.users) : self._nameless]

    @property
    def before(self) -> tuple[PersonCounted, ...]:
        """How those count of whom the office told a number, from before it wrote here."""
        return self.found.people[self._nameless :]

    @cached_property
    def first_tariff(self) -> Tariff | None:
        """The table of the year's first month; the next one where that month has none."""
        return next((span.tariff for span in self.spans if span.tariff), None)

    @cached_property
    def tier(self) -> Tier | None:
        """What the facts lead to; None without people or without a table."""
        rate = self.found.rate
        return self.first_tariff.tier_for(rate) if self.first_tariff and rate is not None else None

    @cached_property
    def reaches(self) -> tuple[Reach[Tier], ...]:
        """The tiers that the open answers can still lead to, from the lowest on."""
        return reaches(self.found, self.first_tariff.tier_for) if self.first_tariff else ()

    @property
    def is_partial(self) -> bool:
        """Whether the years that count reach before the office wrote here.

        Whoever ended before that is not on file: the people here are those who stayed, and their
        rate says nothing of the office.
        """
        return bool(self.lacks)

    @property
    def lacks(self) -> str:
        """Whom the rate lacks, in words; "" where it has everybody, or was told how many lack."""
        if self.told is not None:
            return ""
        return lacks_of_rate(self.first_here, self.year)

    @property
    def employed(self) -> int:
        """The numerator: 3月31日に就労している人."""
        return len(self.found.ids(Counted.EMPLOYED))

    @property
    def open(self) -> int:
        """People whose March 31 nobody has found out."""
        return len(self.found.ids(Counted.UNANSWERED))

    @property
    def highest(self) -> int:
        """The numerator where everybody who has not answered turns out to work."""
        return self.employed + self.open

    @property
    def differences(self) -> tuple[str, ...]:
        """Where the facts of today and what was confirmed are not the same."""
        row = self.confirmed
        if row is None or self.tier is None or self.is_partial:
            return ()
        found = []
        if row.tier != self.tier.key:
            facts = {"was": row.get_tier_display(), "now": tier_words(self.first_tariff, self.tier)}
            found.append(_("区分：確認したのは%(was)s、いまの記録では%(now)s") % facts)
        if row.denominator is not None and (row.numerator, row.denominator) != (
            self.employed, self.found.total,
        ):  # fmt: skip
            facts = {
                "was": f"{row.numerator} / {row.denominator}",
                "now": f"{self.employed} / {self.found.total}",
            }
            found.append(_("人数：確認したのは%(was)s、いまの記録では%(now)s") % facts)
        return tuple(found)


def tier_words(tariff: Tariff | None, tier: Tier) -> str:
    """80％以上90％未満, from the bounds of the table."""
    above = (
        [each.at_least for each in tariff.tiers if each.at_least > tier.at_least] if tariff else []
    )
    low = _("%(n)d％以上") % {"n": tier.at_least} if tier.at_least else ""
    return low + (_("%(n)d％未満") % {"n": min(above)} if above else "")


def tier_basis(office: Office, year: int, on: date) -> TierBasis:
    """The basis of the tier of `year` as known on `on` (twelve queries, however many people)."""
    return TierBasis(
        office,
        year,
        users_of_year(office, year, on),
        fee_spans(office, year),
        OfficeTier.objects.filter(office=office, fiscal_year=year).first(),
        retention_evidence(office, year, on),
        first_month_here(office),
        told_before(office, year),
    )


def fee_spans(office: Office, year: int) -> tuple[FeeSpan, ...]:
    """The months of a fiscal year by fee table and unit price (five queries)."""
    days = fiscal_year_period(year)
    first = Month.of(days.starts_on)
    months = office_months(office, first, first + 11)
    spans = []
    for _key, group in groupby(months.values(), key=_same):
        alike = list(group)
        spans.append(
            FeeSpan(
                first=alike[0].month,
                last=alike[-1].month,
                tariff=alike[0].tariff,
                problem=alike[0].tariff_problem,
                unit_price=alike[0].unit_price,
            )
        )
    return tuple(spans)


def _same(month: OfficeMonth) -> tuple[object, ...]:
    table = month.tariff
    named = (table.name, table.first_month, table.source) if table else ()
    return (*named, month.unit_price)
