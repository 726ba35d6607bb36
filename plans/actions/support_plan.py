"""個別支援計画: begun with an assessment, written as a draft, met over, consented to, handed over.

Who: 就労定着支援員 may write assessment and draft, a サービス管理責任者 the rest (roles.py). Every step
locks the plan, and refuses when somebody else wrote since the page was opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_after_death, refuse_future
from clients.models import Enrolment
from clients.rules.names import search_key
from plans.actions.plan_goals import store_goals
from plans.models import SupportPlan
from plans.queries.support_plan import consultation_consents
from plans.rules.support_plan import GoalFacts, is_too_early, latest_review
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.figures import figure
from teikyaku.era import both
from teikyaku.periods import Month


class PlanChanged(ValidationError):
    """Somebody else wrote on the plan since the page was opened."""


@transaction.atomic
def record_support_plan(
    *,
    enrolment: Enrolment,
    by: Membership,
    at: datetime,
    handed_over_on: date,
    goals: str = "",
    goal_rows: Iterable[GoalFacts] = (),
    manager: Membership | None = None,
    **facts: Any,
) -> SupportPlan:
    """A plan that was made on paper, with all its steps at once (§6).

    `manager` answers for it; without one whoever records it. `goals` as text becomes one short-term goal. Raises ValidationError when the dates are out of
    order, the plan begins before it was consented to, it went out after a death, or it went to the
    consultation office without the person's consent.
    """
    refuse_future(at=at, handed_over_on=handed_over_on)
    refuse_after_death(
        enrolment.client, handed_over_on=handed_over_on, consented_on=facts["consented_on"]
    )
    if facts.get("consultation") == SupportPlan.Consultation.HANDED:
        refuse_unconsented_handing(
            enrolment, facts.get("consultation_name", ""), facts["consultation_on"]
        )
    _refuse_period(facts["starts_on"], facts["review_by"], facts["consented_on"])
    facts.setdefault("explained_on", facts["consented_on"])
    facts.setdefault("signer", SupportPlan.Signer.PERSON)
    row = SupportPlan(
        enrolment=enrolment, handed_over_on=handed_over_on, manager=manager or by, **facts
    )
    _save(row, "support_plan_recorded", by, at)
    rows = list(goal_rows) or [GoalFacts("short", goals)] * bool(goals.strip())
    store_goals(row, rows, by=by, at=at)
    return row


@transaction.atomic
def begin_plan(
    *, enrolment: Enrolment, assessed_on: date, by: Membership, at: datetime, **assessment: str
) -> SupportPlan:
    """アセスメント: a plan is begun; a review takes goals and policy over from the plan before.

    Raises ValidationError while another one is being made.
    """
    refuse_future(at=at, assessed_on=assessed_on)
    before = enrolment.support_plans.complete().order_by("-starts_on").first()
    row = SupportPlan(enrolment=enrolment, assessed_on=assessed_on, **assessment)
    row.support = before.support if before else ""
    verb = "support_plan_review_begun" if before else "support_plan_begun"
    _save(row, verb, by, at)
    if before is not None:
        store_goals(row, [_copy(goal) for goal in before.goal_rows.all()], by=by, at=at)
    return row


@transaction.atomic
def write_assessment(
    *, plan: SupportPlan, by: Membership, at: datetime, seen: int | None = None, **assessment: Any
) -> SupportPlan:
    """The assessment written over, until the consent."""
    refuse_future(at=at, assessed_on=assessment["assessed_on"])
    row = _locked(plan, seen)
    _refuse_consented(row)
    return _step(row, assessment, "support_plan_assessed", by, at)


@transaction.atomic
def write_draft(
    *,
    plan: SupportPlan,
    goal_rows: Iterable[GoalFacts],
    starts_on: date,
    review_by: date | None,
    by: Membership,
    at: datetime,
    seen: int | None = None,
    **draft: Any,
) -> SupportPlan:
    """原案 with its goals and its period; written over as often as wanted, until the consent.

    Without `review_by` the latest day that the rule allows. Raises ValidationError by field.
    """
    refuse_future(at=at, drafted_on=draft["drafted_on"])
    row = _locked(plan, seen)
    _refuse_consented(row)
    goals = list(goal_rows)
    if not goals:
        raise ValidationError(_("目標を、少なくとも1つ書いてください。"))
    period = {"starts_on": starts_on, "review_by": review_by or latest_review_of(starts_on)}
    refuse_late_review(**period)
    _step(row, {**draft, **period}, "support_plan_drafted", by, at)
    store_goals(row, goals, by=by, at=at)
    return row


@transaction.atomic
def hold_meeting(
    *, plan: SupportPlan, meeting_on: date, by: Membership, at: datetime,
    seen: int | None = None, **facts: Any,
) -> SupportPlan:  # fmt: skip
    """会議 with the person; who records it answers for the plan from here on."""
    refuse_future(at=at, meeting_on=meeting_on)
    row = _locked(plan, seen)
    _refuse_consented(row)
    row.manager = by
    return _step(row, {"meeting_on": meeting_on, **facts}, "support_plan_met", by, at)


@transaction.atomic
def hand_over(
    *, plan: SupportPlan, handed_over_on: date, by: Membership, at: datetime,
    seen: int | None = None,
) -> SupportPlan:  # fmt: skip
    """本人に交付: from now on the plan counts for its months. Raises ValidationError after a death."""
    refuse_future(at=at, handed_over_on=handed_over_on)
    row = _locked(plan, seen)
    refuse_after_death(row.enrolment.client, handed_over_on=handed_over_on)
    return _step(row, {"handed_over_on": handed_over_on}, "support_plan_handed_over", by, at)


@transaction.atomic
def stop_plan(
    *, plan: SupportPlan, stopped_on: date, stop_reason: str, by: Membership, at: datetime,
    seen: int | None = None,
) -> SupportPlan:  # fmt: skip
    """A plan that is being made is given up, with the reason; it stays readable and counts for nothing."""
    refuse_future(at=at, stopped_on=stopped_on)
    row = _locked(plan, seen)
    changes = {"stopped_on": stopped_on, "stop_reason": stop_reason}
    return _step(row, changes, "support_plan_stopped", by, at)


@transaction.atomic
def correct_plan(
    *,
    plan: SupportPlan,
    changes: dict[str, Any],
    goal_rows: Iterable[GoalFacts],
    reason: str,
    by: Membership,
    at: datetime,
) -> SupportPlan:
    """What was written wrongly, put right with a reason; the history keeps the old values.

    A day that is taken away again reopens its step. Raises ValidationError by field.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("訂正の理由を入れてください。")})
    row = SupportPlan.objects.select_for_update().get(pk=plan.pk)
    if changes.get("starts_on") and not changes.get("review_by", row.review_by):
        changes = {**changes, "review_by": latest_review_of(changes["starts_on"])}
    days = {name: day for name, day in changes.items() if name.endswith("_on")}
    days.pop("starts_on", None)
    refuse_future(at=at, **days)
    changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
    gone = {name: changed.get(name) for name in ("explained_on", "consented_on", "handed_over_on")}
    refuse_after_death(row.enrolment.client, **gone)
    if changed.keys() & {"starts_on", "review_by", "consented_on"}:
        kept = {name: changes.get(name, getattr(row, name)) for name in
                ("starts_on", "review_by", "consented_on")}  # fmt: skip
        _refuse_period(**kept)
    _step(row, changed, "corrected", by, at, reason)
    store_goals(row, list(goal_rows), by=by, at=at, reason=reason)
    return row


