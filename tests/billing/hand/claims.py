"""Claim files as the layouts say, built from the sheet alone: not a line of the product's writer.

Positions are those of `layouts.tsv`; empty means empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from tests.billing.hand.sheet import SUBSIDISED, Desk, Hand, Line

# How many fields a record has.
WIDTH = {
    "J111:01": 23, "J111:02": 14, "J121:01": 35, "J121:02": 12, "J121:03": 11, "J121:04": 33,
    "J121:05": 11, "J611:01": 172, "J611:02": 113, "J411:01": 14, "J411:02": 11,
}  # fmt: skip
# 北区 and 中央区, by rules.md §4.
WARDS = {0: "151019", 2: "151035"}
KANA = "ﾃｹｲ ｻﾝ"
Rows = list[list[str]]


def record(key: str, values: Mapping[int, Any]) -> list[str]:
    """The fields of a record: those given at their positions, all others empty."""
    family, kind = key.split(":")
    given = {1: family, 2: kind, **values}
    return [str(given.get(place, "")) for place in range(1, WIDTH[key] + 1)]


def ymd(day: date) -> str:
    """YYYYMMDD."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def whole(rows: Rows, office: str, processed: str) -> bytes:
    """Control line, numbered data lines, end line. The kinds are J11, J61 and J41, also of J121 alone."""
    kind = rows[0][0][:3].replace("J12", "J11")
    first = ["1", "1", "0", str(len(rows)), kind, "0", office, "0", "1", processed, ""]
    data = [["2", str(number), *row] for number, row in enumerate(rows, 2)]
    lines = [first, *data, ["3", str(len(rows) + 2)]]
    return "".join(",".join(map(quoted, line)) + "\r\n" for line in lines).encode("cp932")


def quoted(value: str) -> str:
    """Quoted where it holds a comma, a quote, a blank or a two-byte character."""
    wide = any(len(each.encode("cp932")) > 1 for each in value)
    if wide or any(each in value for each in ',"  '):
        return '"' + value.replace('"', '""') + '"'
    return value


Codes = Callable[[Line], str]
# The people of a file in its order: certificate number and row of the sheet.
People = list[tuple[str, Hand]]


def claim(
    desk: Desk, month: str, people: People, codes: Codes, decided: str, others: Any = ()
) -> Rows:
    """J111 of each municipality, then J121 of each person. `others`: sums of other services (J111 02)."""
    rows: Rows = []
    ordered = sorted(people, key=lambda each: (WARDS[each[1].ward], each[0]))
    for ward in sorted({WARDS[row.ward] for _number, row in ordered}):
        rows += invoice(
            desk, month, ward, [r for _n, r in ordered if WARDS[r.ward] == ward], others
        )
    for number, row in ordered:
        rows += statement(desk, month, number, row, codes, decided)
    return rows


def invoice(desk: Desk, month: str, ward: str, people: list[Hand], others: Any) -> Rows:
    """J111 01 and 02 of one municipality."""
    head = {3: month, 4: ward, 5: desk.number}
    given = [row.subsidy[2] for row in people if row.subsidy]
    own = ("47", len(people), sum(row.units for row in people), sum(row.total for row in people),
           sum(row.benefit for row in people), sum(row.decided for row in people) - sum(given),
           sum(given) if given else "")  # fmt: skip
    parts = sorted([own, *others])
    count, units, total, benefit, pays = (sum(part[n] for part in parts) for n in range(1, 6))
    subsidy = sum(part[6] or 0 for part in parts) if any(part[6] != "" for part in parts) else ""
    rows = [record("J111:01", {
        **head, 6: benefit + (subsidy or 0), 7: count, 8: units, 9: total, 10: benefit, 12: pays,
        13: subsidy, 17: count, 18: units, 19: total, 20: benefit, 22: pays, 23: subsidy,
    })]  # fmt: skip
    for kind, count, units, total, benefit, pays, subsidy in parts:
        rows.append(record("J111:02", {
            **head, 6: 1, 7: kind, 8: count, 9: units, 10: total, 11: benefit, 13: pays, 14: subsidy,
        }))  # fmt: skip
    return rows


