"""サービスコード of a month: which line has which code, and what is missing, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.queries.fee_tables import TIER_WORDS, fee_tables
from billing.rules.service_codes import (
    CodedLine,
    MissingCode,
    code_for,
    keys_of,
    missing,
    words,
)
from billing.tariffs import CodeKey, FeeTables, Tariff
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class MonthCodes:
    """The codes of one month: by kind of line, tier and factors; and what the month could need."""

    month: Month
    table: Tariff
    codes: Mapping[CodeKey, str]
    missing: tuple[MissingCode, ...]

    @property
    def is_sample(self) -> bool:
        """Made-up codes, or a made-up table: no claim file in production."""
        return self.table.is_sample or self.table.has_sample_codes

    def of(self, lines: Iterable[CodedLine]) -> tuple[str, ...]:
        """The code of each line of one person's month, "" where none is known."""
        keys = keys_of(self.table, lines)
        return tuple(code_for(self.codes, key) if key else "" for key in keys)

    def missing_of(self, lines: Iterable[CodedLine]) -> tuple[str, ...]:
        """What lines of one person's month lack a code, in words; each once."""
        kept = tuple(lines)
        keys = keys_of(self.table, kept)
        found = [
            words(self.table, key, TIER_WORDS) if key else line.label
            for line, key in zip(kept, keys, strict=True)
            if key is None or not code_for(self.codes, key)
        ]
        return tuple(dict.fromkeys(found))


def month_codes(month: Month, tables: FeeTables | None = None) -> MonthCodes:
    """The codes of `month` (two queries, none where the tables are at hand).

    Raises NoTariff or TwoTariffs, which name the month.
    """
    table = (tables or fee_tables()).of(month)
    return MonthCodes(month, table, table.codes, missing(table, month, TIER_WORDS))
