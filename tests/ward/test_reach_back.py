"""A decision that begins before it was asked for, or over closed months, is asked about before it is stored."""

from datetime import timedelta

import pytest

from clients.models import RecipientNumber
from plans.models import CapPeriod, Decision
from teikyaku.era import both
from teikyaku.periods import Month
from tests.ward.conftest import ERROR
from tests.ward.test_core_upload import looked_at
from tests.ward.test_decision_change import asks_for_change, sent


@pytest.fixture
def closed(counter):
    """Somebody of this ward with whom an office has closed a month asks for a change."""
    month, ward = counter.cast.person_month, counter.cast.wards[2]
    own = {"client": month.client_id}
    Decision.objects.filter(**own).update(municipality=ward, is_transcribed=False)
    CapPeriod.objects.filter(**own).update(municipality=ward)
    RecipientNumber.objects.filter(**own).update(municipality=ward)
    counter.former, counter.month = Decision.objects.get(**own), Month.of(month.month)
    counter.row = asks_for_change(counter, counter.former.client)
    return counter


def test_a_change_over_closed_months_is_asked_about_and_lists_them(closed):
    day = closed.month.first_day + timedelta(days=4)
    data = {"starts_on": day.isoformat(), "amount": "月10日",
            "cap_first_month": str(Month.of(day))}  # fmt: skip
    answer = sent(closed, closed.row, **data)
    assert answer.status_code == ERROR
    assert list(answer.context["form"].errors) == ["is_known"]
    told = answer.content.decode()
    assert told.count(f"{closed.month.label}（{closed.cast.office.name}、上限額9,300円）") == 1
    assert f"申請の受付日（{both(closed.on)}）より前です" in told
    assert Decision.objects.filter(client=closed.former.client).count() == 1
    assert sent(closed, closed.row, **data, is_known="on").status_code == 302
    assert Decision.objects.get(application=closed.row).starts_on == day


def test_a_change_from_a_day_ahead_is_not_asked_about(closed):
    data = {"starts_on": (closed.on + timedelta(days=1)).isoformat(), "amount": "月10日"}
    assert sent(closed, closed.row, **data).status_code == 302


def test_a_start_before_the_application_is_asked_about(counter):
    row = counter.heard(employed_days_ago=400)
    day = row.received_on - timedelta(days=40)
    data = counter.grant_data(
        starts_on=day.isoformat(), ends_on=(day + timedelta(days=200)).isoformat(),
        cap_first_month=str(Month.of(day)), cap_last_month=str(Month.of(counter.on)),
    )  # fmt: skip
    answer = counter.post("decision_grant", row, data)
    assert "申請の受付日" in answer.context["form"]["is_known"].help_text
    assert counter.post("decision_grant", row, {**data, "is_known": "on"}).status_code == 302


def test_a_line_of_the_core_system_tells_it_too(closed):
    day = closed.month.first_day + timedelta(days=4)
    line = {
        "number": RecipientNumber.objects.get(client=closed.former.client).number,
        "kana": "しけん たろう", "birth_date": "1990-01-02", "starts_on": day.isoformat(),
        "ends_on": closed.former.ends_on.isoformat(), "issued_on": closed.on.isoformat(),
        "amount": "月10日", "category": "一般1", "cap_yen": "9300",
        "cap_first_month": str(closed.month + 1),
    }  # fmt: skip
    (found,) = looked_at(closed, line)
    told = " ".join(found.words)
    assert "申請の受付日" in told, found.faults
    assert told.count(f"{closed.month.label}（{closed.cast.office.name}") == 1
