"""The demo city: the same for the same date, whole, and never in production."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from billing.models import ClaimDeduction, ClaimReturn, PersonMonth
from billing.queries.differences import differing_months
from billing.queries.notice_withdrawals import wrong_notices
from billing.queries.payments import due_refunds
from billing.queries.verify import broken_closings
from clients.models import Client, Enrolment
from plans.queries.expiry import Expiries
from plans.rules.expiry import EndKind
from teikyaku.accounts.models import Inconsistency, JobRun, Office
from teikyaku.accounts.queries.permission_report import permission_report
from teikyaku.desk.demo import around, former, gone, keeper, moving, yearly
from teikyaku.desk.demo import city as demo
from teikyaku.desk.demo.plan import Stage, plan_people
from teikyaku.desk.inconsistencies.derived import differing, stale_referrals
from teikyaku.periods import Month

ON = date(2026, 11, 23)


@pytest.fixture
def some_people(monkeypatch):
    """Every eleventh person: enough of every kind, in a few seconds."""
    people = plan_people()[::11]
    monkeypatch.setattr(demo, "plan_people", lambda: people)
    return people


def what_stands():
    people = sorted(str(key) for key in Client.objects.values_list("public_id", flat=True))
    months = sorted(PersonMonth.objects.values_list("month", "units", "copayment_yen"))
    return people, months


def look_through():
    """Whole, with every sum in its place; and it knows the day on which it was built."""
    assert keeper.built_on() == ON
    assert not keeper.was_written_in()
    assert list(differing()) == []
    assert list(stale_referrals()) == []
    assert list(broken_closings()) == []
    assert ClaimReturn.objects.exists()
    assert PersonMonth.objects.filter(replaces__isnull=False).exists()
    holders = [
        row for each in Office.objects.all() for row in permission_report(each, ON, ON).holders
    ]
    assert all(row.given_by for row in holders)
    Enrolment.objects.filter(use_starts_on__isnull=False).update(interview_due_on=date(2000, 1, 1))
    assert list(differing())


def every_end_shows():
    """Of what ends at an office no kind is missing on the boards of a new city."""
    shown = {
        row.kind
        for office in Office.objects.all()
        for row in Expiries(office, ON, 12).everything()
    }  # fmt: skip
    assert shown >= {EndKind.CAP, EndKind.CONTRACT, EndKind.CONSENT, EndKind.HANDOVER_PREPARE}


def what_comes_after_shows():
    """At the first office something is to be done after the close, and the nightly look has run."""
    office, last = Office.objects.order_by("pk")[0], Month.of(ON) - 2
    assert ClaimDeduction.objects.filter(entry__file__office=office).exists()
    assert [row for row in wrong_notices(office) if row.was_sent]
    assert due_refunds(office).exists()
    found = differing_months(office, last - 2, last, ON)
    assert found.payable_yen < 0 < found.benefit_yen
    assert JobRun.objects.get(name=JobRun.Name.LOOK_OVER).has_failed is False
    assert not Inconsistency.objects.exists()


def test_the_plan_holds_everybody():
    people = plan_people()
    assert len(people) == 160
    assert {person.stage for person in people} == set(Stage)
    assert len({person.category for person in people}) == 4
    assert sum(person.is_closed_employment for person in people) >= 5
    assert {person.office for person in people} == {0, 1, 2, 3}
    assert {person.ward for person in people} == set(range(8))


@pytest.mark.timeout(800)
def test_it_is_whole_and_the_same_for_the_same_date(db, some_people):
    assert keeper.built_on() is None
    with transaction.atomic():
        demo.build_city(ON, lambda text: None)
        first = what_stands()
        look_through()
        every_end_shows()
        what_comes_after_shows()
        transaction.set_rollback(True)
    others = yearly.PEOPLE + former.PEOPLE + gone.PEOPLE + around.PEOPLE + len(moving.PEOPLE)
    assert len(first[0]) == len(some_people) + others
    assert len(first[1]) > 50
    if connection.vendor == "sqlite":  # what is drawn by lot does not ask the database
        demo.build_city(ON, lambda text: None)
        assert what_stands() == first


def test_never_in_production(db, settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="本番"):
        call_command("demo_city", stdout=StringIO())
