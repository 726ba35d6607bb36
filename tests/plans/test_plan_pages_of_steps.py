"""The pages on which a plan comes about: goals, days, what moves, and what a consent needs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import RelatedPerson
from plans.actions import plan_consent
from plans.actions import support_plan as actions
from plans.models import SupportPlan
from plans.queries.month import months_of_support
from teikyaku.clock import at_noon
from teikyaku.era import both
from tests.access.support_plan import met_over
from tests.accounts.test_coming_and_going import enter

REFUSED = 422


@pytest.fixture
def who(cast):
    return {"by": cast.members["manager"], "at": at_noon(cast.today)}


@pytest.fixture
def alone(cast):
    """The cast's person without any plan."""
    SupportPlan.objects.filter(enrolment=cast.enrolment).delete()
    return cast.enrolment


def consent(plan, on, who, **facts):
    given = {"explained_on": on, "consented_on": on, "signer": "person", "starts_on": on,
             "review_by": None, **facts}  # fmt: skip
    return plan_consent.record_consent(plan=plan, **given, **who)


def support_of(cast, month):
    return next(
        value
        for value in months_of_support([cast.office], month, cast.today)
        if value.enrolment_id == cast.enrolment.pk
    )


def test_a_draft_grows_by_another_goal_and_nothing_typed_is_lost(client, cast, alone, who):
    plan = actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="x", **who)
    enter(client, cast.members["worker"])
    url = reverse("support_plan_draft", args=[alone.public_id, plan.public_id])
    form = client.get(url).context["form"]
    assert form["review_by"].value() == actions.latest_review_of(cast.today).isoformat()
    data = {
        "drafted_on": cast.today.isoformat(), "starts_on": cast.today.isoformat(), "goal_count": 2,
        "goal_1_goal": "あとの目標", "goal_1_term": "short", "goal_1_order": 2,
        "goal_2_goal": "先の目標", "goal_2_term": "long", "goal_2_order": 1,
    }  # fmt: skip
    more = client.post(url, {**data, "add_goal": "1"})
    assert more.status_code == 200
    assert len(more.context["form"].goal_groups) == 3
    assert "あとの目標" in more.content.decode()
    assert [group.is_open for group in more.context["form"].goal_groups] == [True, True, True]
    assert client.post(url, {**data, "goal_2_term": ""}).status_code == REFUSED
    assert client.post(url, data).status_code == 302
    assert list(plan.goal_rows.values_list("goal", flat=True)) == ["先の目標", "あとの目標"]
    plan.refresh_from_db()
    assert plan.goals == "長期目標：先の目標\n短期目標：あとの目標"
    assert plan.review_by == actions.latest_review_of(cast.today)


def test_a_moved_first_day_moves_the_review_that_nobody_chose(client, cast, alone, who):
    plan = met_over(cast)
    enter(client, cast.members["manager"])
    url = reverse("support_plan_draft", args=[alone.public_id, plan.public_id])
    later = cast.today + timedelta(days=10)
    goal = plan.goal_rows.first()
    data = {"drafted_on": cast.today.isoformat(), "starts_on": later.isoformat(),
            "review_by": plan.review_by.isoformat(), "goal_1_goal": "x", "goal_1_term": "short",
            "goal_1_key": str(goal.public_id)}  # fmt: skip
    told = client.post(url, data, follow=True).content.decode()
    plan.refresh_from_db()
    assert plan.review_by == actions.latest_review_of(later)
    assert f"新しい開始日に合わせて{both(plan.review_by)}に変わりました" in told
    assert plan.goal_rows.get().pk == goal.pk
    same = {**data, "seen": plan.version, "review_by": plan.review_by.isoformat()}
    assert "に合わせて" not in client.post(url, same, follow=True).content.decode()


def test_an_error_opens_no_empty_goal(client, cast, alone, who):
    plan = actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="x", **who)
    enter(client, cast.members["worker"])
    url = reverse("support_plan_draft", args=[alone.public_id, plan.public_id])
    data = {"drafted_on": "あした", "starts_on": cast.today.isoformat(), "goal_count": 3,
            "goal_1_goal": "通う", "goal_1_term": "short", "goal_2_order": 2,
            "goal_3_person_does": "早く寝る"}  # fmt: skip
    answer = client.post(url, data)
    assert answer.status_code == REFUSED
    groups = answer.context["form"].goal_groups
    assert [group.is_open for group in groups] == [True, False, True]
    assert answer.content.decode().count('<details class="unfold" open>') == 1


