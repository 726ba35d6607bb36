"""April 2026 from the facts to the bytes, against the sheet that was worked out by hand."""

from __future__ import annotations

import difflib
from datetime import date

import pytest

from billing.actions.claim_file import make_claim_files
from billing.actions.claim_setting import choose_claim_way, record_other_sum
from billing.actions.month import close_month
from billing.kokuhoren.checker import FileCheck
from billing.models import FeeTableRow, PersonMonth
from billing.queries.month import month_board
from billing.queries.verify import broken_closings
from tests.billing.hand import claims
from tests.billing.hand.sheet import DESKS, MONTHS, OUT
from tests.billing.hand.world import APRIL, make_world, number_of
from tests.kept import kept

TODAY = date(2026, 5, 8)


@pytest.fixture
def world(db):
    """Everybody of the sheet, as of 8 May."""
    return kept(make_world, TODAY)


def close(world, desk):
    return close_month(office=world.offices[desk], month=APRIL, **world.who(desk))


def code(item, tier="", factors=""):
    """The made-up code of a line."""
    return FeeTableRow.objects.get(item=item, tier=tier, factors=factors).code


def codes(desk):
    """The code of each line of the sheet, in the tier of a desk."""

    def found(line):
        kind, factors, _units = line
        if kind != "base":
            return code(kind)
        return code("base", DESKS[desk].tier, ",".join(factors))

    return found  # fmt: skip


def people(desk):
    return [(number_of(key), row) for key, row in MONTHS.items() if row.desk == desk]


def same(found, rows, office):
    """The whole file, byte by byte; what differs is told line by line."""
    wanted = claims.whole(rows, office, "202605")
    if found != wanted:
        texts = (each.decode("cp932").split("\r\n") for each in (wanted, found))
        pytest.fail("\n".join(difflib.unified_diff(*texts, "by hand", "product", n=0, lineterm="")))


@pytest.mark.parametrize("desk", DESKS)
def test_every_yen_and_every_byte(world, desk):
    close(world, desk)
    stored = {row.certificate_number: row for row in PersonMonth.objects.prefetch_related("lines")}
    for number, row in people(desk):
        found = stored.pop(number)
        lines = [(line.kind, line.total_units) for line in found.lines.order_by("pk")]
        assert lines == [(kind, units) for kind, _factors, units in row.lines], number
        sums = (found.units, found.total_cost_yen, found.one_tenth_yen, found.cap_yen,
                found.copayment_yen, found.benefit_yen, found.subsidy_yen)  # fmt: skip
        subsidy = row.subsidy[2] if row.subsidy else 0
        assert sums == (
            row.units, row.total, row.tenth, row.cap, row.decided, row.benefit, subsidy,
        ), number  # fmt: skip
    assert stored == {}
    files = make_claim_files(office=world.offices[desk], month=APRIL, **world.who(desk))
    own = DESKS[desk]
    wanted = [
        claims.claim(own, "202604", people(desk), codes(desk), code("decided")),
        claims.records(own, "202604", people(desk)),
        claims.sheets(own, "202604", people(desk)),
    ]
    for file, rows in zip(files, [rows for rows in wanted if rows], strict=True):
        content = bytes(file.content.content)
        same(content, rows, own.number)
        faults = [each for each in FileCheck(content, file.name).findings() if not each.is_doubt]
        assert faults == []
    assert list(broken_closings()) == []


def test_who_is_not_in_it_and_why(world):
    board = month_board(world.offices["95"], APRIL, TODAY)
    reasons = {
        entry.support.certificate_number: [reason.code for reason in entry.reasons]
        for entry in (*board.held, *board.not_billable)
    }
    assert reasons == {number_of(key): [why] for key, (why, _row) in OUT.items()}