def latest_review_of(starts_on: date) -> date:
    """The last day on which a plan from `starts_on` is reviewed in time, by the figure of its month."""
    return latest_review(starts_on, review_months(starts_on))


def review_months(starts_on: date) -> int:
    """After how many months at the latest a plan is reviewed (a dated figure)."""
    return int(figure("support_plan.review_months", Month.of(starts_on)).value)


def refuse_late_review(starts_on: date, review_by: date) -> None:
    """Refuse a review later than the rule allows, at `review_by`."""
    months = review_months(starts_on)
    latest = latest_review(starts_on, months)
    if review_by > latest:
        message = _("見直しは%(n)sか月以内（%(on)sまで）にしてください。")
        raise ValidationError({"review_by": message % {"n": months, "on": both(latest)}})


def refuse_early_start(starts_on: date | None, consented_on: date | None) -> None:
    """Refuse a plan that begins before the consent, at `starts_on`: it would count without one."""
    if consented_on is not None and is_too_early(starts_on, consented_on):
        message = _("計画の開始日は、同意の日（%(on)s）以後にしてください。")
        raise ValidationError({"starts_on": message % {"on": both(consented_on)}})


def refuse_unconsented_handing(enrolment: Enrolment, name: str, on: date) -> None:
    """Refuse that a plan went to a consultation office on `on` without the person's consent.

    The one rule for every way in which that is recorded (docs/rules.md §6 S). Raises ValidationError
    at `consultation`, and at `consultation_on` after a death.
    """
    refuse_after_death(enrolment.client, consultation_on=on)
    if not consultation_consents(enrolment, on) & {"", search_key(name)}:
        message = _(
            "この日に、個別支援計画を相談支援事業所に渡すことへの本人の同意がありません。"
            "先に「同意」を記録してください。"
        )
        raise ValidationError({"consultation": message})


def _refuse_period(starts_on: Any, review_by: Any, consented_on: Any) -> None:
    if starts_on and review_by:
        refuse_late_review(starts_on, review_by)
    refuse_early_start(starts_on, consented_on)


def locked(plan: SupportPlan, seen: int | None) -> SupportPlan:
    """The stored plan, held until the end of the transaction; `seen` is the version on the page.

    Raises PlanChanged when somebody wrote since.
    """
    row = SupportPlan.objects.select_for_update().get(pk=plan.pk)
    if seen is not None and seen != row.version:
        message = _(
            "この計画は、ほかの人が先に書き換えました。いまの内容を見て、もう一度押してください。"
        )
        raise PlanChanged(message)
    return row


def _locked(plan: SupportPlan, seen: int | None) -> SupportPlan:
    row = locked(plan, seen)
    if not row.is_open:
        raise ValidationError(_("この計画は、もう交付したか、取りやめています。"))
    return row


def _refuse_consented(row: SupportPlan) -> None:
    if row.consented_on is not None:
        raise ValidationError(_("同意を得た計画です。直すときは「訂正」で、理由を書いてください。"))


def _step(
    row: SupportPlan, changes: dict[str, Any], verb: str, by: Membership, at: datetime,
    reason: str = "",
) -> SupportPlan:  # fmt: skip
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    return _save(row, verb, by, at, tuple(changes), reason)


def _save(
    row: SupportPlan, verb: str, by: Membership, at: datetime, fields: tuple[str, ...] = (),
    reason: str = "",
) -> SupportPlan:  # fmt: skip
    person = row.enrolment.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person, fields=fields, reason=reason)


def _copy(goal: Any) -> GoalFacts:
    # Its day has passed, or will have: by when is written anew.
    return GoalFacts(goal.term, goal.goal, goal.person_does, goal.staff_does)
