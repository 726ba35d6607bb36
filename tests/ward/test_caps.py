"""Caps of a ward: inside the decision's months, nothing of the former one lost, closed months told."""

from datetime import timedelta

import pytest

from plans.models import CapPeriod, Decision
from teikyaku.periods import Month
from tests.ward.conftest import ERROR


def errors_of(answer):
    assert answer.status_code == ERROR
    return {name: str(words) for name, words in answer.context["form"].errors.items()}


def cap_data(first, last=None, **changes):
    months = {"first_month": str(first), "last_month": str(last) if last else ""}
    return {"category": "low_income", "cap_yen": "0", **months, **changes}


@pytest.fixture
def decision(counter):
    """300 days from today, with 9,300 yen from its first month on, without an end."""
    return counter.granted().decision


def caps_of(decision):
    rows = CapPeriod.objects.filter(client=decision.client).order_by("first_month")
    return [
        (str(Month.of(row.first_month)), str(Month.of(row.last_month)) if row.last_month else None,
         row.cap_yen)
        for row in rows
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        pytest.param(-1, None, ["first_month"], id="begins before the decision"),
        pytest.param(99, None, ["first_month"], id="begins after it"),
        pytest.param(99, 105, ["first_month", "last_month"], id="years too late"),
        pytest.param(1, 99, ["last_month"], id="ends after it"),
    ],
)
def test_a_cap_lies_in_the_months_of_its_decision(counter, decision, first, last, fields):
    start = Month.of(decision.starts_on)
    data = cap_data(start + first, start + last if last else None)
    errors = errors_of(counter.post("decision_cap", decision, data))
    assert sorted(errors) == fields
    assert f"{start.label}から{Month.of(decision.ends_on).label}まで" in errors[fields[0]]
    assert len(caps_of(decision)) == 1


def test_the_last_month_of_a_decision_counts_whole(counter, decision):
    last = Month.of(decision.ends_on)
    assert counter.post("decision_cap", decision, cap_data(last, last)).status_code == 302


def test_a_cap_runs_through_a_renewal(counter, decision):
    again = counter.heard(known=decision.client, kind="renewal")
    first = decision.ends_on + timedelta(days=1)
    data = counter.grant_data(
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(first) + 1),
    )  # fmt: skip
    assert counter.post("decision_grant", again, data).status_code == 302
    CapPeriod.objects.filter(client=decision.client).exclude(
        first_month=Month.of(decision.starts_on).first_day
    ).delete()
    month = Month.of(decision.ends_on)
    assert counter.post("decision_cap", decision, cap_data(month, month + 3)).status_code == 302


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        pytest.param(40, 46, "cap_first_month", "までの月", id="years too late"),
        pytest.param(-30, -28, "cap_first_month", "までの月", id="years too early"),
        pytest.param(0, 40, "cap_last_month", "までの月", id="beyond the end"),
        pytest.param(
            1, None, "cap_first_month", "上限額がありません", id="the first month is bare"
        ),
    ],
)
def test_a_grant_has_a_cap_for_its_own_months(counter, first, last, field, words):
    row, start = counter.heard(), Month.of(counter.on)
    data = counter.grant_data(
        cap_first_month=str(start + first), cap_last_month=str(start + last) if last else ""
    )
    errors = errors_of(counter.post("decision_grant", row, data))
    assert words in errors[field]
    assert not Decision.objects.filter(application=row).exists()


def test_a_renewal_has_a_cap_for_its_own_months(counter, decision):
    again = counter.heard(known=decision.client, kind="renewal")
    first = decision.ends_on + timedelta(days=1)
    data = counter.grant_data(
        starts_on=first.isoformat(), ends_on=(first + timedelta(days=90)).isoformat(),
        cap_first_month=str(Month.of(first) - 30), cap_last_month=str(Month.of(first) - 28),
    )  # fmt: skip
    errors = errors_of(counter.post("decision_grant", again, data))
    assert set(errors) == {"cap_first_month", "cap_last_month"}


def test_cap_management_names_its_office_here_too(counter, decision):
    data = cap_data(Month.of(decision.starts_on) + 1, category="general_1", cap_yen="9300")
    answer = counter.post("decision_cap", decision, {**data, "is_managed": "on"})
    assert list(errors_of(answer)) == ["managing_office_name"]
    named = {**data, "is_managed": "on", "managing_office_name": "架空ホーム"}
    assert counter.post("decision_cap", decision, named).status_code == 302
    assert CapPeriod.objects.filter(managing_office_name="架空ホーム").count() == 1
