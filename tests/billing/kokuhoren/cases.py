"""People and months for the claim files. The service codes are fictional: none is in any table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.calculation import copayment
from billing.kokuhoren.checker import FileCheck
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.statement import (
    CapRow,
    CapSheet,
    ContractEntry,
    ManagedCap,
    ServiceDay,
    ServiceLine,
    ServiceRecord,
    Statement,
    Sums,
)
from billing.kokuhoren.writer import cap_lines, claim_lines, record_lines
from teikyaku.periods import Month

OFFICE, OTHER_OFFICE, THIRD_OFFICE = "1599900015", "1599900023", "1599900031"
APRIL, MAY = Month(2026, 4), Month(2026, 5)
CENTRAL, EAST = "151035", "151027"


def statement(
    units: int = 3512,
    price: str = "10.00",
    cap: int = 9300,
    managed: ManagedCap | None = None,
    **changes: object,
) -> Statement:
    """One person's month with one line of `units`."""
    managed_yen = managed.amount_yen if managed else None
    plain = Statement(
        person="見本 太郎",
        month=APRIL,
        municipality=CENTRAL,
        certificate="9100000011",
        kana="みほん　たろう",
        area_class="23" if Decimal(price) == 10 else "17",  # 10.00 yen is その他 alone
        lines=(ServiceLine("47ZZ01", units, 1),),
        sums=Sums.of(copayment(units, Decimal(price), cap, managed_yen)),
        days=2,
        started_on=date(2025, 10, 1),
        contracts=(ContractEntry("47ZZ00", Decimal("31"), date(2025, 10, 1), None, 1),),
        managed=managed,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def service_record(**changes: object) -> ServiceRecord:
    """Two days, one with a liaison meeting."""
    plain = ServiceRecord(
        person="見本 太郎",
        month=APRIL,
        municipality=CENTRAL,
        certificate="9100000011",
        report_shared_on=date(2026, 4, 30),
        days=(ServiceDay(3), ServiceDay(20, liaison="1", remark="会議　職場")),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def cap_sheet(result: str = "3", **changes: object) -> CapSheet:
    """Three offices whose copayments are managed with this result; cap 9,300 yen."""
    rows = {
        "1": (CapRow(OFFICE, 120000, 9300, 9300), CapRow(OTHER_OFFICE, 35120, 3512, 0)),
        "2": (CapRow(OFFICE, 30000, 3000, 3000), CapRow(OTHER_OFFICE, 35120, 3512, 3512)),
        "3": (
            CapRow(OFFICE, 40000, 4000, 4000),
            CapRow(THIRD_OFFICE, 30000, 3000, 3000),
            CapRow(OTHER_OFFICE, 35120, 3512, 2300),
        ),
    }[result]
    plain = CapSheet(
        person="見本 太郎", month=APRIL, municipality=CENTRAL, certificate="9100000011",
        kana="みほん　たろう", kind="1", cap_yen=9300, result=result, rows=rows,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def claim(*statements: Statement) -> bytes:
    """The file of these people."""
    return b"".join(claim_lines(OFFICE, MAY, statements or (statement(),)))


def records(*people: ServiceRecord) -> bytes:
    """The file of these records."""
    return b"".join(record_lines(OFFICE, MAY, people or (service_record(),)))


def caps(*sheets: CapSheet) -> bytes:
    """The file of these cap sheets."""
    return b"".join(cap_lines(OFFICE, MAY, sheets or (cap_sheet(),)))


def found(source: bytes, name: str = "") -> list[Finding]:
    """Every finding, doubts too."""
    return list(FileCheck(source, name).findings())


def cells(source: bytes, line: int) -> list[str]:
    """The values of a line of a file without quotes inside."""
    return source.split(b"\r\n")[line - 1].decode("cp932").split(",")


def with_value(source: bytes, line: int, position: int, value: str) -> bytes:
    """The file with another value in a record's field (1 is the family), the rest as it was."""
    lines = source.split(b"\r\n")
    values = lines[line - 1].split(b",")
    head = 2 if values[0] == b"2" else 0
    values[head + position - 1] = value.encode("cp932")
    lines[line - 1] = b",".join(values)
    return b"\r\n".join(lines)


def without_line(source: bytes, line: int) -> bytes:
    """The file without a line, counted and numbered anew as if it had never been there."""
    lines = source.split(b"\r\n")
    del lines[line - 1]
    return renumbered(lines)


def renumbered(lines: list[bytes]) -> bytes:
    """The lines (the last is empty) with right running numbers and the right count."""
    done = []
    for number, line in enumerate(lines[:-1], start=1):
        values = line.split(b",")
        values[1] = str(number).encode()
        if values[0] == b"1":
            values[3] = str(len(lines) - 3).encode()
        done.append(b",".join(values))
    return b"\r\n".join([*done, b""])


def assert_told(
    source: bytes, line: int, field: str, words: str, *, is_doubt: bool = False
) -> None:
    every = found(source)
    assert any(
        each.line == line and each.field == field and words in each.reason
        and each.is_doubt == is_doubt
        for each in every
    ), "\n".join(map(str, every))  # fmt: skip
