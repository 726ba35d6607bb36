"""読める形: a line of a claim file as labelled values, beside the line itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import BinaryIO

from billing.kokuhoren.check_fields import is_date, is_month
from billing.kokuhoren.layouts import AREA_CLASSES, CONTROL, END, Field, Kind, Record
from billing.kokuhoren.reader import ENCODING, Row, read
from teikyaku.era import wareki, wareki_month
from teikyaku.periods import Month

_DECIMALS = {Kind.UNIT_PRICE: 3, Kind.AMOUNT: 2}
_UNKNOWN = "知らないレコード"
# Family and type, the first two values of a record, are its label already.
_NAMED = 2
# (record, position) of codes that people know by their words.
_WORDS = {
    ("J121:01", 10): AREA_CLASSES,
    ("J411:01", 4): {"1": "新規", "2": "修正", "3": "取消し"},
    ("J611:02", 90): {"1": "Ⅰ", "2": "Ⅱ"},
}


@dataclass(frozen=True, slots=True)
class ReadValue:
    """One value: its place, what it is called, and what it says to people."""

    position: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line: what it is, its other values that are not empty, and the line as it stands in the file."""

    line: int
    label: str
    values: tuple[ReadValue, ...]
    raw: str


def readable(source: bytes | BinaryIO, first: int, count: int) -> Iterator[ReadLine]:
    """`count` lines from line `first` on. Never raises for what a file holds."""
    for row in islice(read(source), first - 1, first - 1 + count):
        yield _line(row)


def _line(row: Row) -> ReadLine:
    raw = row.raw.decode(ENCODING, "replace")
    if row.record is None:
        return ReadLine(row.line, _UNKNOWN, (), raw)
    key = row.record.key
    label = row.record.label if key in (CONTROL, END) else f"{row.record.label}（{key}）"
    return ReadLine(row.line, label, tuple(_values(row, row.record)), raw)


def _values(row: Row, shape: Record) -> Iterator[ReadValue]:
    for position, cell in enumerate(row.cells, start=1):
        is_named = position <= _NAMED and bool(shape.type)
        if not cell or is_named:
            continue
        if position > len(shape.fields):
            yield ReadValue(position, "余分な値", row.text(position))
            continue
        field = shape.field(position)
        yield ReadValue(position, field.name, said(shape.key, field, row.text(position)))


def said(key: str, field: Field, text: str) -> str:
    """A value as people read it: 令和 dates, 円 and 単位 with commas; as it is where it cannot be read."""
    digits = text.encode("ascii", "replace")
    if field.kind == Kind.MONTH and is_month(digits):
        return _era_month(Month(int(text[:4]), int(text[4:])))
    if field.kind == Kind.DATE and is_date(digits):
        return _era_day(date(int(text[:4]), int(text[4:6]), int(text[6:])))
    if field.kind in _DECIMALS and digits.isdigit():
        return _decimal(int(digits), _DECIMALS[field.kind], field.unit)
    if field.unit and digits.removeprefix(b"-").isdigit():
        return f"{int(digits):,}{field.unit}"
    word = _WORDS.get((key, field.position), {}).get(text)
    return f"{text}（{word}）" if word else text


def _decimal(number: int, decimals: int, unit: str) -> str:
    whole, rest = divmod(number, 10**decimals)
    return f"{whole:,}.{rest:0{decimals}d}{unit}"


def _era_month(month: Month) -> str:
    try:
        return wareki_month(month)
    except ValueError:  # before the first era that is kept
        return month.label


def _era_day(day: date) -> str:
    try:
        return wareki(day)
    except ValueError:  # before the first era that is kept
        return f"{day.year}年{day.month}月{day.day}日"
