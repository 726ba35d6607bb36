"""What the tests of the sheet share: the closed month, the codes of its lines, and files compared."""

from __future__ import annotations

import difflib

import pytest

from billing.actions.month import close_month
from billing.kokuhoren.checker import FileCheck
from billing.models import ClaimFile, FeeTableRow, MonthClosing
from tests.billing.hand import claims
from tests.billing.hand.claims import Codes, People, Rows
from tests.billing.hand.sheet import DESKS, MONTHS, Line
from tests.billing.hand.world import APRIL, World, number_of


def close(world: World, desk: str) -> MonthClosing:
    """April of an office, closed on 8 May."""
    return close_month(office=world.offices[desk], month=APRIL, **world.who(desk))


def code(item: str, tier: str = "", factors: str = "") -> str:
    """The made-up code of a line."""
    row: FeeTableRow = FeeTableRow.objects.get(item=item, tier=tier, factors=factors)
    return row.code


def codes(desk: str) -> Codes:
    """The code of each line of the sheet, in the tier of a desk."""

    def found(line: Line) -> str:
        kind, factors, _units = line
        if kind != "base":
            return code(kind)
        return code("base", DESKS[desk].tier, ",".join(factors))

    return found


def people(desk: str) -> People:
    """Who is in the files of April."""
    return [(number_of(key), row) for key, row in MONTHS.items() if row.desk == desk]


def same(file: ClaimFile, rows: Rows, processed: str = "202605") -> None:
    """The whole file, byte by byte; what differs is told line by line. The checker finds no fault."""
    found, wanted = bytes(file.content.content), claims.whole(rows, file.office.number, processed)
    if found != wanted:
        texts = (each.decode("cp932").split("\r\n") for each in (wanted, found))
        pytest.fail("\n".join(difflib.unified_diff(*texts, "by hand", "product", n=0, lineterm="")))
    assert [each for each in FileCheck(found, file.name).findings() if not each.is_doubt] == []
