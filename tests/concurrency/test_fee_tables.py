"""Two administrators at once: one confirmation, one withdrawal, one table for a month."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from billing.actions.fee_table import confirm_fee_table, withdraw_fee_table
from billing.models import FeeTableImport, TariffConfirmation
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon, today
from tests.billing.fees import read_table
from tests.cast import cast_of, make_member
from tests.concurrency.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def settled():
    cast = cast_of(today())
    TariffConfirmation.objects.all().delete()
    cast.members["admin3"] = make_member("admin3", Role.SYSTEM_ADMIN)
    return cast


def told(results):
    return [each for each in results if isinstance(each, ValidationError | IntegrityError)]


def test_one_confirmation():
    cast = settled()
    table, at = read_table(cast), at_noon(cast.today)

    def confirms(key):
        return lambda: confirm_fee_table(table=table, by=cast.members[key], at=at)

    results = at_once(confirms("admin2"), confirms("admin3"))
    (refused,) = told(results)
    assert "もう確認されています" in refused.messages[0]
    assert FeeTableImport.objects.get().is_in_force


def test_confirmed_or_withdrawn_first_the_other_is_told_or_comes_after():
    cast = settled()
    table, at = read_table(cast), at_noon(cast.today)
    results = at_once(
        lambda: confirm_fee_table(table=table, by=cast.members["admin2"], at=at),
        lambda: withdraw_fee_table(table=table, reason="ちがう", by=cast.members["admin"], at=at),
    )
    assert len(told(results)) <= 1
    assert FeeTableImport.objects.get().withdrawn_at is not None


def test_one_table_for_a_month():
    cast = settled()
    at = at_noon(cast.today)
    one, other = read_table(cast, name="R8"), read_table(cast, name="R8b")

    def confirms(table):
        return lambda: confirm_fee_table(table=table, by=cast.members["admin2"], at=at)

    results = at_once(confirms(one), confirms(other))
    assert len(told(results)) == 1, results
    in_force = [row for row in FeeTableImport.objects.all() if row.is_in_force]
    assert len(in_force) == 1
