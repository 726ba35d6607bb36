"""April 2026 from the facts to the bytes, against the sheet that was worked out by hand."""

from __future__ import annotations

import pytest

from billing.actions.claim_file import make_claim_files
from billing.models import PersonMonth
from billing.queries.month import month_board
from billing.queries.verify import broken_closings
from tests.billing.hand import claims
from tests.billing.hand.compared import close, code, codes, people, same
from tests.billing.hand.sheet import DESKS, OUT
from tests.billing.hand.world import APRIL, number_of


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
        same(file, rows)
    assert list(broken_closings()) == []


def test_who_is_not_in_it_and_why(world):
    board = month_board(world.offices["95"], APRIL, world.cast.today)
    reasons = {
        entry.support.certificate_number: [reason.code for reason in entry.reasons]
        for entry in (*board.held, *board.not_billable)
    }
    assert reasons == {number_of(key): [why] for key, (why, _row) in OUT.items()}
