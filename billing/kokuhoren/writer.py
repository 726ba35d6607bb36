"""請求ファイルを書く: line after line, so that a file of any length needs the memory of one person.

The people are asked for twice (once for count and sums, once to be written), so they come as
something that can be walked again: a list, or an object whose `__iter__` reads anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from billing.kokuhoren.fields import Value, encoded, half_kana
from billing.kokuhoren.layouts import CONTROL, DATA, END, record
from billing.kokuhoren.statement import (
    CapSheet,
    Invoice,
    ServiceRecord,
    ServiceSum,
    Statement,
)
from teikyaku.periods import Month

LINE_END = b"\r\n"
CLAIM, RECORDS, CAPS = "J111", "J611", "J411"
# What stands first in a file's name: 請求, 実績, 上限額.
_LETTERS = {CLAIM: "S", RECORDS: "J", CAPS: "K"}
MOST_FILES = 999
Values = Mapping[int, Value]
Row = tuple[str, str, Values]
# What other services come to, by month and municipality.
Others = Mapping[tuple[Month, str], Sequence[ServiceSum]]


def file_name(family: str, processing_month: Month, number: int) -> str:
    """The name of the `number`-th file of a kind in the month in which claims are processed.

    A letter first, 8 half-width characters, `.CSV`; one number gives one name in a month (the layouts'
    README). Raises ValueError outside 1 to 999.
    """
    if not 1 <= number <= MOST_FILES:
        raise ValueError(f"ファイルの番号は1から{MOST_FILES}までです。")
    year, month = processing_month.year % 100, processing_month.month
    return f"{_LETTERS[family]}{year:02d}{month:02d}{number:03d}.CSV"


def claim_lines(
    office: str,
    processing_month: Month,
    statements: Iterable[Statement],
    others: Others | None = None,
    *,
    with_invoices: bool = True,
) -> Iterator[bytes]:
    """請求書と明細書 (J111 + J121): one J111 for each month and municipality, then the people.

    `others`: what other services come to under the same number, by month and municipality; they
    stand in the J111 of whoever is billed here. Without `with_invoices` the J121s stand alone: the
    sums go into another software's J111. `office` is the 10 digits of the office that sends. Raises ValueDoesNotFit with the person, the
    field and the value; ValueError where nobody is billed; TypeError for what can be walked only once.
    """
    _walks_twice(statements)
    invoices: dict[tuple[Month, str], Invoice] = {}
    count = 0
    for each in statements:
        key = (each.month, each.municipality)
        invoices[key] = invoices.get(key, Invoice(*key)).with_statement(each)
        count += _count(each)
    told = others or {}
    heads = [(invoices[key], tuple(told.get(key, ()))) for key in sorted(invoices)]
    if not with_invoices:
        heads = []
    rows = _claim_rows(office, heads, statements)
    count += sum(2 + len(more) for _invoice, more in heads)
    return _file(CLAIM, office, processing_month, count, rows)


def record_lines(
    office: str, processing_month: Month, records: Iterable[ServiceRecord]
) -> Iterator[bytes]:
    """サービス提供実績記録票 (J611): per person 01, then 02 for each day. Raises as `claim_lines`."""
    _walks_twice(records)
    count = sum(1 + len(each.days) for each in records)
    rows = (row for each in records for row in _record_rows(office, each))
    return _file(RECORDS, office, processing_month, count, rows)


def cap_lines(office: str, processing_month: Month, sheets: Iterable[CapSheet]) -> Iterator[bytes]:
    """上限額管理結果票 (J411) of the managing office `office`. Raises as `claim_lines`."""
    _walks_twice(sheets)
    count = sum(1 + len(each.rows) for each in sheets)
    rows = (row for each in sheets for row in _cap_rows(office, each))
    return _file(CAPS, office, processing_month, count, rows)


def _walks_twice(people: Iterable[object]) -> None:
    if isinstance(people, Iterator):
        raise TypeError("people are walked twice: give a list or an iterable that begins anew")


def _file(
    family: str, office: str, processing_month: Month, count: int, rows: Iterable[Row]
) -> Iterator[bytes]:
    if count == 0:
        raise ValueError("請求する方がいません。")
    return _lines(family, office, processing_month, count, rows)


def _lines(
    family: str, office: str, processing_month: Month, count: int, rows: Iterable[Row]
) -> Iterator[bytes]:
    control: Values = {4: count, 5: family[:3], 7: office, 10: processing_month}
    yield _line(_values("ファイル", CONTROL, control))
    number = 1  # of the control line
    for person, key, values in rows:
        number += 1
        yield _line(_values(person, DATA, {2: number}) + _values(person, key, values))
    yield _line(_values("ファイル", END, {2: number + 1}))


def _line(cells: list[bytes]) -> bytes:
    return b",".join(cells) + LINE_END


def _values(person: str, key: str, values: Values) -> list[bytes]:
    """Every field of the record: what is given, what is always the same, or empty."""
    shape = record(key)
    return [encoded(person, shape, field, values.get(field.position)) for field in shape.fields]


# --- J111 and J121 -------------------------------------------------------------------------------


def _claim_rows(
    office: str,
    invoices: list[tuple[Invoice, tuple[ServiceSum, ...]]],
    statements: Iterable[Statement],
) -> Iterator[Row]:
    for invoice, others in invoices:
        yield from _invoice_rows(office, invoice, others)
    for each in statements:
        yield from _statement_rows(office, each)


def _invoice_rows(office: str, invoice: Invoice, others: tuple[ServiceSum, ...]) -> Iterator[Row]:
    who = f"市町村 {invoice.municipality}"
    head: Values = {3: invoice.month, 4: invoice.municipality, 5: office}
    whole = invoice.with_others(others)
    given, sums = whole.subsidy_yen, _five(whole)
    values: dict[int, Value] = {
        **head,
        6: whole.benefit_yen + (given or 0),
        **dict(zip((7, 8, 9, 10, 12), sums, strict=True)),
        13: given,
        **dict(zip((17, 18, 19, 20, 22), sums, strict=True)),
        23: given,
    }
    yield who, "J111:01", values
    for each in sorted((invoice.own_sum, *others), key=lambda each: each.service_type):
        part = dict(zip((8, 9, 10, 11, 13), _five(each), strict=True))
        yield who, "J111:02", {**head, 7: each.service_type, **part, 14: each.subsidy_yen}


def _five(sums: Invoice | ServiceSum) -> tuple[int, int, int, int, int]:
    """Count, units, cost, benefit and copayment, as both records have them in a row."""
    return (
        sums.count, sums.units, sums.total_cost_yen, sums.benefit_yen, sums.copayment_yen,
    )  # fmt: skip


def _count(each: Statement) -> int:
    """How many lines the statement takes: 01, 02 and 04 once, 03 and 05 as often as given."""
    return 3 + len(each.lines) + len(each.contracts)


def _statement_rows(office: str, each: Statement) -> Iterator[Row]:
    head: Values = {3: each.month, 4: each.municipality, 5: office, 6: each.certificate}
    row = partial(_row, each.person, head)
    yield row("J121:01", _statement_head(each))
    yield row("J121:02", {8: each.started_on, 9: each.ended_on, 10: each.days})
    for line in each.lines:
        total = line.units * line.times
        yield row("J121:03", {7: line.code, 8: line.units, 9: line.times, 10: total, 11: line.note})
    yield row("J121:04", _statement_sums(each))
    for contract in each.contracts:
        yield row("J121:05", {
            7: contract.decided_code, 8: contract.amount, 9: contract.starts_on,
            10: contract.ends_on, 11: contract.entry_number,
        })  # fmt: skip


def _row(person: str, head: Values, key: str, values: Values) -> Row:
    return person, key, {**head, **values}


def _statement_head(each: Statement) -> Values:
    sums, managed, subsidy = each.sums, each.managed, each.subsidy
    return {
        7: subsidy.municipality if subsidy else None,
        8: half_kana(each.kana),
        10: each.area_class,
        12: sums.cap_yen,
        15: managed.office if managed else None,
        16: managed.result if managed else None,
        17: managed.amount_yen if managed else None,
        20: sums.units,
        21: sums.total_cost_yen,
        22: sums.capped_yen,
        25: each.adjusted_yen,
        26: managed.amount_yen if managed else None,
        27: sums.decided_yen,
        28: sums.benefit_yen,
        31: subsidy.yen if subsidy else None,
    }


def _statement_sums(each: Statement) -> Values:
    sums = each.sums
    return {
        9: each.days,
        10: sums.units,
        11: sums.unit_price,
        13: sums.total_cost_yen,
        14: sums.one_tenth_yen,
        15: sums.one_tenth_yen,
        16: sums.capped_yen,
        19: each.adjusted_yen,
        20: each.managed.amount_yen if each.managed else None,
        21: sums.decided_yen,
        22: sums.benefit_yen,
        25: each.subsidy.yen if each.subsidy else None,
    }


# --- J611 and J411 -------------------------------------------------------------------------------


def _record_rows(office: str, each: ServiceRecord) -> Iterator[Row]:
    head: Values = {3: each.month, 4: each.municipality, 5: office, 6: each.certificate}
    special = sum(day.is_special_area for day in each.days)
    liaison = sum(bool(day.liaison) for day in each.days)
    yield _row(each.person, head, "J611:01", {
        37: sum(day.is_counted for day in each.days),
        64: each.first_use_on,
        123: special or None,
        146: liaison or None,
        153: each.report_shared_on,
    })  # fmt: skip
    for day in each.days:
        yield _row(each.person, head, "J611:02", {
            9: f"{day.day:02d}",
            35: day.remark,
            45: "1" if day.is_counted else None,
            81: "1" if day.is_special_area else None,
            90: day.liaison,
        })  # fmt: skip


def _cap_rows(office: str, each: CapSheet) -> Iterator[Row]:
    yield (
        each.person,
        "J411:01",
        {
            3: each.month,
            4: each.kind,
            5: each.municipality,
            6: office,
            7: each.certificate,
            8: half_kana(each.kana),
            10: each.cap_yen,
            11: each.result,
            12: sum(row.total_cost_yen for row in each.rows),
            13: sum(row.before_yen for row in each.rows),
            14: sum(row.after_yen for row in each.rows),
        },
    )
    head: Values = {3: each.month, 4: each.municipality, 5: office, 6: each.certificate}
    for number, row in enumerate(each.rows, start=1):
        yield _row(each.person, head, "J411:02", {
            7: number, 8: row.office, 9: row.total_cost_yen, 10: row.before_yen, 11: row.after_yen,
        })  # fmt: skip