def statement(desk: Desk, month: str, number: str, row: Hand, codes: Codes, decided: str) -> Rows:
    """J121 01 to 05 of one person."""
    head = {3: month, 4: WARDS[row.ward], 5: desk.number, 6: number}
    manager, result, managed = row.managed or ("", "", "")
    subsidy = row.subsidy[2] if row.subsidy else ""
    capped, price = min(row.cap or 0, row.tenth), desk.price.replace(".", "") + "0"
    ended = ymd(date(2026, 4, row.ended[0])) if row.ended else ""
    return [
        record("J121:01", {
            **head, 7: SUBSIDISED if row.subsidy else "", 8: KANA, 10: desk.area, 11: 1, 12: row.cap,
            13: 1, 15: manager, 16: result, 17: managed, 20: row.units, 21: row.total, 22: capped,
            26: managed, 27: row.decided, 28: row.benefit, 31: subsidy,
        }),
        record("J121:02", {**head, 7: 47, 8: ymd(row.starts_on), 9: ended, 10: len(row.met)}),
        *(record("J121:03", {**head, 7: codes(line), 8: line[2], 9: 1, 10: line[2]})
          for line in row.lines),
        record("J121:04", {
            **head, 7: 47, 8: 1, 9: len(row.met), 10: row.units, 11: price, 12: 0, 13: row.total,
            14: row.tenth, 15: row.tenth, 16: capped, 20: managed, 21: row.decided, 22: row.benefit,
            25: subsidy,
        }),
        *contracts(head, row, decided),
    ]  # fmt: skip


def contracts(head: Mapping[int, Any], row: Hand, decided: str) -> Rows:
    """J121 05: as many as contracts reached into the month; 30 days of April, or 5 as agreed."""
    ended = ymd(date(2026, 4, row.ended[0])) if row.ended else ""
    day = row.second_contract
    if day:
        ended = ymd(date(2026, 4, day - 1))
    first = {**head, 7: decided, 8: 3_000, 9: ymd(row.starts_on), 10: ended, 11: 1}
    if not day:
        return [record("J121:05", first)]
    second = {**head, 7: decided, 8: 500, 9: ymd(date(2026, 4, day)), 11: 2}
    return [record("J121:05", first), record("J121:05", second)]


def records(desk: Desk, month: str, people: People) -> Rows:
    """J611 01 and, for each day, 02."""
    rows: Rows = []
    for number, row in sorted(people, key=lambda each: (WARDS[each[1].ward], each[0])):
        head = {3: month, 4: WARDS[row.ward], 5: desk.number, 6: number, 7: "2201"}
        special = "special_area" in desk.items
        day, kind = row.meeting or (0, "")
        rows.append(record("J611:01", {
            **head, 37: len(row.met), 64: ymd(row.starts_on) if row.initial else "",
            123: 1 if special else "", 146: 1 if row.meeting else "",
            153: ymd(row.report_on or date(2026, 4, max(row.met))),
        }))  # fmt: skip
        for each in sorted({*row.met, *([day] if day else [])}):
            rows.append(record("J611:02", {
                **head, 9: f"{each:02d}", 45: 1 if each in row.met else "",
                81: 1 if special and each == row.met[0] else "",
                90: kind[-1:] if each == day else "",
            }))  # fmt: skip
    return rows


def sheets(desk: Desk, month: str, people: People, kind: int = 1) -> Rows:
    """J411 of those whose cap is managed here: 01, then 02 for each office, ours first.

    `kind`: 1 new, 2 corrected.
    """
    rows: Rows = []
    for number, row in sorted(people, key=lambda each: (WARDS[each[1].ward], each[0])):
        if row.managed is None or row.managed[0] != desk.number:
            continue
        _manager, result, after = row.managed
        before = min(row.cap or 0, row.tenth)
        lines = [(desk.number, row.total, before, after)]
        lines += [(f"151000001{n}", *other[1:]) for n, other in enumerate(row.others)]
        rows.append(record("J411:01", {
            3: month, 4: kind, 5: WARDS[row.ward], 6: desk.number, 7: number, 8: KANA, 10: row.cap,
            11: result, 12: sum(each[1] for each in lines), 13: sum(each[2] for each in lines),
            14: sum(each[3] for each in lines),
        }))  # fmt: skip
        head = {3: month, 4: WARDS[row.ward], 5: desk.number, 6: number}
        rows += [record("J411:02", {**head, 7: n, **dict(enumerate(each, 8))})
                 for n, each in enumerate(lines, 1)]  # fmt: skip
    return rows
