"""確かめる側の道具: numbers and days out of a line, groups of lines, and "should be" as a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from billing.kokuhoren.check_fields import is_date, is_month
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.reader import Row
from teikyaku.periods import Month

# Made-up codes of a demo: no claim knows them (docs/rules.md §7).
_SAMPLE_CODE = re.compile(r"ZZ[0-9A-Z]{4}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")


@dataclass(slots=True)
class Group:
    """一人分: the lines of one person and month that follow one another."""

    family: str
    rows: list[Row] = field(default_factory=list)

    @property
    def first(self) -> Row:
        """The line it begins with."""
        return self.rows[0]

    def of(self, kind: str) -> list[Row]:
        """Its lines of one type (03)."""
        return [row for row in self.rows if row.record is not None and row.record.type == kind]


def number(row: Row, position: int) -> int | None:
    """The number at `position`; None where it is empty or none."""
    text = row.text(position)
    return int(text) if _WHOLE.fullmatch(text) else None


def is_sample_code(code: str) -> bool:
    """Whether a service code is one of the made-up ones."""
    return _SAMPLE_CODE.fullmatch(code) is not None


def day(row: Row, position: int) -> date | None:
    """The day at `position`; None where it is empty or none."""
    text = row.text(position)
    if not is_date(text.encode("ascii", "replace")):
        return None
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def month(row: Row, position: int) -> Month | None:
    """The month at `position`; None where it is empty or none."""
    text = row.text(position)
    if not is_month(text.encode("ascii", "replace")):
        return None
    return Month(int(text[:4]), int(text[4:]))


def total(values: Iterable[int | None]) -> int | None:
    """The sum; None where one of them cannot be read, or there is none."""
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known) if known and len(known) == len(found) else None


def fault(row: Row, position: int, reason: str) -> Finding:
    """A finding at a field, with the value that stands there."""
    return _finding(row, position, reason, is_doubt=False)


def doubt(row: Row, position: int, reason: str) -> Finding:
    """Something to look at that may be right."""
    return _finding(row, position, reason, is_doubt=True)


def _finding(row: Row, position: int, reason: str, *, is_doubt: bool) -> Finding:
    shown = row.text(position)[:40]
    told = f"「{shown}」：{reason}" if shown else f"空欄：{reason}"
    return Finding(row.line, row.name(position), told, is_doubt)


def expect(row: Row, position: int, expected: int | None, why: str) -> Iterator[Finding]:
    """A finding where the number is another than `expected`; none where either is not known."""
    found = number(row, position)
    if found is not None and expected is not None and found != expected:
        yield fault(row, position, f"{why}は{expected:,}です。")
