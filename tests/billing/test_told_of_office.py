"""What the office is told after a close (届出, 区分, 単価) reaches who bills, and the claim file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.actions.office import correct_notification, correct_tier, notify_item
from billing.models import OfficeTier
from billing.queries.claim_statements import claim_month
from billing.queries.differences import differing_months, fresh_differences
from billing.queries.told_of_office import office_changes
from plans.models import CapPeriod, Contract
from teikyaku.accounts.actions.places import correct_terms
from teikyaku.accounts.models import OfficeTerms
from teikyaku.desk.queries.after_close import after_close
from teikyaku.periods import Month
from tests.billing.fees import confirm, read_codes
from tests.billing.test_fresh_differences import TITLE, pages
from tests.desk.test_billing_desk import member

REDUCTION = "事業所の届出「虐待防止措置未実施減算」"


@pytest.fixture
def closed(cast):
    return Month.of(cast.person_month.month)


@pytest.fixture
def at(cast):
    """After the close, at whatever hour the tests run."""
    return cast.person_month.closing.closed_at + timedelta(hours=1)


def notify(cast, first, at, last=None):
    return notify_item(
        office=cast.office, item="no_abuse_prevention", first_month=first.first_day,
        last_month=last.first_day if last else None, notified_on=cast.today,
        by=cast.members["head"], at=at,
    )  # fmt: skip


def causes(cast):
    closed = Month.of(cast.person_month.month)
    fresh = fresh_differences(cast.office, cast.today)
    assert fresh == differing_months(cast.office, closed, closed, cast.today).rows
    return [each.causes for each in fresh]


def test_a_notification_is_told_at_home_on_the_month_and_keeps_the_claim_back(
    client, cast, closed, at
):
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    Contract.objects.update(contracted_amount="当該月の日数")
    assert claim_month(cast.office, closed, cast.today).people
    notify(cast, closed, at)
    assert causes(cast) == [(REDUCTION,)]
    home, month = pages(client, cast, closed)
    assert f"{TITLE}ました" in home
    assert f"{REDUCTION}の記録が、締めたあとに変わりました" in home
    assert f"変わった記録：{REDUCTION}" in month
    assert after_close(member(cast, "billing"), cast.today).fresh
    claim = claim_month(cast.office, closed, cast.today)
    ((lack,),) = (each.lacks for each in claim.left_out)
    assert claim.people == ()
    assert REDUCTION in lack.reason


def test_one_told_before_the_close_or_of_other_months_is_no_news(cast, closed, at):
    notify(cast, closed + 1, at)
    assert fresh_differences(cast.office, cast.today) == ()
    # The price of the cast is recorded while the tests run; it is what the month was closed by.
    assert not any(
        each.touches(closed, at - timedelta(hours=1))
        for each in office_changes(cast.office.pk)
        if each.kind == "no_abuse_prevention"
    )


def test_one_that_was_never_notified_or_ended_earlier_is_told(cast, closed, at):
    row = notify(cast, closed, at - timedelta(hours=2))
    # It stood when the month was closed: the close is what differs, not what was told.
    assert fresh_differences(cast.office, cast.today) == ()
    changes = {"first_month": (closed + 1).first_day, "last_month": None, "notified_on": cast.today}
    correct_notification(
        row=row, changes=changes, is_void=False, reason="書き間違い", by=cast.members["head"], at=at
    )
    assert any(
        each.touches(closed, cast.person_month.closing.closed_at)
        for each in office_changes(cast.office.pk)
    )
    # What the close did not count stands as it was billed.
    assert fresh_differences(cast.office, cast.today) == ()


def test_another_tier_and_another_price_are_told_by_their_names(cast, closed, at):
    who = {"reason": "書き間違い", "by": cast.members["head"], "at": at}
    row = OfficeTier.objects.get(office=cast.office, fiscal_year=closed.fiscal_year)
    correct_tier(row=row, changes={"tier": "95" if row.tier != "95" else "90"}, **who)
    assert causes(cast) == [("就労定着率の区分",)]
    terms = OfficeTerms.objects.get(office=cast.office)
    correct_terms(terms=terms, changes={"unit_price": Decimal("10.170")}, **who)
    assert causes(cast) == [("就労定着率の区分", "単価")]


def test_a_price_that_holds_no_more_is_told_and_the_same_again_is_not(cast, closed, at):
    terms = OfficeTerms.objects.get(office=cast.office)
    who = {"reason": "書き間違い", "by": cast.members["head"]}
    correct_terms(terms=terms, changes={"source": "告示"}, at=at, **who)
    assert fresh_differences(cast.office, cast.today) == ()
    later = {"starts_on": (closed + 1).first_day}
    correct_terms(terms=terms, changes=later, at=at, **who)
    (row,) = fresh_differences(cast.office, cast.today)
    assert (row.found.is_held, row.causes) == (True, ("単価",))


def test_a_cap_that_moves_nothing_is_not_named(cast, closed, at):
    notify(cast, closed, at)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(recorded_at=at)
    assert causes(cast) == [(REDUCTION,)]
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000)
    assert causes(cast) == [(REDUCTION, "負担上限月額")]


def test_who_asks_for_a_month_gets_that_one(cast, closed, at):
    notify(cast, closed, at)
    assert len(fresh_differences(cast.office, cast.today, month=closed)) == 1
    assert fresh_differences(cast.office, cast.today, month=closed + 1) == ()
    assert fresh_differences(cast.other_office, cast.today) == ()


def test_what_reduces_is_not_among_what_a_held_month_lacks(cast, closed, at):
    notify(cast, closed, at)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(recorded_at=at)
    CapPeriod.objects.filter(client=cast.enrolment.client).delete()
    (row,) = fresh_differences(cast.office, cast.today)
    assert row.found.is_held
    assert not [each for each in row.found.reasons if each.code.startswith("cut_")]
    # Neither the item nor the price that stands is why it is held.
    assert REDUCTION not in row.causes
