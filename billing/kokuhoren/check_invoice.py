"""請求書を確かめる: J111 with its J121s, one pair for each month and municipality."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from billing.kokuhoren.check_values import Group, doubt, expect, fault, number, total
from billing.kokuhoren.findings import Finding
from billing.kokuhoren.reader import Row

Key = tuple[str, str]
# What J111 says twice: for the benefits alone, and for everything together.
_TWICE = ((7, 17), (8, 18), (9, 19), (10, 20), (12, 22), (13, 23))
_OTHERS = {17: 14, 19: 15, 20: 16}


@dataclass(slots=True)
class _Seen:
    """What the lines of one month and municipality say, and what its statements add up to."""

    head: Row | None = None
    parts: list[Row] = field(default_factory=list)
    statement: Row | None = None
    count: int = 0
    # Units, total cost, benefit, copayment paid, subsidy; a sum is lost where one cannot be read.
    sums: list[int | None] = field(default_factory=lambda: [0, 0, 0, 0, 0])
    has_subsidy: bool = False
    types: set[str] = field(default_factory=set)
    """The service types of the statements."""

    @property
    def foreign(self) -> list[Row]:
        """Parts of services whose statements stand in another file (a shared office number)."""
        return [row for row in self.parts if row.text(7) not in self.types]


class InvoiceCheck:
    """Takes lines and statements as they come; `findings` at the end."""

    def __init__(self) -> None:
        self._seen: dict[Key, _Seen] = {}

    def _of(self, row: Row) -> _Seen:
        return self._seen.setdefault(_key(row), _Seen())

    def add_line(self, row: Row, before: Row | None) -> Iterator[Finding]:
        """A line of J111; told at once where it is out of order."""
        seen = self._of(row)
        if row.key == "J111:02":
            follows = before is not None and before.key.startswith("J111")
            if not follows or (before and _key(before) != _key(row)):
                yield fault(row, 2, "同じ市町村の請求書（01）のすぐ後に置きます。")
            seen.parts.append(row)
            return
        if seen.head is not None:
            yield fault(row, 4, f"この年月と市町村の請求書は{seen.head.line}行目にもあります。")
        if seen.statement is not None:
            yield fault(row, 4, "請求書は、その市町村の明細書より前に置きます。")
        seen.head = seen.head or row

    def add_statement(self, group: Group) -> None:
        """One person's statement."""
        heads = group.of("01")
        if not heads:
            return
        head = heads[0]
        seen = self._of(head)
        seen.statement = seen.statement or head
        seen.count += 1
        seen.types |= {row.text(7) for row in group.of("04")}
        decided, given = number(head, 27), number(head, 31)
        paid = None if decided is None else decided - (given or 0)
        values = (number(head, 20), number(head, 21), number(head, 28), paid, given or 0)
        seen.sums = [_plus(a, b) for a, b in zip(seen.sums, values, strict=True)]
        seen.has_subsidy = seen.has_subsidy or bool(head.text(31))

    def heads(self) -> Iterator[tuple[Key, int]]:
        """(month and municipality, line) of each J111."""
        for key, seen in self._seen.items():
            if seen.head is not None:
                yield key, seen.head.line

    def findings(self) -> Iterator[Finding]:
        """Everything that does not agree, municipality by municipality."""
        everything = list(self._seen.values())
        if everything and not any(seen.head or seen.parts for seen in everything):
            # The sums go into another software's 請求書: the number is shared.
            first = min((s.statement for s in everything if s.statement), key=lambda r: r.line)
            yield doubt(
                first, 4, "請求書（J111）がないファイルです。請求書は、ほかのソフトから送りますか。"
            )
            return
        for seen in self._seen.values():
            yield from _findings(seen)


def _key(row: Row) -> Key:
    """Month and municipality."""
    return row.text(3), row.text(4)


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _findings(seen: _Seen) -> Iterator[Finding]:
    if seen.head is None:
        rows = [row for row in (*seen.parts, seen.statement) if row is not None]
        first = min(rows, key=lambda row: row.line)
        yield fault(first, 4, "この年月と市町村の請求書（J111 01）がありません。")
        return
    if not seen.parts:
        yield fault(seen.head, 2, "サービス種類ごとの行（J111 02）がありません。")
    if not seen.count:
        yield fault(seen.head, 4, "この年月と市町村の明細書（J121）がありません。")
    yield from _with_statements(seen)
    yield from _inside(seen.head)
    for mine, theirs in ((8, 9), (9, 10), (10, 11), (12, 13), (13, 14)):
        if seen.head.text(mine) or any(row.text(theirs) for row in seen.parts):
            summed = total(number(row, theirs) for row in seen.parts)
            yield from expect(seen.head, mine, summed, "サービス種類ごとの行の合計")


def _with_statements(seen: _Seen) -> Iterator[Finding]:
    foreign = seen.foreign
    units, cost, benefit, paid, given = (
        _plus_all(own, [number(row, at) for row in foreign if at != 14 or row.text(at)])  # noqa: PLR2004
        for own, at in zip(seen.sums, (9, 10, 11, 13, 14), strict=True)
    )
    count = _plus_all(seen.count, [number(row, 8) for row in foreign])
    has_subsidy = seen.has_subsidy or any(row.text(14) for row in foreign)
    expected = ((7, count), (8, units), (9, cost), (10, benefit), (12, paid))
    assert seen.head is not None  # noqa: S101  (asked before)
    for position, value in expected:
        yield from expect(seen.head, position, value, "明細書の合計")
    if bool(seen.head.text(13)) != has_subsidy:
        yield fault(seen.head, 13, "自治体助成の有無が、明細書と合いません。")
    yield from expect(seen.head, 13, given, "明細書の自治体助成の合計")
    if seen.parts and any(row.text(14) for row in seen.parts) != has_subsidy:
        yield fault(seen.parts[0], 14, "自治体助成の有無が、明細書と合いません。")
    yield from _of_types(seen)
    for part in seen.parts[1:]:
        if part.text(7) in {row.text(7) for row in seen.parts if row.line < part.line}:
            yield fault(part, 7, "同じサービス種類の行が2つあります。")


def _of_types(seen: _Seen) -> Iterator[Finding]:
    """The part of a service with the statements of it; of another service only that it is one."""
    own = [row for row in seen.parts if row.text(7) in seen.types]
    if len(own) == 1:
        yield from expect(own[0], 8, seen.count, "明細書の件数")
    for row in seen.parts if seen.count and not own else ():
        yield fault(row, 7, f"明細書のサービス種類は「{'・'.join(sorted(seen.types))}」です。")
    for row in seen.foreign if own else ():
        yield doubt(
            row, 7, "このファイルに明細書がないサービスです。ほかのソフトの明細書と比べてください。"
        )


def _plus_all(own: int | None, more: Iterable[int | None]) -> int | None:
    found = own
    for each in more:
        found = _plus(found, each)
    return found


def _inside(head: Row) -> Iterator[Finding]:
    """The sums at the end of J111 01: the two parts together, and what is claimed of it."""
    for one, both in _TWICE:
        other = number(head, _OTHERS[both]) if both in _OTHERS else 0
        value = number(head, one)
        if bool(head.text(one)) != bool(head.text(both)):
            yield fault(head, both, f"前の「{head.name(one)}」と、書いてあるかどうかが合いません。")
        elif value is not None:
            yield from expect(head, both, value + (other or 0), f"前の「{head.name(one)}」との合計")
    claimed = number(head, 20)
    if claimed is not None:
        yield from expect(
            head, 6, claimed + (number(head, 23) or 0), "給付費請求額と自治体助成額の合計"
        )
