"""報酬表: fee tables as data, each with its months, its source and its certainty.

No table for a month, or two, is an error that names the month. A month after a table's own end
counts only where an operator confirmed that the table goes on (docs/rules.md §7).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from billing.rules.table_check import BadTable, faults_of
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

FOLDER = Path(__file__).resolve().parent / "data"
# The seven tiers of docs/rules.md §7, by the lower bound in percent.
TIERS = ("95", "90", "80", "70", "50", "30", "00")
# The kind of the line that every month has; the others are called by their item.
BASE = "base"
BASE_LABEL = "就労定着支援サービス費"
# 決定サービスコード: what the ward granted, beside each contract of a claim. It earns nothing.
DECIDED = "decided"


class ItemKind(StrEnum):
    """How an item changes the units of a month."""

    ADDITION = "addition"
    PERCENT_ADDITION = "percent_addition"
    FACTOR = "factor"
    PERCENT_REDUCTION = "percent_reduction"
    CODE = "code"
    """No part of the sums: only its service code is known, and claims need it."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: units a month from a 就労定着率 of `at_least` percent on."""

    key: str
    at_least: int
    units: int


@dataclass(frozen=True, slots=True)
class Item:
    """An addition or reduction. `amount`: units, percent, or a factor, by `kind`."""

    key: str
    label: str
    kind: ItemKind
    amount: Decimal
    certainty: Certainty
    first_month: Month | None = None
    family: str = ""
    """Of the items of one family, one holds in a month (docs/rules.md §7); "" excludes none."""

    @property
    def is_reduction(self) -> bool:
        """Whether it lessens the month."""
        return self.kind in (ItemKind.FACTOR, ItemKind.PERCENT_REDUCTION)


