"""What an officer types wrongly, late or twice: refused at the field, in words, nothing stored."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clients.models import HouseholdFact, Organisation, Residence
from clients.rules.cap import cap_months
from plans.models import CapPeriod, Certificate, Decision, ServiceUsePlan
from teikyaku.periods import Month

ERROR = 422


def errors_of(answer):
    assert answer.status_code == ERROR
    return answer.context["form"].errors


def test_a_refused_application_takes_no_final_plan(counter):
    row = counter.heard()
    end = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "対象外"}
    assert counter.post("application_end", row, end).status_code == 302
    plan = {"author": "self", "received_on": counter.on.isoformat()}
    assert "却下" in str(errors_of(counter.post("plan_new", row, plan, "final")))
    assert not row.service_use_plans.filter(stage=ServiceUsePlan.Stage.FINAL).exists()


@pytest.mark.parametrize("name", ["survey", "plan", "grant"])
def test_every_step_is_refused_before_its_turn(counter, name):
    row = counter.received()
    on = counter.on.isoformat()
    if name == "survey":
        early = (row.received_on - timedelta(days=1)).isoformat()
        data = {"held_on": early, "held_by": "職員", "difficulties": "朝"}
        answer, missing = counter.post("survey_new", row, data), "より前"
    elif name == "plan":
        data = {"author": "self", "received_on": on}
        answer, missing = counter.post("plan_new", row, data, "proposed"), "聞き取り調査"
    else:
        answer, missing = counter.post("decision_grant", row, counter.grant_data()), "計画案"
    assert missing in str(errors_of(answer))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        pytest.param({"number": "12345678901"}, "number", "10桁", id="eleven digits"),
        pytest.param({"decided_on": "2026-02-30"}, "decided_on", "2月30日", id="no such day"),
        pytest.param({"starts_on": "1900-01-01"}, "starts_on", "以後", id="a century early"),
        pytest.param({"starts_on": "明治3年1月1日"}, "starts_on", "以後", id="an era too far"),
        pytest.param({"starts_on": "9999-12-01", "ends_on": "9999-12-31"}, "ends_on", "2199年まで",
                     id="the end of time"),
        pytest.param({"cap_yen": "-1"}, "cap_yen", "", id="less than nothing"),
        pytest.param({"cap_yen": "99999999999999999999"}, "cap_yen", "", id="too much to store"),
        pytest.param({"cap_yen": ""}, "cap_yen", "", id="not entered is not 0"),
        pytest.param({"cap_first_month": "2026-13"}, "cap_first_month", "", id="month 13"),
        pytest.param({"cap_last_month": "2020-01"}, "cap_last_month", "以後", id="cap backwards"),
        pytest.param({"is_managed": "on"}, "managing_office_name", "名前", id="managed by nobody"),
        pytest.param({"issued_on": "2020-01-01"}, "issued_on", "以後", id="paper before decision"),
    ],
)  # fmt: skip
def test_a_wrong_grant_is_told_at_its_field(counter, changes, field, words):
    row = counter.heard()
    answer = counter.post("decision_grant", row, counter.grant_data(**changes))
    errors = errors_of(answer)
    assert field in errors, errors
    assert words in str(errors[field])
    assert "当該月の日数" in answer.content.decode()
    assert not Decision.objects.filter(application=row).exists()


def test_full_width_digits_and_eras_are_read(counter):
    row = counter.heard()
    on = counter.on
    era = f"Ｒ{on.year - 2018}．{on.month}．{on.day}"
    data = counter.grant_data(number="１２３４５６７８９９", cap_yen="９，３００円", decided_on=era)
    assert counter.post("decision_grant", row, data).status_code == 302
    assert Decision.objects.get(application=row).decided_on == on


def test_a_second_decision_over_the_first_is_refused_at_its_period(counter):
    first = counter.granted()
    again = counter.heard(known=first.client, kind="renewal")
    answer = counter.post("decision_grant", again, counter.grant_data())
    assert "重なって" in str(errors_of(answer)["starts_on"])
    # The form had proposed the day after it instead.
    form = counter.client.get(f"/admin/plans/application/{again.public_id}/grant/").context["form"]
    assert form.initial["starts_on"] == first.decision.ends_on + timedelta(days=1)
    assert form.initial["number"] == "1234567899"
    last = form.initial["ends_on"]
    data = counter.grant_data(
        starts_on=form.initial["starts_on"].isoformat(), ends_on=last.isoformat(),
        cap_first_month=(form.initial["cap_first_month"] + timedelta(days=40)).isoformat()[:7],
        is_known="on",
    )  # fmt: skip
    assert counter.post("decision_grant", again, data).status_code == 302
    decision = Decision.objects.get(application=again)
    assert decision.certificates.get().kind == Certificate.Kind.RENEWAL


def test_a_decision_is_revoked_once(counter):
    decision = counter.granted().decision
    revoke = {"revoked_on": counter.on.isoformat(), "reason": "転出"}
    assert counter.post("decision_revoke", decision, revoke).status_code == 302
    again = {**revoke, "reason": "書き直し"}
    assert "取り消されています" in str(
        errors_of(counter.post("decision_revoke", decision, again))["__all__"]
    )
    paper = {"kind": "reissue", "number": "1234567899", "issued_on": counter.on.isoformat(),
             "applies_on": counter.on.isoformat(), "reason": "紛失"}  # fmt: skip
    assert counter.post("decision_reissue", decision, paper).status_code == ERROR
    decision.refresh_from_db()
    assert decision.revocation_reason == "転出"


def test_until_its_last_day_a_revoked_decisions_paper_is_made_again(counter):
    decision = counter.granted().decision
    last = counter.on + timedelta(days=20)
    revoke = {"revoked_on": last.isoformat(), "reason": "転出"}
    assert counter.post("decision_revoke", decision, revoke).status_code == 302
    page = counter.client.get(reverse("admin:decision_page", args=[decision.public_id]))
    assert reverse("admin:decision_reissue", args=[decision.public_id]) in page.content.decode()
    paper = {"kind": "reissue", "number": "1234567899", "issued_on": counter.on.isoformat(),
             "applies_on": (last + timedelta(days=1)).isoformat(), "reason": "紛失"}  # fmt: skip
    assert counter.post("decision_reissue", decision, paper).status_code == ERROR
    paper["applies_on"] = counter.on.isoformat()
    assert counter.post("decision_reissue", decision, paper).status_code == 302


def test_a_reissued_paper_keeps_what_stood_on_the_old_one(counter):
    office = Organisation.objects.create(
        name="相談室", kind=Organisation.Kind.CONSULTATION
    )  # fmt: skip
    row = counter.heard()
    data = counter.grant_data(consultation_office=office.pk, monitoring_months="3")
    assert counter.post("decision_grant", row, data).status_code == 302
    decision = Decision.objects.get(application=row)
    url = f"/admin/plans/decision/{decision.public_id}/reissue/"
    initial = counter.client.get(url).context["form"].initial
    form = {name: value for name, value in initial.items() if value is not None}
    outside = {**form, "kind": "reissue", "reason": "紛失",
               "applies_on": (decision.ends_on + timedelta(days=1)).isoformat()}  # fmt: skip
    assert "の中の日付にしてください" in str(
        errors_of(counter.client.post(url, outside))["applies_on"]
    )
    assert counter.client.post(url, {**outside, "applies_on": counter.on}).status_code == 302
    paper = decision.certificates.last()
    assert (paper.kind, paper.consultation_office, paper.monitoring_months) == (
        "reissue", office, 3,
    )  # fmt: skip
    assert decision.certificates.count() == 2


def test_a_new_cap_ends_the_one_before_it(counter):
    decision = counter.granted().decision
    later = (Month.of(counter.on) + 3).first_day
    data = {"category": "low_income", "cap_yen": "0", "first_month": later.isoformat()[:7],
            "last_month": str(cap_months(later, decision.ends_on).last_month)}  # fmt: skip
    assert counter.post("decision_cap", decision, data).status_code == 302
    first, second = CapPeriod.objects.filter(client=decision.client)
    assert (first.last_month, second.cap_yen) == ((Month.of(later) - 1).first_day, 0)
    again = counter.post("decision_cap", decision, data)
    assert list(errors_of(again)) == ["is_known"]
    assert "置き換わります" in again.content.decode()


def test_a_protected_address_is_protected_from_its_first_moment(counter):
    counter.client.post("/admin/plans/application/new/", {
        "name": "守る 人", "kana": "まもる ひと", "birth_date": "1990-05-05", "address": "秘密町9",
        "is_protected": "on", "kind": "new", "received_on": counter.on.isoformat(),
        "received_place": "ward_office",
    })  # fmt: skip
    assert Residence.objects.get(address="秘密町9").is_protected


def test_the_household_gives_the_category_that_the_grant_proposes(counter):
    row = counter.heard()
    page = f"/admin/plans/application/{row.public_id}/"
    assert "負担の区分は決まりません" in counter.client.get(page).content.decode()
    month = counter.on.isoformat()[:7]
    asked = {"first_month": month, "is_taxed": "true", "income_levy_yen": "１５９，９９９"}
    assert counter.post("ward_household_new", row, asked).status_code == 302
    # Not asked is not "no": group home, facility, assistance and spouse are still open.
    assert "負担の区分は決まりません" in counter.client.get(page).content.decode()
    HouseholdFact.objects.all().delete()
    fact = {**asked, "receives_public_assistance": "false", "lives_in_group_home": "false",
            "is_in_facility": "false", "has_spouse": "false"}  # fmt: skip
    assert counter.post("ward_household_new", row, fact).status_code == 302
    assert "一般1" in counter.client.get(page).content.decode()
    initial = counter.client.get(f"{page}grant/").context["form"].initial
    assert (initial["category"], initial["cap_yen"]) == ("general_1", 9300)
    wrong = {"first_month": month, "has_spouse": "false", "is_spouse_taxed": "true"}
    assert "配偶者" in str(errors_of(counter.post("ward_household_new", row, wrong)))


def test_nothing_is_added_to_an_ended_application(counter):
    row = counter.received()
    end = {"outcome": "withdrawn", "outcome_on": counter.on.isoformat(), "reason": "本人の希望"}
    assert counter.post("application_end", row, end).status_code == 302
    job = {"employer": "別の店", "kind": "ordinary", "starts_on": counter.on.isoformat()}
    assert "取下げ" in str(errors_of(counter.post("ward_job_new", row, job)))
    used = {"kind": "transition", "starts_on": "R2.4.1", "ends_on": "R2.5.1"}
    assert "取下げ" in str(errors_of(counter.post("ward_service_new", row, used)))


def test_who_cannot_be_eligible_is_refused_at_once(counter):
    row = counter.received()
    end = {"outcome": "refused", "outcome_on": counter.on.isoformat(), "reason": "利用がない"}
    assert counter.post("application_end", row, end).status_code == 302
    row.refresh_from_db()
    assert row.outcome == "refused"


def test_a_step_taken_twice_is_told_before_it_is_typed(counter):
    row = counter.heard()
    url = f"/admin/plans/application/{row.public_id}/survey/"
    page = counter.client.get(url, follow=True).content.decode()
    assert "すでに記録されています" in page
    again = {"held_on": counter.on.isoformat(), "held_by": "職員", "difficulties": "朝"}
    errors = errors_of(counter.post("survey_new", row, again))
    assert "すでに記録されています" in str(errors)


def test_a_grant_before_its_turn_is_told_before_it_is_typed(counter):
    row = counter.received()
    url = f"/admin/plans/application/{row.public_id}/grant/"
    assert "計画案" in counter.client.get(url, follow=True).content.decode()


def test_forms_say_whose_they_are_and_choose_nothing_for_the_officer(counter):
    row = counter.heard()
    page = counter.client.get(f"/admin/plans/application/{row.public_id}/grant/")
    text = page.content.decode()
    assert "窓口 花子" in text
    assert "1991年1月1日" in text
    assert page.context["form"]["category"].value() in (None, "")
    assert page.context["form"]["amount"].value() == "当該月の日数"


def test_an_application_of_another_century_is_a_slip(counter):
    answer = counter.client.post("/admin/plans/application/new/", {
        "name": "古い 人", "kana": "ふるい ひと", "birth_date": "1990-05-05", "address": "町",
        "kind": "new", "received_on": "1900-11-20", "received_place": "ward_office",
    })  # fmt: skip
    assert "年を確かめて" in str(errors_of(answer)["received_on"])


def test_after_a_revocation_it_is_nobodys_turn(counter):
    row = counter.granted()
    revoke = {"revoked_on": counter.on.isoformat(), "reason": "転出"}
    assert counter.post("decision_revoke", row.decision, revoke).status_code == 302
    page = counter.client.get(f"/admin/plans/application/{row.public_id}/").content.decode()
    assert "取り消されています" in page
    assert "の番です" not in page


def test_a_new_cap_takes_over_from_one_with_an_end(counter):
    decision = counter.granted().decision
    year = counter.on.year + 1
    cap = CapPeriod.objects.get(client=decision.client)
    CapPeriod.objects.filter(pk=cap.pk).update(last_month=date(year, 6, 1))
    data = {"category": "low_income", "cap_yen": "0", "first_month": f"{year}-03",
            "last_month": f"{year}-06"}  # fmt: skip
    assert counter.post("decision_cap", decision, data).status_code == 302
    cap.refresh_from_db()
    assert cap.last_month == date(year, 2, 1)


def test_a_day_that_is_too_early_is_told_at_its_own_field(counter):
    row = counter.received()
    early = (row.received_on - timedelta(days=1)).isoformat()
    data = {"held_on": early, "held_by": "職員", "difficulties": "朝"}
    assert "より前" in str(errors_of(counter.post("survey_new", row, data))["held_on"])


def test_the_question_about_a_known_person_must_be_answered(counter):
    counter.received()
    data = {"name": "窓口 花子", "kana": "マドグチ ハナコ", "birth_date": "1991-01-01",
            "address": "町", "kind": "new", "received_on": counter.on.isoformat(),
            "received_place": "ward_office"}  # fmt: skip
    answer = counter.client.post("/admin/plans/application/new/", data)
    assert "同じ方かどうか" in str(errors_of(answer)["known"])
    assert answer.context["form"].fields["known"].required


def test_no_paper_is_issued_on_a_day_to_come(counter):
    """In a grant and in a paper issued again; the core system's file has its own test."""
    ahead = (counter.on + timedelta(days=365)).isoformat()
    row = counter.heard()
    answer = counter.post("decision_grant", row, counter.grant_data(issued_on=ahead))
    assert "まだ来ていない" in str(errors_of(answer)["issued_on"])
    assert not Decision.objects.filter(application=row).exists()
    assert counter.post("decision_grant", row, counter.grant_data()).status_code == 302
    decision = Decision.objects.get(application=row)
    paper = {"kind": "reissue", "number": "1234567899", "issued_on": ahead,
             "applies_on": counter.on.isoformat(), "reason": "紛失"}  # fmt: skip
    answer = counter.post("decision_reissue", decision, paper)
    assert "まだ来ていない" in str(errors_of(answer)["issued_on"])
    assert decision.certificates.count() == 1
