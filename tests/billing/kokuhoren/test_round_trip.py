"""Whatever is written is found sound; whatever is changed in it is told, or means the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from billing.calculation import copayment
from billing.kokuhoren.layouts import records as layouts
from billing.kokuhoren.reader import Row, read
from billing.kokuhoren.statement import (
    CapRow,
    CapSheet,
    ContractEntry,
    ManagedCap,
    ServiceDay,
    ServiceLine,
    ServiceRecord,
    Statement,
    Subsidy,
    Sums,
)
from tests.billing.kokuhoren.cases import (
    APRIL,
    CENTRAL,
    EAST,
    OFFICE,
    OTHER_OFFICE,
    THIRD_OFFICE,
    caps,
    claim,
    found,
    records,
)

NUMBERS = st.integers(0, 99).map(lambda number: f"91{number:08d}")
KANA = st.sampled_from(["", "みほん　たろう", "メアリー", "ヴィクトル・ファン", "ささき　ひかり"])
NOTES = st.sampled_from(["", "情報公表未報告", "会議　職場", "髙木さん"])
DAYS = st.dates(date(2020, 1, 1), date(2026, 3, 31))
# What a file says on its own authority: nothing else in it could contradict another value.
FREE = {
    ("control", 10), ("J121:01", 7), ("J121:01", 8), ("J121:01", 10), ("J121:01", 15),
    ("J121:02", 8), ("J121:02", 9), ("J121:03", 7), ("J121:03", 11), ("J121:05", 7),
    ("J121:05", 8), ("J121:05", 9), ("J121:05", 10), ("J121:05", 11), ("J611:01", 64),
    ("J611:01", 153), ("J611:02", 9), ("J611:02", 35), ("J611:02", 90), ("J411:01", 4),
    ("J411:01", 8), ("J411:01", 10), ("J411:02", 8),
    # Result 3 leaves open how much the others take; a lower cap may hide behind one tenth.
    ("J121:01", 16), ("J121:01", 12), ("J411:01", 11),
}  # fmt: skip


@st.composite
def statements(draw) -> Statement:
    lines = tuple(
        ServiceLine(
            f"47ZZ{number:02d}", draw(st.integers(1, 4000)), draw(st.integers(1, 3)), draw(NOTES)
        )
        for number in range(draw(st.integers(1, 4)))
    )
    if draw(st.booleans()):
        lines = (*lines, ServiceLine("47ZZ99", -1, 1))
    units = sum(line.units * line.times for line in lines)
    price = draw(
        st.sampled_from([Decimal("10.00"), Decimal("10.17"), Decimal("11.20"), Decimal("10.648")])
    )
    areas = ["11", "17", "23"] if price == 10 else ["11", "17"]  # その他 is 10.00 yen
    cap = draw(st.sampled_from([0, 9300, 37200, 4600]))
    plain = copayment(units, price, cap)
    managed = None
    if cap and draw(st.booleans()):
        result = draw(st.sampled_from("123"))
        amount = {"1": 0, "2": plain.capped_yen, "3": draw(st.integers(0, plain.capped_yen))}[
            result
        ]
        managed = ManagedCap(OTHER_OFFICE, result, amount)
    sums = Sums.of(copayment(units, price, cap, managed.amount_yen if managed else None))
    helped = draw(st.booleans())
    started = draw(DAYS)
    return Statement(
        person="見本", month=APRIL - draw(st.integers(0, 2)),
        municipality=draw(st.sampled_from([CENTRAL, EAST])), certificate=draw(NUMBERS),
        kana=draw(KANA), area_class=draw(st.sampled_from(areas)), lines=lines, sums=sums,
        days=draw(st.integers(1, 28)), started_on=min(started, date(2026, 1, 31)),
        contracts=(ContractEntry("47ZZ00", Decimal(draw(st.integers(0, 3100))) / 100,
                                 min(started, date(2026, 1, 31)), None, draw(st.integers(1, 99))),),
        managed=managed,
        subsidy=Subsidy("151001", draw(st.integers(0, sums.decided_yen))) if helped else None,
    )  # fmt: skip


@st.composite
def service_records(draw) -> ServiceRecord:
    numbers = sorted(draw(st.sets(st.integers(1, 30), min_size=1, max_size=6)))
    liaison_on = draw(st.sampled_from([*numbers, 0]))
    days = tuple(
        ServiceDay(
            number, is_counted=number == numbers[0] or draw(st.booleans()),
            is_special_area=draw(st.booleans()), liaison="2" if number == liaison_on else "",
            remark=draw(NOTES),
        )
        for number in numbers
    )  # fmt: skip
    return ServiceRecord(
        person="見本", month=APRIL, municipality=draw(st.sampled_from([CENTRAL, EAST])),
        certificate=draw(NUMBERS), report_shared_on=draw(st.dates(date(2026, 4, 1), date(2026, 5, 9))),
        days=days, first_use_on=draw(st.sampled_from([None, date(2026, 4, 1)])),
    )  # fmt: skip


@st.composite
def cap_sheets(draw) -> CapSheet:
    costs = [draw(st.integers(10, 90_000)) for _ in range(3)]
    befores = [min(9300, cost // 10) for cost in costs]
    if befores[0] == 9300:
        result, afters = "1", [9300, 0, 0]
    elif sum(befores) <= 9300:
        result, afters = "2", befores
    else:
        result, afters, left = "3", [], 9300
        for before in befores:
            afters.append(min(before, left))
            left -= afters[-1]
    rows = tuple(
        CapRow(*row)
        for row in zip((OFFICE, THIRD_OFFICE, OTHER_OFFICE), costs, befores, afters, strict=True)
    )
    return CapSheet(
        person="見本", month=APRIL, municipality=CENTRAL, certificate=draw(NUMBERS), kana=draw(KANA),
        kind="1", cap_yen=9300, result=result, rows=rows,
    )  # fmt: skip


def each_once(people):
    return {(p.month, p.municipality, p.certificate): p for p in people}.values()


FILES = st.one_of(
    st.lists(statements(), min_size=1, max_size=4).map(lambda people: claim(*each_once(people))),
    st.lists(service_records(), min_size=1, max_size=3).map(lambda p: records(*each_once(p))),
    st.lists(cap_sheets(), min_size=1, max_size=3).map(lambda p: caps(*each_once(p))),
)


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_what_is_written_is_sound(source):
    assert [str(each) for each in found(source)] == []


@settings(max_examples=25, deadline=None)
@given(st.lists(statements(), min_size=1, max_size=3))
def test_what_is_written_is_read_back(people):
    rows = [row for row in read(claim(*people)) if row.key in ("J121:01", "J121:03")]
    heads = [row for row in rows if row.key == "J121:01"]
    assert [row.text(6) for row in heads] == [each.certificate for each in people]
    assert [int(row.text(21)) for row in heads] == [each.sums.total_cost_yen for each in people]
    written = [row for row in rows if row.key == "J121:03"]
    assert [row.text(11) for row in written] == [
        line.note for each in people for line in each.lines
    ]


def values(row: Row) -> tuple[str, tuple[bytes, ...]]:
    return row.key, tuple(row.cells)


def differing(one: bytes, other: bytes) -> set[tuple[str, int]] | None:
    """Which fields say something else; None where the two files differ in more than values."""
    ones, others = list(read(one)), list(read(other))
    if [row.key for row in ones] != [row.key for row in others]:
        return None
    if [row.number for row in ones] != [row.number for row in others]:
        return None
    return {
        (a.key, position)
        for a, b in zip(ones, others, strict=True)
        for position in range(1, max(len(a.cells), len(b.cells)) + 1)
        if a.cells[position - 1 : position] != b.cells[position - 1 : position]
    }


@settings(max_examples=150, deadline=None)
@given(FILES, st.data())
def test_a_changed_byte_is_told_or_means_the_same(source, data):
    at = data.draw(st.integers(0, len(source) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(source[at] != byte)
    changed = source[:at] + bytes([byte]) + source[at + 1 :]
    if found(changed):
        return
    fields = differing(source, changed)
    assert fields is not None
    assert fields <= FREE, fields


@settings(max_examples=150, deadline=None)
@given(FILES, st.data())
def test_a_changed_value_is_told_unless_it_stands_alone(source, data):
    lines = source.split(b"\r\n")
    index = data.draw(st.integers(0, len(lines) - 2))
    row = list(read(source))[index]
    shape = layouts()[row.key]
    position = data.draw(st.integers(1, len(shape.fields)))
    assume((row.key, position) not in FREE and b'"' not in lines[index])
    value = data.draw(
        st.sampled_from([b"", b"0", b"1", b"2", b"9", b"12345", b"20260401", b"A", b"'"])
    )
    cells = lines[index].split(b",")
    head = len(cells) - len(shape.fields)
    assume(cells[head + position - 1] != value)
    cells[head + position - 1] = value
    lines[index] = b",".join(cells)
    assert found(b"\r\n".join(lines)), (row.key, position, value)


def test_two_people_exchanged_are_two_people():
    one = replace(STATEMENT, certificate="9100000011")
    other = replace(STATEMENT, certificate="9100000029")
    assert found(claim(one, other)) == found(claim(other, one)) == []


STATEMENT = Statement(
    person="見本", month=APRIL, municipality=CENTRAL, certificate="9100000011", kana="",
    area_class="23", lines=(ServiceLine("47ZZ01", 1074, 1),),
    sums=Sums.of(copayment(1074, Decimal(10), 0)), days=1, started_on=date(2026, 1, 5),
    contracts=(ContractEntry("47ZZ00", Decimal(1), date(2026, 1, 5), None, 1),),
)  # fmt: skip
