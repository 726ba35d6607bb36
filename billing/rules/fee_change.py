"""What an import would change: new, changed, ending or unchanged, beside the table that holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing.rules.fee_table import FeeRow, Scheme, product, shown
from billing.tariffs import BASE, CodeKey, Tariff


class Fate(StrEnum):
    """見込み of one line."""

    NEW = "new"
    CHANGED = "changed"
    ENDING = "ending"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the table: what it is called, what it was and what it becomes."""

    fate: Fate
    name: str
    amount: str
    was_amount: str
    code: str
    was_code: str
    certainty: str = ""


def changes(
    rows: Iterable[FeeRow], before: Tariff | None, scheme: Scheme, *, codes_only: bool = False
) -> tuple[Change, ...]:
    """Every line of the import beside `before`, and what of `before` it no longer has.

    Codes alone end nothing: what they do not name stays as it is, and is not told.
    """
    old = {} if before is None else _amounts(before, scheme)
    codes: Mapping[CodeKey, str] = {} if before is None else before.codes
    found, seen = [], set()
    for row in rows:
        seen |= {row.key, CodeKey(row.item)}
        amount = shown(scheme.kind(row.item), row.amount)
        was = old.get(row.key) or old.get(CodeKey(row.item), "")
        was_code = codes.get(row.key, "")
        # A combination of factors stands in no table by itself: it is told by its code.
        if row.factors and before is not None:
            was = _product(row, before)
        same = (was, was_code) == (amount, row.code)
        # Codes alone change no amount: new is what had no code.
        is_known = was_code if codes_only else was
        fate = Fate.SAME if same else Fate.CHANGED if is_known else Fate.NEW
        name = scheme.words(row.key)
        found.append(Change(fate, name, amount, was, row.code, was_code, row.certainty.label))
    if not codes_only:
        gone = sorted((set(old) | set(codes)) - seen)
        found += [
            Change(Fate.ENDING, scheme.words(key), "", old.get(key, ""), "", codes.get(key, ""))
            for key in gone
        ]
    return tuple(found)


def _amounts(table: Tariff, scheme: Scheme) -> dict[CodeKey, str]:
    tiers = {CodeKey(BASE, tier.key): f"{tier.units:,}単位" for tier in table.tiers}
    items = {
        CodeKey(key): shown(item.kind, item.amount)
        for key, item in table.items.items()
        if key in scheme.items
    }
    return tiers | items


def _product(row: FeeRow, table: Tariff) -> str:
    tier = next((each for each in table.tiers if each.key == row.tier), None)
    if tier is None or any(key not in table.items for key in row.factors):
        return ""
    return f"{product(tier.units, [table.items[key].amount for key in row.factors]):,}単位"
