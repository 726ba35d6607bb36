"""After a death nothing goes out from that day on: every door by which something would (§9)."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Client
from plans.actions import handover, plan_consent
from plans.actions import support_plan as actions
from plans.actions.plan_papers import issue_plan_paper
from plans.actions.report import Handing, give_consent, issue_version, share_report, write_report
from plans.actions.report_print import papers_for_people
from plans.models import ReportShare, SupportPlan, SupportPlanPaper
from plans.queries.month import months_of_support
from plans.rules.handover import HandoverStep
from plans.rules.month import every_reason
from plans.rules.support_plan import GoalFacts
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.support_plan import met_over
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_centre

DIED = "亡くなった方"


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


def die(cast, on=None):
    """The death is on file, while what the caller read before does not know of it."""
    Client.objects.filter(pk=cast.enrolment.client_id).update(died_on=on or cast.today)


def written(cast, who):
    return write_report(
        enrolment=cast.enrolment, month=Month.of(cast.today).first_day, goals="g", done="d",
        result="r", next_steps="n", plain="や", **who,
    )  # fmt: skip


def refused(field, act):
    with pytest.raises(ValidationError, match=DIED) as error:
        act()
    assert set(error.value.message_dict) == {field}


def consented(cast, who):
    cast.enrolment.support_plans.all().delete()
    return plan_consent.record_consent(
        plan=met_over(cast), explained_on=cast.today, consented_on=cast.today, signer="person",
        starts_on=cast.today, review_by=None, may_go_to_consultation=True, **who,
    )  # fmt: skip


def test_an_issued_report_is_not_shared_though_the_page_was_open_since_before(cast, who):
    report = written(cast, who)
    version = issue_version(report=report, **who)
    assert report.enrolment.client.died_on is None
    die(cast, cast.today - timedelta(days=1))
    facts = {"report": report, "recipient": "person", "way": "handed",
             "handing": Handing(version), **who}  # fmt: skip
    refused("shared_on", lambda: share_report(shared_on=cast.today, **facts))
    # What they had on their last day can still be put on record.
    die(cast)
    assert share_report(shared_on=cast.today, **facts).shared_on == cast.today


def reasons(cast, month):
    (support,) = [
        each for each in months_of_support([cast.office], month, cast.today)
        if each.enrolment_id == cast.enrolment.pk
    ]  # fmt: skip
    return [reason.code for reason in every_reason(support.facts)]


def test_a_month_whose_report_was_not_handed_before_the_death_says_what_can_be_done(
    client, cast, who
):
    last = Month.of(cast.today) - 1
    ReportShare.objects.all().delete()
    assert "report_not_shared" in reasons(cast, last)
    die(cast, last.last_day)
    assert "report_not_shared" not in reasons(cast, last)
    assert "report_died" in reasons(cast, last)
    enter(client, cast.members["worker"])
    page = client.get(reverse("report_page", args=[cast.enrolment.public_id, last]))
    url = reverse("report_share", args=[cast.enrolment.public_id, last])
    assert "市町村に確かめてください" in page.content.decode()
    assert url in page.content.decode()
    # No day is proposed, least of all today.
    assert client.get(url).context["form"].initial["shared_on"] is None
    late = client.post(url, {"shared_on": str(cast.today), "way": "handed"})
    assert (late.status_code, "shared_on" in late.context["form"].errors) == (422, True)
    client.post(url, {"shared_on": str(last.last_day), "way": "handed"})
    assert ReportShare.objects.get().shared_on == last.last_day
    assert "report_died" not in reasons(cast, last)


def test_a_report_on_paper_from_before_the_death_is_written_up_with_no_version_yet(cast, who):
    report = written(cast, who)
    die(cast)
    with pytest.raises(ValidationError, match=DIED):
        issue_version(report=report, **who)
    facts = {"report": report, "way": "handed", "shared_on": cast.today, **who}
    # To nobody else on that day, and nothing is frozen for them.
    with pytest.raises(ValidationError, match=DIED):
        share_report(recipient="family", **facts)
    assert not report.versions.exists()
    assert share_report(recipient="person", **facts).version.number == 1


def test_no_consent_is_taken(cast, who):
    die(cast)
    facts = {"enrolment": cast.enrolment, "recipient": "family", "scope": "report", **who}
    refused("starts_on", lambda: give_consent(starts_on=cast.today, **facts))
    assert give_consent(starts_on=cast.today - timedelta(days=1), **facts)


def test_no_plan_is_consented_to_or_handed_over(cast, who):
    plan = consented(cast, who)
    die(cast)
    refused(
        "handed_over_on",
        lambda: actions.hand_over(plan=plan, handed_over_on=cast.today, **who),
    )
    told = {"plan": plan, "consultation_on": cast.today, **who}
    refused(
        "consultation_on",
        lambda: plan_consent.tell_consultation(consultation="handed", **told),
    )
    # That there is no such office is a note of the office's own.
    assert plan_consent.tell_consultation(consultation="none", **told).consultation == "none"


def test_a_draft_is_not_consented_to(cast, who):
    cast.enrolment.support_plans.all().delete()
    plan = met_over(cast)
    die(cast)
    with pytest.raises(ValidationError, match=DIED) as error:
        plan_consent.record_consent(
            plan=plan, explained_on=cast.today, consented_on=cast.today, signer="person",
            starts_on=cast.today, review_by=None, **who,
        )  # fmt: skip
    assert set(error.value.message_dict) == {"explained_on", "consented_on"}


def test_a_plan_on_paper_and_a_correction_know_it_too(cast, who):
    plan = cast.enrolment.support_plans.get()
    die(cast)
    refused(
        "handed_over_on",
        lambda: actions.correct_plan(
            plan=plan, changes={"handed_over_on": cast.today}, reason="書き間違い",
            goal_rows=[GoalFacts("short", "通う")], **who,
        ),
    )  # fmt: skip
    SupportPlan.objects.all().delete()
    before = cast.today - timedelta(days=1)
    days = dict.fromkeys(("assessed_on", "drafted_on", "meeting_on", "consented_on"), before)
    refused(
        "handed_over_on",
        lambda: actions.record_support_plan(
            enrolment=cast.enrolment, wishes="x", goals="x", starts_on=cast.today,
            review_by=cast.today, handed_over_on=cast.today, **days, **who,
        ),
    )  # fmt: skip


def test_nothing_is_shared_with_the_centre(cast, who):
    before = cast.today - timedelta(days=1)
    row = handover.judge_need(
        enrolment=cast.enrolment, judged_on=before, is_needed=True, judgement="要る", **who
    )
    centre = make_centre()
    handover.record_step(handover=row, step=HandoverStep.CENTRE, centre=centre, **who)
    handover.record_step(handover=row, step=HandoverStep.CONSENT, consented_on=before, **who)
    handover.record_step(handover=row, step=HandoverStep.SHARING, shared_on=before, **who)
    die(cast)
    with pytest.raises(ValidationError, match=DIED):
        handover.record_step(handover=row, step=HandoverStep.MEETING, meeting_on=cast.today, **who)
    refused(
        "shared_on",
        lambda: handover.correct_handover(
            handover=row, changes={"shared_on": cast.today}, reason="書き間違い", **who
        ),
    )


def test_no_paper_for_the_person_is_printed_or_printed_again(client, cast, who):
    report, plan = written(cast, who), cast.enrolment.support_plans.get()
    plain = issue_plan_paper(plan=plan, kind=SupportPlanPaper.Kind.PLAIN, **who)
    whole = issue_plan_paper(plan=plan, kind=SupportPlanPaper.Kind.PLAN, **who)
    enter(client, cast.members["manager"])
    pages = [reverse("support_plan_pdf", args=[paper.public_id]) for paper in (plain, whole)]
    assert [client.get(page).status_code for page in pages] == [200, 200]
    die(cast)
    report.enrolment.client.refresh_from_db()
    plan.enrolment.client.refresh_from_db()
    with pytest.raises(ValidationError, match=DIED):
        papers_for_people(reports=[report], with_plain=True, **who)
    with pytest.raises(ValidationError, match=DIED):
        issue_plan_paper(plan=plan, kind=SupportPlanPaper.Kind.PLAIN, **who)
    answer = client.get(pages[0], follow=True)
    assert answer.redirect_chain
    assert "本人に渡す文書は印刷しません" in answer.content.decode()
    # The 個別支援計画書 stays as the file's copy.
    assert client.get(pages[1]).status_code == 200


def test_the_page_asks_and_agrees_nothing_from_that_day_on(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("client_page", args=[cast.enrolment.client.public_id])
    words = ("面談を記録する", "次に会う約束", "渡してよい？", "本人に電話")
    Client.objects.filter(pk=cast.enrolment.client_id).update(phone="025-123-4567")
    shown = client.get(url).content.decode()
    assert all(word in shown for word in words)
    die(cast)
    shown = client.get(url).content.decode()
    assert not any(word in shown for word in words)
    assert "お亡くなりになりました" in shown
