"""A cap without a last month runs as far as the decision: whose tax it follows is asked at every door."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from plans.models import CapPeriod, Decision
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.cast import cast_of, make_member
from tests.ward.conftest import Counter
from tests.ward.test_caps import cap_data, errors_of
from tests.ward.test_core_upload import NUMBER, confirm, later_cap, looked_at

ON = date(2026, 11, 26)
TOLD = "2027年7月からは次の年度の市民税で決まります"


@pytest.fixture
def counter(client, db):
    """The counter in November: the tax year of the caps runs to June."""
    with time_machine.travel(at_noon(ON), tick=False):
        yield Counter(client, cast_of(ON))


@pytest.fixture
def decision(counter):
    """300 days from today, with 9,300 yen for two months."""
    row = counter.granted(NUMBER).decision
    CapPeriod.objects.filter(client=row.client).update(last_month=date(2026, 12, 1))
    counter.person, counter.decision = row.client, row
    return row


def test_a_grant_asks(counter):
    row = counter.heard()
    data = counter.grant_data(cap_last_month="")
    answer = counter.post("decision_grant", row, data)
    assert list(errors_of(answer)) == ["is_known"]
    assert TOLD in answer.content.decode()
    assert not Decision.objects.filter(application=row).exists()
    assert counter.post("decision_grant", row, {**data, "is_known": "on"}).status_code == 302


def test_a_grant_that_ends_with_june_does_not(counter):
    row = counter.heard()
    data = counter.grant_data(cap_last_month="", ends_on="2027-06-30")
    assert counter.post("decision_grant", row, data).status_code == 302


def test_the_page_of_a_cap_asks(counter, decision):
    data = cap_data("2027-01")
    answer = counter.post("decision_cap", decision, data)
    assert list(errors_of(answer)) == ["is_known"]
    assert TOLD in answer.content.decode()
    # From July on it is of the year with which the decision ends.
    CapPeriod.objects.filter(client=decision.client).update(last_month=date(2027, 6, 1))
    assert counter.post("decision_cap", decision, cap_data("2027-07")).status_code == 302


def test_a_line_of_the_core_system_is_told(counter, decision):
    (row,) = looked_at(counter, later_cap(counter, cap_last_month="", issued_on=""))
    assert row.state == "changed", row.faults
    assert TOLD in " ".join(row.words)
    _answer, upload = confirm(counter)
    assert upload.changed_count == 1


def test_a_correction_asks(counter, decision):
    cap = CapPeriod.objects.get(client=decision.client)
    city = decision.municipality.city
    enter(counter.client, make_member("desk", Role.CITY, municipality=city))
    url = reverse("admin:city_cap_correct", args=[decision.public_id, cap.public_id])
    data = {"category": "general_1", "cap_yen": "9300", "reason": "月の誤り",
            "first_month": "2026-11", "last_month": ""}  # fmt: skip
    answer = counter.client.post(url, data)
    assert list(errors_of(answer)) == ["is_known"]
    assert TOLD in answer.content.decode()
    assert counter.client.post(url, {**data, "is_known": "on"}).status_code == 302