@dataclass(frozen=True, slots=True, order=True)
class CodeKey:
    """What a service code stands for: a kind of line, in a tier, with the factors that made it.

    `kind` is "base" or an item's key; without a tier it holds for every tier. `factors` are item
    keys in the order in which they are multiplied.
    """

    kind: str
    tier: str = ""
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tariff:
    """A fee table for a span of months; `codes` are the サービスコード known in those months."""

    name: str
    title: str
    first_month: Month
    last_month: Month
    source: str
    certainty: Certainty
    tiers: tuple[Tier, ...]
    items: Mapping[str, Item]
    is_sample: bool = False
    confirmed_by: str = ""
    codes: Mapping[CodeKey, str] = field(default_factory=dict)
    has_sample_codes: bool = False
    imported_as: UUID | None = None
    """The import that it came with; None for a table of the product."""

    def covers(self, month: Month) -> bool:
        """Whether the table's own months hold `month`."""
        return self.first_month <= month <= self.last_month

    def tier(self, key: str) -> Tier:
        """The tier `key`."""
        return next(tier for tier in self.tiers if tier.key == key)

    def tier_for(self, rate: Fraction) -> Tier:
        """The tier of a 就労定着率 as an exact fraction; the lower bound is included."""
        return next(tier for tier in self.tiers if rate * 100 >= tier.at_least)

    def item(self, key: str, month: Month) -> Item | None:
        """The item `key` where it exists in `month`."""
        item = self.items.get(key)
        if item is None or (item.first_month is not None and month < item.first_month):
            return None
        return item


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An operator said that a table goes on for these months."""

    tariff: str
    first_month: Month
    last_month: Month | None
    source: str
    is_sample: bool = False

    def covers(self, month: Month) -> bool:
        """Whether the confirmation holds in `month`."""
        return self.first_month <= month and (self.last_month is None or month <= self.last_month)


@dataclass(frozen=True, slots=True)
class CodeSet:
    """サービスコード imported for months of a table that stands by itself."""

    tariff: str
    first_month: Month
    last_month: Month
    codes: Mapping[CodeKey, str]
    is_sample: bool = False

    def covers(self, month: Month) -> bool:
        """Whether the codes hold in `month`."""
        return self.first_month <= month <= self.last_month


class TariffError(LookupError):
    """The fee table of a month cannot be told."""


class NoTariff(TariffError):
    """No table for the month."""

    def __init__(self, month: Month) -> None:
        super().__init__(f"{month.label}の報酬表がありません。報酬表を確認してください。")


class TwoTariffs(TariffError):
    """Two tables for the month."""

    def __init__(self, month: Month) -> None:
        super().__init__(f"{month.label}の報酬表が二つあります。")


def tariff_for(
    month: Month,
    tariffs: Iterable[Tariff] | None = None,
    confirmations: Iterable[Confirmation] = (),
    codes: Iterable[CodeSet] = (),
) -> Tariff:
    """The one fee table of `month`, with its codes. Raises NoTariff or TwoTariffs, naming the month."""
    tables = tuple(packaged() if tariffs is None else tariffs)
    found = [table for table in tables if table.covers(month)]
    for confirmation in confirmations:
        if confirmation.covers(month):
            found += [_extended(t, confirmation) for t in tables if t.name == confirmation.tariff]
    if len(found) > 1:
        raise TwoTariffs(month)
    if not found:
        raise NoTariff(month)
    return _with_codes(found[0], [each for each in codes if each.covers(month)])


def _extended(table: Tariff, confirmation: Confirmation) -> Tariff:
    return replace(
        table,
        first_month=confirmation.first_month,
        last_month=confirmation.last_month or Month(9999, 12),
        source=confirmation.source,
        certainty=Certainty.PRACTICE,
        is_sample=confirmation.is_sample or table.is_sample,
        confirmed_by=confirmation.source,
    )


def _with_codes(table: Tariff, sets: Iterable[CodeSet]) -> Tariff:
    """A code imported by itself comes before the one that the table came with."""
    for each in sets:
        if each.tariff == table.name:
            table = replace(
                table,
                codes={**table.codes, **each.codes},
                has_sample_codes=table.has_sample_codes or each.is_sample,
            )
    return table


@dataclass(frozen=True, slots=True)
class FeeTables:
    """Every fee table, what was confirmed about it, and the codes that came by themselves."""

    tables: tuple[Tariff, ...]
    confirmations: tuple[Confirmation, ...] = ()
    codes: tuple[CodeSet, ...] = ()

    def of(self, month: Month) -> Tariff:
        """The one table of `month`. Raises NoTariff or TwoTariffs, which name the month."""
        return tariff_for(month, self.tables, self.confirmations, self.codes)

    def named(self, name: str) -> Tariff | None:
        """The table of this name, whatever the month."""
        return next((table for table in self.tables if table.name == name), None)

    @property
    def last(self) -> Tariff:
        """The table that reaches furthest by itself."""
        return max(self.tables, key=lambda table: table.last_month)


@cache
def packaged() -> tuple[Tariff, ...]:
    """The fee tables that come with the product."""
    return tuple(parse(_read(path)) for path in sorted(FOLDER.glob("*.toml")))


@cache
def family_of(key: str) -> str:
    """Of the items with this answer one holds in a month; an item that excludes none answers its key."""
    items = (table.items[key] for table in packaged() if key in table.items)
    return next((item.family for item in items if item.family), key)


def _read(path: Path) -> Mapping[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def parse(data: Mapping[str, Any]) -> Tariff:
    """A table from a file's content, tiers from the highest bound down.

    Raises BadTable, naming the table and every fault.
    """
    faults = faults_of(data, TIERS)
    if faults:
        raise BadTable(f"{data.get('name', '?')}: {'; '.join(faults)}")
    tiers = sorted((Tier(**row) for row in data["tier"]), key=lambda tier: -tier.at_least)
    return Tariff(
        name=data["name"],
        title=data["title"],
        first_month=Month.parse(data["first_month"]),
        last_month=Month.parse(data["last_month"]),
        source=data["source"],
        certainty=Certainty(data["certainty"]),
        tiers=tuple(tiers),
        items={row["key"]: _item(row) for row in data["item"]},
    )


def _item(row: Mapping[str, Any]) -> Item:
    first = row.get("first_month")
    return Item(
        key=row["key"],
        label=row["label"],
        kind=ItemKind(row["kind"]),
        amount=Decimal(row["amount"]),
        certainty=Certainty(row["certainty"]),
        first_month=Month.parse(first) if first else None,
        family=row.get("family", ""),
    )
