"""仕訳 after an erasure: every day keeps its sums by account, and nobody's lines are left."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from billing.actions.erase import erase_months
from billing.actions.refund import record_refund
from billing.models import JournalRemainder
from billing.queries.journal import EVER, journal, lines_of
from billing.queries.payments import due_refunds, open_invoices
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.billing.corrections import corrected, other_tier
from tests.billing.test_claim_payments import claim_file
from tests.billing.test_claim_payments import pay as pay_claim
from tests.billing.test_payments import pay, several

__all__ = ["several"]


def books(office):
    """By day and account, debit less credit."""
    sums = defaultdict(int)
    for each in journal(office, *EVER):
        sums[(each.on, each.debit)] += each.yen
        sums[(each.on, each.credit)] -= each.yen
    return {key: yen for key, yen in sums.items() if yen}


def settle(cast):
    """Everybody's invoice is paid; the cast's month is claimed, paid, and comes to less afterwards."""
    for row in open_invoices(cast.office):
        pay(cast, invoice=row)
    pay_claim(cast, claim_file(cast, Month.of(cast.person_month.month)))
    other_tier(cast, "50")
    corrected(cast)
    (row,) = due_refunds(cast.office)
    record_refund(
        invoice=row, refunded_on=cast.today, amount_yen=-row.open_yen, way="cash",
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip


def test_two_erasures_leave_the_books_as_they_were(cast, several):
    settle(cast)
    before = books(cast.office)
    assert before
    people = {row.person_month.client for row in several}
    assert len(people) == 2
    for person in people:
        assert lines_of(cast.office, person)
        erase_months(client=person, office=cast.office)
        assert lines_of(cast.office, person) == []
        assert books(cast.office) == before
    rows = list(JournalRemainder.objects.all())
    assert {each.reference for each in journal(cast.office, *EVER)} == {""}
    assert len({(row.on, row.debit, row.credit) for row in rows}) == len(rows)
    assert not journal(cast.other_office, *EVER) or all(
        each.reference for each in journal(cast.other_office, *EVER)
    )


def test_a_span_of_days_holds_its_own_alone(cast):
    pay(cast)
    erase_months(client=cast.enrolment.client, office=cast.office)
    day = cast.today
    assert {each.on for each in journal(cast.office, day, day)} == {day}
    assert journal(cast.office, date(2000, 1, 1), date(2000, 1, 2)) == []
