"""A letter tells all that is wrong at once: a bad number and a day that cannot be, each at its field."""

from datetime import timedelta

from tests.ward.conftest import ERROR


def test_a_reminder_tells_the_number_and_the_days_in_one_round(counter):
    decision = counter.granted().decision
    late = (decision.ends_on + timedelta(days=1)).isoformat()
    data = {"issued_on": counter.on.isoformat(), "apply_by": late, "to_name": "家族",
            "to_postal_code": "12"}  # fmt: skip
    answer = counter.post("decision_reminder", decision, data)
    assert answer.status_code == ERROR
    assert set(answer.context["form"].errors) == {"apply_by", "to_postal_code"}
    # Without a day of the letter the other one is still judged by the end.
    answer = counter.post("decision_reminder", decision, {**data, "issued_on": ""})
    assert set(answer.context["form"].errors) == {"issued_on", "apply_by", "to_postal_code"}


def test_a_notice_tells_its_day_beside_the_rest(counter):
    decision = counter.granted().decision
    before = (decision.decided_on - timedelta(days=1)).isoformat()
    data = {"issued_on": before, "to_address": "架空町1"}
    answer = counter.post("decision_grant_notice", decision, data)
    assert set(answer.context["form"].errors) == {"issued_on", "to_name"}
