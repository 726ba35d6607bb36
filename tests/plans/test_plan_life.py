"""The life of a support plan: order, consent, guardian, validity at the edges, review, two at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from billing.queries.mending import mending_url
from billing.queries.month import month_board
from billing.queries.plan_cost import factor_without_plan
from clients.models import RelatedPerson
from plans.actions import plan_consent
from plans.actions import support_plan as actions
from plans.models import GoalRating, SupportPlan
from plans.queries.goal_lines import goal_lines
from plans.queries.month import months_of_support
from plans.queries.support_plan import goals_to_talk_over
from plans.rules.support_plan import GoalFacts, PlanStep
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.support_plan import met_over
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet

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


def test_a_plan_counts_when_it_was_handed_over_and_the_month_says_what_lacks(cast, alone, who):
    month = Month.of(cast.today)
    assert support_of(cast, month).plan_step == ""
    plan = actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="働く", **who)
    told = []
    for _step in range(4):
        value = support_of(cast, month)
        told.append((value.plan_step, value.facts.plan_step))
        assert value.months_without_plan > 0
        plan = advance(plan, cast.today, who)
    assert told == [(s.value, s.label) for s in list(PlanStep)[1:5]]
    assert support_of(cast, month).months_without_plan == 0
    assert support_of(cast, month - 1).months_without_plan > 0
    assert plan.review_by == actions.latest_review_of(cast.today)


def advance(plan, on, who):
    """The next step of a plan, today."""
    step = plan.next_step
    if step == PlanStep.DRAFT:
        goals = [GoalFacts("short", "通う", staff_does="月に一度会う")]
        return actions.write_draft(
            plan=plan, drafted_on=on, support="", starts_on=on, review_by=None, goal_rows=goals,
            **who,
        )  # fmt: skip
    if step == PlanStep.MEETING:
        return actions.hold_meeting(plan=plan, meeting_on=on, participants="本人", **who)
    if step == PlanStep.CONSENT:
        return consent(plan, on, who)
    return actions.hand_over(plan=plan, handed_over_on=on, **who)


def test_the_month_leads_to_the_missing_step_for_who_may_record_it(cast, alone):
    met_over(cast)
    month = Month.of(cast.today)
    board = month_board(cast.office, month, cast.today)
    entry = next(e for e in board.entries if e.support.enrolment_id == alone.pk)
    reason = next(r for r in entry.reasons if r.code == "no_support_plan")
    assert "「説明と同意」がまだ" in reason.text
    plan = alone.support_plans.get()
    step = reverse("support_plan_consent", args=[alone.public_id, plan.public_id])
    path = reverse("support_plans", args=[alone.public_id])
    person = reverse("client_page", args=[alone.client.public_id])
    for key, url in (("manager", step), ("worker", path), ("billing", person)):
        assert mending_url(reason, entry.support, cast.members[key]) == url


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        pytest.param(-30, -1, False, id="ended the day before the month"),
        pytest.param(-30, 0, True, id="ends on its first day"),
        pytest.param("end", 40, True, id="begins on its last day"),
        pytest.param("after", 40, False, id="begins the day after"),
    ],
)
def test_validity_at_the_edges_of_a_month(cast, alone, who, first, last, valid):
    month = Month.of(cast.today) - 1
    edge = {"end": month.last_day, "after": month.last_day + timedelta(days=1)}
    starts_on = edge.get(first) or month.first_day + timedelta(days=first)
    review_by = month.first_day + timedelta(days=last)
    days = dict.fromkeys(
        ("assessed_on", "drafted_on", "meeting_on", "consented_on", "handed_over_on"), starts_on
    )
    actions.record_support_plan(
        enrolment=alone, wishes="x", goals="x", starts_on=starts_on, review_by=review_by, **days,
        **who,
    )  # fmt: skip
    assert (support_of(cast, month).months_without_plan == 0) is valid


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("drafted_on", "「原案」の日は、「アセスメント」"),
        ("meeting_on", "「会議」の日は、「原案」"),
        ("explained_on", "「説明」の日は、「会議」"),
        ("consented_on", "「同意」の日は、「説明」"),
        ("handed_over_on", "「本人への交付」の日は、「同意」"),
    ],
)
def test_every_step_names_the_one_that_it_would_come_before(cast, who, field, words):
    plan = cast.enrolment.support_plans.get()
    changes = {name: getattr(plan, name) for name in ("drafted_on", "meeting_on", "explained_on",
                                                      "consented_on", "handed_over_on")}  # fmt: skip
    day = plan.assessed_on - timedelta(days=1)
    # Those after it move too, so that this step alone is out of order.
    names = list(changes)
    for name in names[names.index(field) :]:
        changes[name] = day
    with pytest.raises(ValidationError) as error:
        actions.correct_plan(
            plan=plan,
            changes=changes,
            goal_rows=[GoalFacts("short", "通う", staff_does="月に一度会う")],
            reason="誤り",
            **who,
        )
    assert words in error.value.message_dict[field][0]


def test_the_database_keeps_the_steps_in_a_row(cast, alone, who):
    plan = actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="x", **who)
    for changes in (
        {"meeting_on": cast.today}, {"handed_over_on": cast.today}, {"drafted_on": cast.today},
        {"consultation": "handed"}, {"stopped_on": cast.today},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportPlan.objects.filter(pk=plan.pk).update(**changes)


def test_a_second_plan_on_the_way_is_refused(cast, alone, who):
    actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="x", **who)
    with pytest.raises(ValidationError, match="作成中の計画があります"):
        actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="y", **who)
    assert alone.support_plans.count() == 1


def test_who_wrote_later_is_told_and_may_write_over(client, cast, alone, who):
    plan = actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="先", **who)
    enter(client, cast.members["worker"])
    url = reverse("support_plan_assessment", args=[alone.public_id, plan.public_id])
    seen = client.get(url).context["form"]["seen"].value()
    assessment = {"assessed_on": cast.today, "wishes": "ほかの人が書いた"}
    actions.write_assessment(plan=plan, **assessment, **who)
    data = {"assessed_on": cast.today.isoformat(), "wishes": "わたしが書いた", "seen": seen}
    answer = client.post(url, data)
    assert answer.status_code == REFUSED
    text = answer.content.decode()
    assert "ほかの人が先に書き換えました" in text
    assert "わたしが書いた" in text
    plan.refresh_from_db()
    assert plan.wishes == "ほかの人が書いた"
    again = {**data, "seen": answer.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    plan.refresh_from_db()
    assert plan.wishes == "わたしが書いた"


def guardian_of(cast, kind="guardian", **facts):
    return RelatedPerson.objects.create(
        client=cast.enrolment.client, kind=kind, name="後見 一郎", may_sign=True,
        starts_on=cast.today - timedelta(days=9), recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today), **facts,
    )  # fmt: skip


def test_a_guardian_signs_or_the_reason_is_given(cast, alone, who):
    guardian, plan = guardian_of(cast), met_over(cast)
    with pytest.raises(ValidationError, match="成年後見人がいます"):
        consent(plan, cast.today, who)
    done = consent(plan, cast.today, who, guardian_note="計画は本人が決めることと確かめた")
    assert done.representative is None
    done = consent(plan, cast.today, who, signer="both", representative=guardian)
    assert (done.signer, done.representative) == ("both", guardian)


def test_a_curator_may_sign_and_is_not_waited_for(cast, alone, who):
    guardian_of(cast, kind="curator")
    assert consent(met_over(cast), cast.today, who).signer == "person"


@pytest.mark.parametrize("facts", [{"may_sign": False}, {"ends_on": -1}])
def test_who_may_not_sign_on_the_day_does_not(cast, alone, who, facts):
    row, plan = guardian_of(cast), met_over(cast)
    if "ends_on" in facts:
        facts = {"ends_on": cast.today - timedelta(days=1)}
    RelatedPerson.objects.filter(pk=row.pk).update(**facts)
    with pytest.raises(ValidationError) as error:
        consent(plan, cast.today, who, signer="both", representative=row)
    assert "representative" in error.value.message_dict
    assert consent(plan, cast.today, who).signer == "person"


def test_the_period_does_not_begin_before_the_consent(cast, alone, who):
    plan = met_over(cast)
    with pytest.raises(ValidationError) as error:
        consent(plan, cast.today, who, starts_on=cast.today - timedelta(days=1))
    assert "同意の日" in error.value.message_dict["starts_on"][0]
    late = actions.latest_review_of(cast.today) + timedelta(days=1)
    with pytest.raises(ValidationError) as error:
        consent(plan, cast.today, who, review_by=late)
    assert "6か月以内" in error.value.message_dict["review_by"][0]


def test_a_review_takes_the_last_plan_over_in_one_action(client, cast):
    enter(client, cast.members["worker"])
    before = cast.enrolment.support_plans.get()
    url = reverse("support_plan_new", args=[cast.enrolment.public_id])
    form = client.get(url).context["form"]
    assert form["wishes"].value() == before.wishes
    data = {"assessed_on": cast.today.isoformat(), "wishes": "前より長く働く"}
    assert client.post(url, data).status_code == 302
    plan = cast.enrolment.support_plans.being_made().get()
    assert (plan.goals, plan.support) == (before.goals, before.support)
    before.refresh_from_db()
    assert before.wishes != plan.wishes
    # A second begin leads to the one on its way.
    assert client.get(url).headers["Location"].endswith(f"{plan.public_id}/")


def test_what_is_stopped_counts_for_nothing_and_another_can_begin(cast, alone, who):
    plan = met_over(cast)
    actions.stop_plan(plan=plan, stopped_on=cast.today, stop_reason="入院", **who)
    assert support_of(cast, Month.of(cast.today)).plan_public_id is None
    assert actions.begin_plan(enrolment=alone, assessed_on=cast.today, wishes="x", **who).is_open
    with pytest.raises(ValidationError, match="取りやめています"):
        actions.hand_over(plan=plan, handed_over_on=cast.today, **who)


def test_after_the_consent_words_change_by_correction_alone(cast, alone, who):
    plan = consent(met_over(cast), cast.today, who)
    with pytest.raises(ValidationError, match="訂正"):
        actions.write_assessment(plan=plan, assessed_on=cast.today, wishes="別", **who)
    changed = actions.correct_plan(
        plan=plan, changes={"wishes": "正しい言葉", "consented_on": None, "explained_on": None},
        goal_rows=[GoalFacts("short", "通う", staff_does="月に一度会う")], reason="書き間違い", **who,
    )  # fmt: skip
    assert changed.next_step == PlanStep.CONSENT
    assert changed.history.filter(history_change_reason="書き間違い").count() == 1


def test_goals_are_rated_in_an_interview_and_drawn_over_time(client, cast):
    worker = cast.members["worker"]
    (goal,) = goals_to_talk_over(cast.enrolment, cast.today)
    enter(client, worker)
    url = reverse("interview_new", args=[cast.enrolment.public_id])
    page = client.get(url).content.decode()
    assert f'name="goal_{goal.public_id}"' in page
    data = {"held_on": cast.today.isoformat(), "way": "face", "outcome": "met", "notes": "話した",
            "work_rating": "settled", "life_rating": "settled", "met_by": str(worker.public_id),
            f"goal_{goal.public_id}": "hard"}  # fmt: skip
    kept = client.post(url, {**data, "save_draft": "1"}, follow=True)
    assert kept.context["form"][f"goal_{goal.public_id}"].value() == "hard"
    assert not GoalRating.objects.exists()
    assert client.post(url, data).status_code == 302
    row = GoalRating.objects.get()
    assert (row.goal, row.rating, row.interview.held_on) == (goal, "hard", cast.today)

    # A correction brings its own rating, and the old one is drawn no more.
    correct = reverse("interview_correct", args=[row.interview.public_id])
    again = {**data, f"goal_{goal.public_id}": "progress", "correction_reason": "聞き間違い"}
    assert client.post(correct, again).status_code == 302
    (line,) = goal_lines(cast.enrolment.support_plans.get())
    assert [mark.label for mark in line.ratings] == ["進んでいる"]
    plans = reverse("support_plans", args=[cast.enrolment.public_id])
    assert "進んでいる" in client.get(plans).content.decode()
    with pytest.raises(ValidationError, match="消せません"):
        actions.correct_plan(
            plan=goal.plan, changes={}, goal_rows=[], reason="x", by=cast.members["manager"],
            at=at_noon(cast.today),
        )  # fmt: skip


def test_a_goal_of_somebody_else_is_not_rated(cast):
    goal = cast.foreign.support_plans.get().goal_rows.get()
    with pytest.raises(ValidationError, match="この方の目標ではありません"):
        meet(cast.enrolment, cast.members["worker"], cast.today, goal_ratings={goal: "hard"})
    assert not GoalRating.objects.exists()


def test_the_page_of_a_person_warns_before_a_month_costs(client, cast, alone):
    enter(client, cast.members["manager"])
    url = reverse("client_page", args=[alone.client.public_id])
    text = client.get(url).content.decode()
    month = Month.of(cast.today)
    assert factor_without_plan(month, 1) == "×0.7"
    assert factor_without_plan(month, 3) == "×0.5"
    assert f"今月（{month.label}）の基本報酬が×0.5" in text


def test_the_page_of_a_person_warns_of_the_month_to_come(client, cast):
    plan = cast.enrolment.support_plans.get()
    SupportPlan.objects.filter(pk=plan.pk).update(review_by=cast.today)
    enter(client, cast.members["manager"])
    text = client.get(reverse("client_page", args=[cast.enrolment.client.public_id]))
    assert "来月" in text.content.decode()
    assert "×0.7" in text.content.decode()


def test_a_worker_draws_up_and_only_the_service_manager_makes(client, cast, alone, who):
    plan = met_over(cast)
    enter(client, cast.members["worker"])
    page = client.get(reverse("support_plan_page", args=[alone.public_id, plan.public_id]))
    text = page.content.decode()
    assert "サービス管理責任者が記録します" in text
    assert reverse("support_plan_consent", args=[alone.public_id, plan.public_id]) not in text
    assert reverse("support_plan_draft", args=[alone.public_id, plan.public_id]) in text


def test_a_plan_of_another_office_is_nobodys_to_read(client, cast):
    plan = cast.foreign.support_plans.get()
    enter(client, cast.members["manager"])
    for name in ("support_plan_page", "support_plan_correct", "support_plan_consultation"):
        for enrolment in (cast.foreign, cast.enrolment):
            url = reverse(name, args=[enrolment.public_id, plan.public_id])
            assert client.get(url).status_code == 404
