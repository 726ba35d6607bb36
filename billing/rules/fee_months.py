"""Which months have a fee table, and whether their codes are known: the same months told together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from billing.rules.service_codes import missing, needed
from billing.tariffs import FeeTables, NoTariff, Tariff, TariffError
from teikyaku.periods import Month
from teikyaku.reasons import Certainty


class CodeState(StrEnum):
    """コードの有無 of a month."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TableSpan:
    """Months in a row of which the same can be said. `problem` says why there is not one table."""

    first: Month
    last: Month
    table: Tariff | None
    problem: str = ""
    missing_codes: int = 0
    code_state: CodeState = CodeState.NONE


class NotOneTable(ValueError):
    """Codes were meant for months that do not all have one and the same table."""


def spans(
    tables: FeeTables, first: Month, last: Month, tiers: Mapping[str, str]
) -> list[TableSpan]:
    """Every month from `first` to `last`, those that are alike joined; `tiers` are their words."""
    found: list[TableSpan] = []
    for month in Month.span(first, last):
        one = _span(tables, month, tiers)
        if found and _are_alike(found[-1], one):
            found[-1] = replace(found[-1], last=month)
        else:
            found.append(one)
    return found


def _span(tables: FeeTables, month: Month, tiers: Mapping[str, str]) -> TableSpan:
    try:
        table = tables.of(month)
    except NoTariff:
        return TableSpan(month, month, None, "報酬表がありません。")
    except TariffError:
        return TableSpan(month, month, None, "報酬表が二つあります。")
    lacking, asked = len(missing(table, month, tiers)), len(needed(table, month))
    state = CodeState.NONE if lacking == asked else CodeState.SOME if lacking else CodeState.ALL
    return TableSpan(month, month, table, "", lacking, state)


def _are_alike(one: TableSpan, other: TableSpan) -> bool:
    return replace(one, last=other.last) == replace(other, first=one.first)


def with_table(tables: FeeTables, first: Month, last: Month) -> list[Month]:
    """The months of a span that have a table already, or two."""
    found = []
    for month in Month.span(first, last):
        try:
            tables.of(month)
        except NoTariff:
            continue
        except TariffError:
            pass
        found.append(month)
    return found


def with_codes(tables: FeeTables, first: Month, last: Month) -> list[Month]:
    """The months of a span for which codes came by themselves already."""
    sets = tables.codes
    return [m for m in Month.span(first, last) if any(each.covers(m) for each in sets)]


def holding(tables: FeeTables, first: Month, last: Month) -> Tariff:
    """The one table that holds in every month of the span.

    Raises NotOneTable, which names the months, where some have none or not the same one.
    """
    found: dict[str, Tariff] = {}
    for month in Month.span(first, last):
        try:
            table = tables.of(month)
        except TariffError as error:
            raise NotOneTable(str(error)) from error
        found.setdefault(table.name, table)
        if len(found) > 1:
            before = next(iter(found.values()))
            raise NotOneTable(
                f"{month.label}から報酬表が変わります（{before.title} → {table.title}）。"
                "報酬表ごとに分けて取り込んでください。"
            )
    return next(iter(found.values()))


def told(months: Iterable[Month]) -> str:
    """Months in words, those in a row joined: 2026年4月〜2026年6月、2026年9月."""
    rows: list[tuple[Month, Month]] = []
    for month in months:
        if rows and rows[-1][1] + 1 == month:
            rows[-1] = (rows[-1][0], month)
        else:
            rows.append((month, month))
    return "、".join(
        first.label if first == last else f"{first.label}〜{last.label}" for first, last in rows
    )


def lowest(certainties: Iterable[Certainty]) -> Certainty:
    """The least sure of them: a table is as sure as its base that is least so."""
    order = (Certainty.UNKNOWN, Certainty.PRACTICE, Certainty.SOURCE, Certainty.GUIDANCE)
    found = set(certainties)
    return next((each for each in order if each in found), Certainty.UNKNOWN)
