"""A month is carried over as claimed before, or claimed here: never both, whoever writes at once."""

import pytest
from django.core.exceptions import ValidationError

from billing.actions.claim_setting import choose_claim_way
from billing.actions.opening_claim import record_opening_claim, record_opening_deduction
from billing.models import OpeningClaimDeduction
from billing.queries.claim_start import first_claimed_month
from billing.queries.opening_claims import standing_claims
from teikyaku.clock import at_noon, today
from teikyaku.desk.actions.office_start import set_first_month
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def choose(cast, month):
    return choose_claim_way(
        office=cast.office, invoice_way="own", omits_names=False, first_month=month.first_day,
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip


def start(cast, month):
    return set_first_month(
        office=cast.office, first_month=month, by=cast.members["head"], at=at_noon(cast.today)
    )


@pytest.mark.parametrize("move", [choose, start])
def test_a_month_is_not_carried_over_while_it_becomes_one_of_ours(move):
    cast = cast_of(today())
    month = Month.of(cast.person_month.month) - 2
    move(cast, month + 1)
    office, by = cast.office, cast.members["billing"]
    results = at_once(
        lambda: record_opening_claim(
            office=office, month=month, amount_yen=1_000, by=by, at=at_noon(cast.today)
        ),
        lambda: move(cast, month),
    )
    refused = [each for each in results if isinstance(each, ValidationError)]
    assert len(refused) == 1, results
    carried = [Month.of(claim.month) for claim in standing_claims(office)]
    assert all(each < first_claimed_month(office) for each in carried)


def test_the_same_deduction_told_by_two_at_once_is_asked_about():
    cast = cast_of(today())
    month = Month.of(cast.person_month.month) - 2
    choose(cast, month + 1)
    office, by, ward = cast.office, cast.members["billing"], cast.person_month.municipality

    def off():
        return record_opening_deduction(
            office=office, month=month, municipality=ward, deducted_on=cast.today, amount_yen=300,
            by=by, at=at_noon(cast.today),
        )  # fmt: skip

    results = at_once(off, off)
    (refused,) = [each for each in results if isinstance(each, ValidationError)]
    assert "たったいまほかで記録" in str(refused)
    assert OpeningClaimDeduction.objects.count() == 1
