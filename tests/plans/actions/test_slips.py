"""What a provider types wrongly or leaves out: told, and nothing thrown away."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Client, Consent, Leave
from plans.actions import life_change
from plans.actions.certificate import Grant, Paper, transcribe_certificate
from plans.models import SupportPlan
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import job_of, take_in


@pytest.fixture
def worker(client, cast):
    enter(client, cast.members["worker"])
    return client


def errors(answer):
    assert answer.status_code == 422
    return answer.context["form"].errors


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"service_office": "前の事業所"}, "service_kind"), ({"must_not_contact": "on"}, "employer")],
)
def test_intake_throws_nothing_away(worker, cast, typed, field):
    data = {"name": "ﾀｶﾖｼ", "kana": "ﾀｶﾖｼ　タロウ", "birth_date": "S60.4.1",
            "starts_on": cast.today.isoformat()}  # fmt: skip
    assert field in errors(worker.post(reverse("client_new"), {**data, **typed}))
    assert worker.post(reverse("client_new"), data).status_code == 302
    assert Client.objects.latest("pk").names.get().kana == "たかよし たろう"


def test_a_job_does_not_end_before_its_leave_and_ends_it(cast):
    job, who = job_of(cast.enrolment), {"by": cast.members["worker"], "at": at_noon(cast.today)}
    life_change.start_leave(employment=job, starts_on=cast.today, reason="", **who)
    end = {"employment": job, "reason": "退職", "changes_to_improve": None, **who}
    with pytest.raises(ValidationError, match="休職"):
        life_change.end_employment(ends_on=cast.today - timedelta(days=1), **end)
    job.refresh_from_db()
    life_change.end_employment(ends_on=cast.today, **end)
    assert Leave.objects.get(employment=job).ends_on == cast.today


def test_a_decision_that_lies_ahead_is_shown_and_named(worker, cast):
    enrolment = take_in(cast.office, cast.members["worker"], cast.today - timedelta(days=300))
    first = cast.today + timedelta(days=8)
    transcribe_certificate(
        client=enrolment.client, municipality=cast.wards[0],
        grant=Grant(cast.today, first, first + timedelta(days=300), "月"),
        paper=Paper("5555555555", cast.today, first), cap=None, by=cast.members["worker"],
        at=at_noon(cast.today),
    )  # fmt: skip
    page = worker.get(reverse("client_page", args=[enrolment.client.public_id])).content.decode()
    assert "5555555555" in page
    on = cast.today.isoformat()
    data = {"explained_on": on, "signed_on": on, "starts_on": on, "entry_number": "1"}
    answer = worker.post(reverse("contract_new", args=[enrolment.public_id]), data)
    assert "支給決定期間" in str(errors(answer)["starts_on"])
    assert "申請" not in str(errors(answer))


def test_a_plan_is_reviewed_within_six_months_and_can_be_read(worker, cast):
    enter(worker, cast.members["manager"])
    row = SupportPlan.objects.get(enrolment=cast.enrolment)
    page = worker.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert row.wishes in page.content.decode()
    on = cast.today
    names = ("assessed_on", "drafted_on", "meeting_on", "explained_on", "consented_on",
             "handed_over_on", "starts_on")  # fmt: skip
    data = {**dict.fromkeys(names, on.isoformat()), "wishes": "x", "signer": "person"}
    data |= {"goal_1_goal": "x", "goal_1_term": "short", "goal_1_staff_does": "x"}
    late = {**data, "review_by": (Month.of(on) + 7).first_day.isoformat()}
    url = reverse("support_plan_record", args=[cast.enrolment.public_id])
    assert "6か月以内" in str(errors(worker.post(url, late))["review_by"])


def test_a_consent_is_chosen_not_preselected(worker, cast):
    url = reverse("consent_new", args=[cast.enrolment.public_id])
    before = Consent.objects.count()
    form = worker.get(url).context["form"]
    untouched = {name: form[name].value() or "" for name in form.fields}
    assert {"recipient", "scope"} <= set(errors(worker.post(url, untouched)))
    assert Consent.objects.count() == before


def test_no_report_before_the_work_began(worker, cast):
    month = Month.of(cast.enrolment.starts_on) - 1
    url = reverse("report_write", args=[cast.enrolment.public_id, month])
    data = {"goals": "x", "done": "x", "result": "x", "next_steps": "x"}
    assert "より前の月" in str(errors(worker.post(url, data)))


def test_an_employer_visit_meets_nobody(worker, cast):
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    data = {"held_on": cast.today.isoformat(), "way": "employer_visit", "outcome": "met",
            "work_rating": "settled", "life_rating": "settled",
            "met_by": str(cast.members["worker"].public_id)}  # fmt: skip
    assert "way" in errors(worker.post(url, data))


def test_an_answer_tried_is_not_kept_and_stands_in_no_address(worker, cast):
    url = reverse("screening", args=[cast.enrolment.client.public_id])
    page = worker.get(url)
    assert 'formmethod="get"' not in page.content.decode()
    answer = worker.post(url, {"try": "1"})
    assert answer.status_code == 200
    assert "試しの答え" in answer.content.decode()
    assert not cast.enrolment.client.screenings.exists()


def test_forms_of_the_provider_say_whose_they_are(worker, cast):
    person = cast.enrolment.client
    for name, about in (
        ("consent_new", cast.enrolment), ("contract_new", cast.enrolment), ("leave_new", None),
        ("enrolment_end", cast.enrolment), ("contact_edit", person),
    ):  # fmt: skip
        args = [about.public_id] if about else [person.public_id, job_of(cast.enrolment).public_id]
        assert "試験 太郎" in worker.get(reverse(name, args=args)).content.decode(), name


def test_who_only_bills_is_led_to_the_person(client, cast):
    SupportPlan.objects.all().delete()
    enter(client, cast.members["billing"])
    url = reverse("month_page", args=[Month.of(cast.today) - 1])
    page = client.get(f"{url}?list=ready").content.decode()
    assert reverse("support_plan_new", args=[cast.enrolment.public_id]) not in page
    assert reverse("client_page", args=[cast.enrolment.client.public_id]) in page
