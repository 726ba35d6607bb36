"""One line of a core system's file as values, kept as text between the look and the confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreRow:
    """支給決定・受給者証・負担上限月額 of one person as the file states them. Days are inclusive."""

    number: str
    kana: str
    birth_date: date
    starts_on: date
    ends_on: date
    decided_on: date | None = None
    issued_on: date | None = None
    amount: str = ""
    cap_yen: int | None = None
    cap_first_month: date | None = None
    cap_last_month: date | None = None
    category: str = ""
    category_reason: str = ""

    @property
    def has_cap(self) -> bool:
        """Whether the line states a cap; 0 yen is one."""
        return self.cap_yen is not None

    @property
    def key(self) -> tuple[str, date, date | None]:
        """What a file says once: person, decision, first month of the cap."""
        return (self.number, self.starts_on, self.cap_first_month)


_DATES = {each.name for each in fields(CoreRow) if "date" in str(each.type)}


def as_text(row: CoreRow) -> dict[str, Any]:
    """The line for a JSON column: days as 2026-04-01."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(row).items()
    }


def from_text(facts: Mapping[str, Any]) -> CoreRow:
    """The line that `as_text` wrote."""
    values: dict[str, Any] = {
        name: date.fromisoformat(value) if name in _DATES and value else value
        for name, value in facts.items()
    }
    return CoreRow(**values)