def test_no_consent_to_a_plan_in_which_staff_do_nothing(client, cast, alone, who):
    plan = met_over(cast)
    plan.goal_rows.update(staff_does="　")
    enter(client, cast.members["manager"])
    url = reverse("support_plan_consent", args=[alone.public_id, plan.public_id])
    on = cast.today.isoformat()
    data = {"explained_on": on, "consented_on": on, "signer": "person", "starts_on": on}
    answer = client.post(url, data)
    assert answer.status_code == REFUSED
    assert "支援者がすること" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.consented_on is None
    plan.goal_rows.filter(pk=plan.goal_rows.first().pk).update(staff_does="朝に電話する")
    assert client.post(url, data).status_code == 302


def test_the_days_of_a_step_are_read_without_their_year(client, cast, alone, who):
    plan = actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="x", **who)
    enter(client, cast.members["worker"])
    url = reverse("support_plan_draft", args=[alone.public_id, plan.public_id])
    starts_on, due = cast.today + timedelta(days=4), cast.today + timedelta(days=170)
    short = "{0.month}/{0.day}".format
    data = {"drafted_on": short(cast.today), "starts_on": short(starts_on), "goal_count": 1,
            "review_by": short(due), "goal_1_goal": "通う", "goal_1_term": "short",
            "goal_1_target_on": short(due)}  # fmt: skip
    assert client.post(url, data).status_code == 302
    plan.refresh_from_db()
    assert (plan.drafted_on, plan.starts_on, plan.review_by) == (cast.today, starts_on, due)
    assert plan.goal_rows.get().target_on == due
    whole = client.get(reverse("support_plan_record", args=[alone.public_id])).content.decode()
    assert "12/10" not in whole


def signing_url(cast):
    return reverse(
        "support_plan_consent", args=[cast.enrolment.public_id, met_over(cast).public_id]
    )


def related(cast, kind):
    return RelatedPerson.objects.create(
        client=cast.enrolment.client, kind=kind, name="後見 一郎", may_sign=True,
        starts_on=cast.enrolment.starts_on, recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip


def test_who_signs_for_the_person_is_put_on_file_first_and_the_form_says_where(client, cast):
    enter(client, cast.members["manager"])
    url = signing_url(cast)
    page = client.get(url).content.decode()
    related_people = f"{reverse('client_facts', args=[cast.enrolment.client.public_id])}#related"
    way = "先に「関係者」に「署名できる」人として記録します"
    assert way in page
    assert related_people in page
    assert 'id="related"' in client.get(related_people).content.decode()
    # A relative is no guardian: both are said.
    related(cast, "family")
    page = client.get(url).content.decode()
    assert way in page
    assert "後見 一郎" in page


def test_a_guardian_is_typed_as_signer_through_the_page(client, cast):
    guardian = related(cast, "guardian")
    enter(client, cast.members["manager"])
    url = signing_url(cast)
    page = client.get(url).content.decode()
    assert "署名をもらってください" in page
    assert "先に「関係者」に" not in page
    day = cast.today.isoformat()
    data = {"explained_on": day, "consented_on": day, "starts_on": day, "signer": "person"}
    seen = client.get(url).context["form"]
    data |= {name: seen[name].value() for name in ("seen",) if name in seen.fields}
    alone = client.post(url, data)
    assert alone.status_code == REFUSED
    assert "成年後見人がいます" in alone.content.decode()
    nobody = client.post(url, {**data, "signer": "both"})
    assert nobody.status_code == REFUSED
    assert "representative" in nobody.context["form"].errors
    signed = {**data, "signer": "representative", "representative": str(guardian.pk)}
    answer = client.post(url, signed)
    assert answer.status_code == 302, answer.context["form"].errors
    plan = SupportPlan.objects.get(enrolment=cast.enrolment, consented_on=cast.today)
    assert (plan.signer, plan.representative) == ("representative", guardian)
    told = client.get(reverse("support_plan_page", args=[cast.enrolment.public_id, plan.public_id]))
    assert "後見 一郎（成年後見人）" in told.content.decode()
