"""What an office wrote wrongly on its own papers is put right, with what hangs on it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Enrolment
from plans.models import Contract, SupportPlan, Survey
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import take_in

ERROR = 422


@pytest.fixture
def worker(client, cast):
    enter(client, cast.members["worker"])
    return client


def contract_data(row, **changes):
    days = {
        name: getattr(row, name).isoformat() for name in ("explained_on", "signed_on", "starts_on")
    }
    return {**days, "entry_number": "1", "reason": "書き間違い", **changes}


def test_use_begins_on_the_corrected_day_and_the_due_date_follows(worker, cast):
    row = Contract.objects.get(enrolment=cast.enrolment)
    url = reverse("contract_correct", args=[cast.enrolment.public_id, row.public_id])
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert url in worker.get(page).content.decode()
    later = row.starts_on + timedelta(days=4)
    assert worker.post(url, contract_data(row, starts_on=later.isoformat())).status_code == 302
    enrolment = Enrolment.objects.get(pk=cast.enrolment.pk)
    assert enrolment.use_starts_on == later
    assert enrolment.history.first().history_change_reason == "書き間違い"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "入れてください"),
        ({"starts_on": "2001-01-01"}, "より前"),
        ({"explained_on": ""}, "入れてください"),
        ({"ends_on": "2001-01-01"}, "以後"),
    ],
)
def test_a_wrong_correction_of_a_contract_is_refused(worker, cast, changes, words):
    row = Contract.objects.get(enrolment=cast.enrolment)
    url = reverse("contract_correct", args=[cast.enrolment.public_id, row.public_id])
    answer = worker.post(url, contract_data(row, **changes))
    assert answer.status_code == ERROR
    assert words in str(answer.context["form"].errors)
    assert Contract.objects.get(pk=row.pk).starts_on == row.starts_on


def test_a_support_plan_is_corrected_in_the_order_of_its_steps(worker, cast):
    row = SupportPlan.objects.get(enrolment=cast.enrolment)
    enter(worker, cast.members["manager"])
    url = reverse("support_plan_correct", args=[cast.enrolment.public_id, row.public_id])
    names = ("assessed_on", "drafted_on", "meeting_on", "explained_on", "consented_on",
             "handed_over_on", "starts_on", "review_by")  # fmt: skip
    data = {name: getattr(row, name).isoformat() for name in names}
    goal = row.goal_rows.get()
    data |= {"wishes": "長く働きたい", "support": "", "signer": "person", "reason": "書き間違い",
             "goal_1_goal": "歩いて通う", "goal_1_term": "short",
             "goal_1_key": str(goal.public_id)}  # fmt: skip
    early = {**data, "meeting_on": (row.drafted_on - timedelta(days=1)).isoformat()}
    assert "meeting_on" in worker.post(url, early).context["form"].errors
    assert worker.post(url, data).status_code == 302
    row.refresh_from_db()
    assert row.wishes == "長く働きたい"
    assert row.history.count() == 2
    assert (row.goal_rows.get().pk, row.goals) == (goal.pk, "歩いて通う")
    assert [past.goal for past in goal.history.all()] == ["歩いて通う", "通う"]


def test_a_survey_is_corrected_by_its_ward_also_after_the_decision(client, cast):
    enter(client, cast.members["officer"])
    survey = Survey.objects.get(application=cast.application)
    url = reverse("admin:survey_correct", args=[cast.application.public_id])
    data = {"held_on": survey.held_on.isoformat(), "held_by": "別の調査員", "difficulties": "夜",
            "reason": "名前の誤り"}  # fmt: skip
    early = {**data, "held_on": (cast.application.received_on - timedelta(days=1)).isoformat()}
    assert client.post(url, early).status_code == ERROR
    assert client.post(url, data).status_code == 302
    survey.refresh_from_db()
    assert (survey.held_by, survey.history.count()) == ("別の調査員", 2)


def test_no_report_of_a_month_that_lies_ahead(worker, cast):
    url = reverse("report_write", args=[cast.enrolment.public_id, str(Month.of(cast.today) + 1)])
    data = {"goals": "x", "done": "x", "result": "x", "next_steps": "x"}
    assert "まだ来ていない" in str(worker.post(url, data).context["form"].errors)


def test_a_job_of_another_century_is_a_slip(worker, cast):
    url = reverse("employment_new", args=[cast.enrolment.client.public_id])
    data = {"employer": "店", "kind": "ordinary", "starts_on": "2099-01-01", "is_second": "on"}
    assert "年を確かめて" in str(worker.post(url, data).context["form"].errors["starts_on"])


def test_every_missing_step_is_named_once(worker, cast):
    enrolment = take_in(cast.office, cast.members["worker"], cast.today - timedelta(days=300))
    url = reverse("contract_new", args=[enrolment.public_id])
    on = cast.today.isoformat()
    errors = str(
        worker.post(url, {"explained_on": on, "signed_on": on, "starts_on": on, "entry_number": "1"})
        .context["form"].errors["__all__"]
    )  # fmt: skip
    assert errors.count("「申請」が必要です") == 1
    early = (enrolment.starts_on - timedelta(days=1)).isoformat()
    answer = worker.post(
        url, {"explained_on": early, "signed_on": early, "starts_on": early, "entry_number": "1"}
    )
    assert "相談の開始日" in str(answer.context["form"].errors["starts_on"])
