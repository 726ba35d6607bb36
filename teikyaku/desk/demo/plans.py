"""個別支援計画 of the demo city: every half year one, the last ones at every step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from clients.actions.facts import add_fact
from clients.models import RelatedPerson
from plans.actions import plan_consent, plan_papers
from plans.actions import support_plan as actions
from plans.actions.report import give_consent
from plans.models import SupportPlanGoal, SupportPlanPaper
from plans.queries.support_plan import goals_to_talk_over
from plans.rules.support_plan import GoalFacts, latest_review
from teikyaku.desk.demo.lives import Life
from teikyaku.desk.demo.plan import Stage
from teikyaku.periods import day_after, day_before

WISHES = (
    "この会社で長く働きたい。",
    "仕事を覚えて、給料を上げたい。\nいつか一人で暮らしたい。",
    "無理をしないで、毎日通いたい。",
    "上司に自分から相談できるようになりたい。",
)
WORK = (
    "品出しと清掃。手順書があれば一人でできる。", "データ入力。集中すると休むのを忘れる。",
    "厨房の下ごしらえ。忙しい時間に戸惑うことがある。",
)  # fmt: skip
LIVING = (
    "家族と同居。朝は自分で起きる。",
    "一人暮らし。夕食は宅配を使う。",
    "夜ふかしの日がある。",
)
STRENGTHS = ("決めたことをこつこつ続ける。", "数字に強い。", "あいさつが気持ちよい。")
GOALS = (
    ("朝、自分で起きて時間どおりに通う", "前の晩に目覚ましを2つかける", "朝の様子を面談で聞く"),
    ("困ったときに、上司に言葉で伝える", "困りごとをメモに書いて見せる", "伝え方を一緒に練習する"),
    ("毎月5千円を貯金する", "給料日に別の口座へ移す", "通帳を一緒に見て計画を立てる"),
    ("休みの日に、体を休める時間をつくる", "予定表に休む時間を書く", "予定表を一緒に見直す"),
)  # fmt: skip
LONG = ("3年間、この会社で働き続ける", "一人暮らしを始める", "後輩に仕事を教えられるようになる")
RATINGS = ("progress", "steady", "progress", "hard", "steady", "progress", "reached")
OFFICE = "相談支援センターあおば"
REVIEW = 6
# How far somebody's next plan is on the day of the demo, by index; the rest has none on the way.
NEXT = {1: "assessment", 3: "draft", 5: "meeting", 6: "meeting", 8: "consent", 10: "stopped"}
# Somebody whose next review was forgotten, and somebody for whom no plan was ever made.
FORGOTTEN, NEVER, GUARDED = (29, 3), (31, 9), (20, 6)
AHEAD = timedelta(days=75)


def make_plans(life: Life, starts_on: date, until: date) -> None:
    """Plans from the first day of use to `until`, and the next one on its way."""
    if _is(life, GUARDED):
        _guardian(life, starts_on)
    if _is(life, NEVER) and life.plan.stage == Stage.IN_USE:
        return
    day = starts_on
    give_consent(
        enrolment=life.enrolment, recipient="consultation", scope="support_plan",
        starts_on=starts_on - timedelta(days=2), by=life.worker, at=life.at(starts_on),
    )  # fmt: skip
    while day <= until:
        whole_plan(life, day)
        last = latest_review(day, REVIEW)
        if _is(life, FORGOTTEN) and day != starts_on:
            return
        on_its_way = NEXT.get(life.plan.index % 12)
        if on_its_way and until == life.today and last < life.today + AHEAD:
            _on_its_way(life, on_its_way)
            return
        day = day_after(last)


def talked_over(life: Life, day: date) -> dict[SupportPlanGoal, str]:
    """How the goals of the day go; for every second person."""
    if life.plan.index % 2:
        return {}
    goals = goals_to_talk_over(life.enrolment, day)
    return {
        goal: RATINGS[(life.plan.index + day.month * (place + 2)) % len(RATINGS)]
        for place, goal in enumerate(goals)
    }


def _is(life: Life, every: tuple[int, int]) -> bool:
    return life.plan.index % every[0] == every[1]


def _guardian(life: Life, starts_on: date) -> RelatedPerson:
    row = RelatedPerson(
        client=life.client, kind=RelatedPerson.Kind.GUARDIAN, name="後見 一郎", kana="こうけん いちろう",
        may_sign=True, gets_post=True, starts_on=starts_on - timedelta(days=60),
    )  # fmt: skip
    add_fact(row, verb="related_recorded", by=life.worker, at=life.at(starts_on))
    return row


def _assessment(life: Life) -> dict[str, Any]:
    index = life.plan.index
    return {
        "wishes": WISHES[index % len(WISHES)], "work": WORK[index % len(WORK)],
        "living": LIVING[index % len(LIVING)], "health": "2か月に一度通院。服薬は朝だけ。",
        "around": "家族、就業・生活支援センター、主治医", "strengths": STRENGTHS[index % len(STRENGTHS)],
    }  # fmt: skip


def _goals(life: Life, day: date) -> list[GoalFacts]:
    first = life.plan.index + day.month // REVIEW
    short = [
        GoalFacts("short", *GOALS[(first + step) % len(GOALS)], latest_review(day, 3 * (step + 1)))
        for step in range(2)
    ]
    aim = LONG[life.plan.index % len(LONG)]
    return [GoalFacts("long", aim, "続けて通う", "月に一度会う"), *short]


def whole_plan(life: Life, day: date) -> None:
    """A plan in force from `day` on, every step on its day before."""
    signer: dict[str, Any] = {"signer": "person"}
    if _is(life, GUARDED):
        known = life.client.related_people.filter(kind=RelatedPerson.Kind.GUARDIAN).first()
        signer = {"signer": "both", "representative": known or _guardian(life, day)}
    told = day_before(day)
    actions.record_support_plan(
        enrolment=life.enrolment, **_assessment(life), support="月に一度会って、困りごとを一緒に整理する。",
        assessed_on=day - timedelta(days=6), drafted_on=day - timedelta(days=5),
        meeting_on=day - timedelta(days=4), participants="本人、サービス管理責任者、就労定着支援員",
        consented_on=day - timedelta(days=2), handed_over_on=told, starts_on=day,
        review_by=latest_review(day, REVIEW), consultation="handed", consultation_on=told,
        consultation_name=OFFICE, goal_rows=_goals(life, day), by=life.manager, at=life.at(day),
        **signer,
    )  # fmt: skip


def _on_its_way(life: Life, step: str) -> None:
    """The review has begun: as far as `step`, some days ago."""
    day = life.today - timedelta(days=12)
    who: dict[str, Any] = {"by": life.worker, "at": life.at(life.today)}
    lead: dict[str, Any] = {"by": life.manager, "at": life.at(life.today)}
    plan = actions.begin_plan(enrolment=life.enrolment, assessed_on=day, **_assessment(life), **who)
    if step == "stopped":
        actions.stop_plan(
            plan=plan, stopped_on=life.today, stop_reason="本人の入院で、退院してから始めることにした", **lead
        )  # fmt: skip
    if step in ("assessment", "stopped"):
        return
    starts_on = day_after(life.today)
    plan = actions.write_draft(
        plan=plan, drafted_on=day + timedelta(days=2), support=plan.support, starts_on=starts_on,
        review_by=None, goal_rows=_goals(life, starts_on), **who,
    )  # fmt: skip
    if step == "draft":
        return
    plan = actions.hold_meeting(
        plan=plan, meeting_on=day + timedelta(days=6), participants="本人、サービス管理責任者、就労定着支援員",
        meeting_notes="本人から、貯金の目標を先にしたいとの意見。", **lead,
    )  # fmt: skip
    if step == "consent":
        plan = plan_consent.record_consent(
            plan=plan, explained_on=day + timedelta(days=8), consented_on=day + timedelta(days=8),
            signer="person", starts_on=starts_on, review_by=None, may_go_to_consultation=True, **lead,
        )  # fmt: skip
        plan_papers.issue_plan_paper(plan=plan, kind=SupportPlanPaper.Kind.PLAN, **lead)
