"""The ward's forms tell everything that is wrong at once, each at the field that it is about."""

from datetime import timedelta

import pytest
from django.urls import reverse

from plans.actions.application import record_survey
from plans.actions.number_range import add_number_range
from plans.forms.ward import PlanForm
from plans.models import CapPeriod, Decision
from tests.ward.conftest import ERROR
from tests.ward.test_caps import cap_data, errors_of
from tests.ward.test_completion import household, untouched


def summary_of(answer):
    return answer.content.decode().split("data-error-summary")[1].split("</ul>")[0]


def test_a_period_is_judged_at_both_ends(counter):
    row = counter.heard()
    data = counter.grant_data(
        starts_on=(counter.on - timedelta(days=280)).isoformat(),
        ends_on=(counter.on + timedelta(days=900)).isoformat(),
    )
    errors = errors_of(counter.post("decision_grant", row, data))
    assert "利用できる最初の日" in errors["starts_on"]
    assert "終了日は" in errors["ends_on"]


def test_an_end_is_judged_without_a_start_and_a_start_without_an_end(counter):
    row = counter.heard()
    far = (counter.on + timedelta(days=1500)).isoformat()
    errors = errors_of(
        counter.post("decision_grant", row, counter.grant_data(starts_on="13月", ends_on=far))
    )
    assert "利用可能期間は" in errors["ends_on"]
    early = (counter.on - timedelta(days=280)).isoformat()
    errors = errors_of(
        counter.post("decision_grant", row, counter.grant_data(starts_on=early, ends_on="13月"))
    )
    assert "利用できる最初の日" in errors["starts_on"]


def test_a_grant_with_many_slips_names_each_field_once(counter):
    counter.granted(number="1234567899")
    row = counter.heard(kana="べつ", name="別の 方")
    before = Decision.objects.count()
    data = counter.grant_data(
        number="1234567899", decided_on=counter.on.isoformat(),
        issued_on=(counter.on - timedelta(days=1)).isoformat(), amount="", category="",
        cap_yen="99999", is_managed="on", managing_office_name="",
    )  # fmt: skip
    answer = counter.post("decision_grant", row, data)
    errors = errors_of(answer)
    assert {"number", "issued_on", "amount", "category", "cap_yen", "managing_office_name"} <= set(
        errors
    )
    assert "交付日は支給決定日以後" in errors["issued_on"]
    assert "別の方が使っています" in errors["number"]
    assert "高くても" in errors["cap_yen"]
    # Each line of the list above names its field and leads there.
    told = summary_of(answer)
    for name in errors:
        label = answer.context["form"].fields[name].label
        assert f'href="#id_{name}"' in told
        assert str(label) in told
    assert told.count("<li>") == len(errors)
    assert Decision.objects.count() == before


def test_amount_and_category_are_told_together(counter):
    row = counter.heard()
    household(counter, row)
    data = counter.grant_data(category="public_assistance", cap_yen="99999")
    errors = errors_of(counter.post("decision_grant", row, data))
    assert {"cap_yen", "category_reason"} <= set(errors)


def test_a_used_up_range_is_told_with_the_rest(counter):
    ward = counter.cast.wards[2]
    add_number_range(
        municipality=ward, first_number="1234567899", last_number="1234567899", **counter.who
    )
    counter.granted(number="1234567899")
    row = counter.heard(kana="べつ", name="別の 方")
    errors = errors_of(
        counter.post("decision_grant", row, counter.grant_data(number="", amount=""))
    )
    assert "使い切りました" in errors["number"]
    assert "amount" in errors


TOMORROW = "2199-01-01"


