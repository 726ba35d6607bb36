"""仕訳 of what 国保連 pays: benefit and subsidy each clear what the close has put up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from billing.actions.claim_payment import cancel_claim_payments, record_claim_payments
from billing.queries.account_names import names_by_day
from billing.queries.claim_payments import claims_of
from billing.queries.journal import journal
from billing.rules.claim_payment import parts_of
from billing.rules.journal import Account, account_sums
from teikyaku.clock import at_noon, date_of
from tests.billing.test_claim_payments import claim_file
from tests.billing.test_subsidies import close, month, subsidise

__all__ = ["month"]
BENEFIT, SUBSIDY = 24_912, 1_000


def who(cast, days=0):
    return {"by": cast.members["billing"], "at": at_noon(cast.today + timedelta(days=days))}


def balances(cast, days=0):
    """The accounts at the end of a day, from the first close on."""
    first = min(date_of(cast.person_month.closing.closed_at), cast.today)
    on = cast.today + timedelta(days=days)
    sums = account_sums(journal(cast.office, first, on), names_by_day(cast.office))
    assert sum(each.debit_yen for each in sums) == sum(each.credit_yen for each in sums)
    return {each.account: each.balance_yen for each in sums}


def receivables(cast, days=0):
    """What 国保連 and the municipalities owe, without the cast's own month, which nobody claims."""
    found = balances(cast, days)
    claim = found[Account.CLAIM_RECEIVABLE] - cast.person_month.benefit_yen
    return claim, found.get(Account.SUBSIDY_RECEIVABLE, 0)


@pytest.fixture
def file(cast, month):
    """The claim of a month of 27,680 yen: 24,912 of benefit and 1,000 of 2,768 yen as a subsidy."""
    subsidise(cast, month, "up_to", SUBSIDY)
    _closing, row = close(cast, month)
    assert (row.benefit_yen, row.subsidy_yen, row.claimed_yen) == (BENEFIT, SUBSIDY, 25_912)
    return claim_file(cast, month)


def paid(cast, file, amount, days=0):
    (entry,) = claims_of(cast.office).filter(file=file)
    on = cast.today + timedelta(days=days)
    return record_claim_payments(
        file=file, paid_on=on, amounts={entry.pk: amount}, **who(cast, days)
    )


@pytest.mark.parametrize(
    ("amount", "parts"),
    [
        pytest.param(25_912, (24_912, 1_000), id="as-claimed"),
        pytest.param(25_000, (24_912, 88), id="a-part-of-the-subsidy"),
        pytest.param(24_912, (24_912, 0), id="the-benefit-alone"),
        pytest.param(20_000, (20_000, 0), id="a-part-of-the-benefit"),
        pytest.param(0, (0, 0), id="nothing"),
        pytest.param(26_000, (25_000, 1_000), id="more-than-claimed"),
    ],
)
def test_the_benefit_comes_first(cast, file, amount, parts):
    assert parts_of(amount, BENEFIT, SUBSIDY) == parts
    assert receivables(cast) == (BENEFIT, SUBSIDY)
    paid(cast, file, amount)
    assert receivables(cast) == (BENEFIT - parts[0], SUBSIDY - parts[1])
    open_yen = BENEFIT + SUBSIDY - amount
    assert sum(receivables(cast)) == open_yen
    (row,) = claims_of(cast.office).filter(file=file)
    assert row.expected_yen - (row.paid_yen or 0) == open_yen
    assert balances(cast).get(Account.TRANSFER, 0) == amount


def test_what_is_taken_back_is_owed_again_in_both_parts(cast, file):
    paid(cast, file, 25_912)
    (entry,) = claims_of(cast.office).filter(file=file)
    cancel_claim_payments(file=file, entries=[entry.pk], reason="読み違い", **who(cast, 3))
    assert receivables(cast, 2) == (0, 0)
    assert receivables(cast, 3) == (BENEFIT, SUBSIDY)
    paid(cast, file, 25_000, 4)
    assert receivables(cast, 4) == (0, SUBSIDY - 88)
