"""サービスコード of a month's lines: which one stands for which line, and which are not known.

Source: docs/rules.md §7: codes 47xxxx are imported by the operator; without them no claim file is
written, and what is missing is named. Nothing is invented here: a line without a code has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol

from billing.rules.fee_table import product
from billing.tariffs import BASE, BASE_LABEL, CodeKey, ItemKind, Tariff
from teikyaku.periods import Month


class CodedLine(Protocol):
    """明細 as the calculation makes it and the closed month keeps it."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def units(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class MissingCode:
    """A line that has no code: its key and what people call it."""

    key: CodeKey
    name: str


def code_for(codes: Mapping[CodeKey, str], key: CodeKey) -> str:
    """The code of a line, "" where none is known.

    A base has the code of just its tier and factors; an item one of its tier, or one for all tiers.
    """
    found = codes.get(key, "")
    if found or key.kind == BASE:
        return found
    return codes.get(CodeKey(key.kind, key.tier), "") or codes.get(CodeKey(key.kind), "")


def base_key(table: Tariff, line: CodedLine) -> CodeKey | None:
    """Tier and factors of a base line, from its label and units; None where the table has no such.

    A closed month keeps both as they were computed, whatever tier the office has by now.
    """
    factors = [item.key for item in table.items.values() if item.kind == ItemKind.FACTOR]
    found = [
        CodeKey(BASE, tier.key, keys)
        for size in range(len(factors) + 1)
        for keys in combinations(factors, size)
        if _base_label(table, keys) == line.label
        for tier in table.tiers
        if product(tier.units, [table.items[key].amount for key in keys]) == line.units
    ]
    return found[0] if len(found) == 1 else None


def _base_label(table: Tariff, keys: Iterable[str]) -> str:
    labels = "・".join(table.items[key].label for key in keys)
    return f"{BASE_LABEL}（{labels}）" if labels else BASE_LABEL


def keys_of(table: Tariff, lines: Iterable[CodedLine]) -> tuple[CodeKey | None, ...]:
    """The key of each line of one person's month; None for a base that the table does not have."""
    kept = tuple(lines)
    base = next((base_key(table, line) for line in kept if line.kind == BASE), None)
    tier = base.tier if base else ""
    return tuple(base if line.kind == BASE else CodeKey(line.kind, tier) for line in kept)


def needed(table: Tariff, month: Month) -> tuple[CodeKey, ...]:
    """Every line that a month of this table can hold, each base with one factor at most.

    Two factors at once are rare; where they come, the line itself is asked for.
    """
    items = [item for key in table.items if (item := table.item(key, month)) is not None]
    factors = [item.key for item in items if item.kind == ItemKind.FACTOR]
    bases = [
        CodeKey(BASE, tier.key, keys)
        for keys in [(), *((key,) for key in factors)]
        for tier in table.tiers
    ]
    others = [CodeKey(item.key) for item in items if item.kind != ItemKind.FACTOR]
    return (*bases, *others)


def missing(table: Tariff, month: Month, tiers: Mapping[str, str]) -> tuple[MissingCode, ...]:
    """What has no code in `month`; `tiers` are the words of the tiers."""
    return tuple(
        MissingCode(key, words(table, key, tiers))
        for key in needed(table, month)
        if not _is_coded(table, key)
    )


def _is_coded(table: Tariff, key: CodeKey) -> bool:
    if key.kind == BASE or key.tier:
        return bool(code_for(table.codes, key))
    by_tier = (table.codes.get(CodeKey(key.kind, tier.key)) for tier in table.tiers)
    return bool(table.codes.get(key)) or all(by_tier)


def words(table: Tariff, key: CodeKey, tiers: Mapping[str, str]) -> str:
    """What a line is called: its item, its tier, its factors."""
    parts = [tiers[key.tier]] if key.tier else []
    parts += [table.items[each].label for each in key.factors]
    item = table.items.get(key.kind)
    name = BASE_LABEL if key.kind == BASE else item.label if item else key.kind
    return f"{name}（{'・'.join(parts)}）" if parts else name