@pytest.mark.parametrize(
    ("name", "more", "data", "fields"),
    [
        ("survey_new", (), {"held_on": TOMORROW, "held_by": "職員"}, {"held_on", "difficulties"}),
        ("survey_new", (), {"held_on": "2019-01-01", "held_by": ""},
         {"held_on", "held_by", "difficulties"}),
        ("plan_new", ("proposed",), {"received_on": TOMORROW, "author": "consultation"},
         {"received_on", "organisation"}),
        ("completion_ask", (), {"asked_on": TOMORROW}, {"asked_on", "wanted"}),
        ("application_end", (), {"outcome_on": TOMORROW}, {"outcome_on", "outcome", "reason"}),
        ("documents", (), {**untouched(), "form_state": "received", "form_on": TOMORROW, "income_on": "13月"},
         {"form_on", "income_on"}),
    ],
)  # fmt: skip
def test_a_step_tells_a_wrong_day_with_what_is_missing(counter, name, more, data, fields):
    row = counter.received()
    if name == "plan_new":
        record_survey(
            application=row, held_on=counter.on, held_by="職員", difficulties="朝", **counter.who
        )
    assert fields <= set(errors_of(counter.post(name, row, data, *more)))


def test_a_reception_tells_an_old_day_with_what_is_missing(counter):
    data = {"received_on": "2011-01-01", "kind": "new"}
    answer = counter.client.post(reverse("admin:application_new"), data)
    assert answer.status_code == ERROR
    assert "年より前の日付" in str(answer.context["form"].errors["received_on"])
    assert {"name", "kana", "address"} <= set(answer.context["form"].errors)


def test_a_renewal_tells_an_old_day_with_what_is_missing(counter):
    decision = counter.granted().decision
    url = f"{reverse('admin:application_new')}?renew={decision.public_id}"
    answer = counter.client.post(url, {"received_on": "2011-01-01"})
    assert {"received_on", "received_place"} <= set(answer.context["form"].errors)


def test_a_further_paper_tells_everything(counter):
    decision = counter.granted().decision
    other = counter.granted(number="1234567898", kana="べつ", name="別の 方").decision
    data = {
        "number": "1234567898", "issued_on": (counter.on - timedelta(days=1)).isoformat(),
        "applies_on": "2019-01-01",
    }  # fmt: skip
    errors = errors_of(counter.post("decision_reissue", decision, data))
    assert {"number", "issued_on", "applies_on", "kind", "reason"} <= set(errors)
    assert other.certificates.count() == 1


def test_a_cap_tells_its_months_with_its_amount(counter):
    decision = counter.granted().decision
    data = {**cap_data("2019-01", "2019-02"), "cap_yen": "99999", "category": ""}
    errors = errors_of(counter.post("decision_cap", decision, data))
    assert {"first_month", "cap_yen", "category"} <= set(errors)


def test_each_open_point_leads_to_the_page_that_settles_it(counter):
    row = counter.heard()
    page = counter.client.get(reverse("admin:decision_grant", args=[row.public_id]))
    for name in ("documents", "ward_disability_new"):
        assert reverse(f"admin:{name}", args=[row.public_id]) in page.content.decode()


def test_what_came_to_nothing_stands_beside_the_name_and_a_missing_cap_can_be_decided(counter):
    row = counter.received()
    end = {"outcome": "withdrawn", "outcome_on": counter.on.isoformat(), "reason": "本人の希望"}
    counter.post("application_end", row, end)
    page = counter.client.get(reverse("admin:application_page", args=[row.public_id]))
    assert (page.context["outcome_word"], page.context["outcome_tone"]) == ("取下げ", "neutral")
    decision = counter.granted(kana="べつ", name="別の 方").decision
    CapPeriod.objects.filter(client=decision.client).delete()
    page = counter.client.get(reverse("admin:decision_page", args=[decision.public_id]))
    notice = page.content.decode().split("決まるまで、その月は請求できません。")[1][:400]
    assert reverse("admin:decision_cap", args=[decision.public_id]) in notice


def test_a_consultation_office_is_asked_for_where_one_made_the_plan(db):
    field = PlanForm()["organisation"].as_field_group()
    assert "相談支援事業所が作ったとき必須" in field
    assert "任意" not in field
    assert reverse("organisation_new") in field
