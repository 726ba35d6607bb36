"""報酬 of an office in sums: what was closed by month, by tier and by item. From frozen rows alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from billing.models import PersonMonth, PersonMonthLine
from billing.models.month import standing_q
from billing.queries.fee_tables import TIER_WORDS
from billing.rules.money_span import Span
from billing.tariffs import BASE, BASE_LABEL, Tariff
from teikyaku.accounts.models import Office
from teikyaku.money import floor_yen
from teikyaku.periods import Month

Tables = Mapping[Month, Tariff | None]


@dataclass(frozen=True, slots=True)
class FeeSums:
    """People's months with their sums in yen."""

    people: int = 0
    total_cost_yen: int = 0
    copayment_yen: int = 0
    benefit_yen: int = 0


@dataclass(frozen=True, slots=True)
class ItemSums:
    """One addition or reduction: people's months, units, and about how many yen."""

    people: int = 0
    units: int = 0
    about_yen: int = 0
    """Units times the unit price of the time: a part of sums that are rounded as a whole."""


def fees_by_month(office: Office, span: Span) -> dict[Month, FeeSums]:
    """What was closed and counts, months with somebody only (one query)."""
    rows = (
        PersonMonth.objects.standing()
        .filter(closing__office=office, month__range=span.days)
        .order_by()
        .values_list("month")
        .annotate(
            Count("pk"), Sum("total_cost_yen"), Sum("copayment_yen"), Sum("benefit_yen")
        )
    )  # fmt: skip
    return {Month.of(day): FeeSums(*sums) for day, *sums in rows}


def fees_by_tier(office: Office, span: Span, tables: Tables) -> dict[tuple[Month, str], FeeSums]:
    """The same by the tier that each row was computed with, in words (one query).

    The tier is read from the frozen base line: its units before every reduction, in the fee table of
    the month. Units that no tier has are told as they are.
    """
    rows = (
        _lines(office, span)
        .filter(kind=BASE)
        .values_list("person_month__month", "expression")
        .annotate(
            Count("pk"), Sum("person_month__total_cost_yen"), Sum("person_month__copayment_yen"),
            Sum("person_month__benefit_yen"),
        )
    )  # fmt: skip
    found: dict[tuple[Month, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for day, expression, *sums in rows:
        month = Month.of(day)
        own = found[month, tier_label(base_units(expression), tables.get(month))]
        own[:] = [known + more for known, more in zip(own, sums, strict=True)]
    return {key: FeeSums(*sums) for key, sums in found.items()}


def items_of(office: Office, span: Span) -> dict[str, ItemSums]:
    """Additions and reductions by the words on the statement, the dearest first (one query).

    A factor on the base fee (減算の倍率) is what it took away from the units of the tier; several at
    once stand together, as on the statement.
    """
    fields = ("kind", "label", "expression", "person_month__unit_price")
    rows = _lines(office, span).values_list(*fields).annotate(Count("pk"), Sum("total_units"))
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for kind, label, expression, price, people, total in rows:
        is_base = kind == BASE
        item = _factors(label) if is_base else label
        units = total - base_units(expression) * people if is_base else total
        if item:
            own = found[item]
            found[item] = [own[0] + people, own[1] + units, own[2] + units * price]
    dearest = sorted(found.items(), key=lambda pair: (-pair[1][2], pair[0]))
    return {
        label: ItemSums(int(people), int(units), _toward_zero(yen))
        for label, (people, units, yen) in dearest
    }


def base_units(expression: str) -> int:
    """The units of the tier at the head of a base line's arithmetic: "2,768 × 0.7 → 1,938"."""
    return int(expression.split(" ", 1)[0].replace(",", ""))


def tier_label(units: int, table: Tariff | None) -> str:
    """The tier with these units, in words."""
    key = next((each.key for each in table.tiers if each.units == units), None) if table else None
    return TIER_WORDS[key] if key else _("%(n)s単位") % {"n": f"{units:,}"}


def _factors(label: str) -> str:
    """What stands in brackets behind the base fee; empty where it is whole."""
    return label.removeprefix(BASE_LABEL).removeprefix("（").removesuffix("）")


def _toward_zero(amount: Decimal) -> int:
    return floor_yen(amount) if amount >= 0 else -floor_yen(-amount)


def _lines(office: Office, span: Span) -> QuerySet[Any]:
    return PersonMonthLine.objects.filter(
        standing_q("person_month"), person_month__closing__office=office,
        person_month__month__range=span.days,
    ).order_by()  # fmt: skip
