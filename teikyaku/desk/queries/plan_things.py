"""次にすること about the 個別支援計画: the next step, the review, and what a month without one costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.plan_cost import factor_without_plan
from plans.models import SupportPlan
from plans.queries.dossier import SupportDossier
from plans.queries.month import months_without_plan
from plans.queries.summary import SupportSummary
from plans.rules.support_plan import is_missing_for_billing, planned_review_steps
from teikyaku.periods import Month
from teikyaku.reasons import Step

# Reviews are worth a line this long before their day.
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class PlanThing:
    """One thing to do about the plan, as `next_things` tells it."""

    text: str
    tone: str
    url: str
    url_label: str
    by: date | None = None
    note: str = ""
    steps: tuple[Step, ...] = ()


def plan_things(dossier: SupportDossier, support: SupportSummary) -> Iterator[PlanThing]:
    """What waits; nothing before the contract."""
    if support.contract is None:
        return
    on, enrolment = dossier.person.on, dossier.enrolment.public_id
    plan, making = support.support_plan, support.plan_being_made
    cost, is_now = _cost(dossier)
    new = reverse("support_plan_new", args=[enrolment])
    if making is not None:
        tone = "danger" if is_now else "warning" if cost else "info"
        yield _step(making, enrolment, cost, tone)
    elif plan is None and support.plan_ahead is None:
        text, label = _("個別支援計画がまだありません"), _("計画をつくる")
        yield PlanThing(text, "danger" if is_now else "warning", new, label, note=cost)
    elif plan is not None and support.plan_ahead is None and _is_due(plan, on):
        is_over = plan.review_by is not None and plan.review_by < on
        text = _("個別支援計画の見直しが過ぎています") if is_over else _("個別支援計画の見直し")
        tone = "danger" if is_over else "warning" if cost else "info"
        yield PlanThing(
            text, tone, new, _("見直しを始める"), plan.review_by, cost, _why(plan)
        )  # fmt: skip
    elif cost:
        yield PlanThing(_("個別支援計画を確かめる"), "warning", new, _("計画をつくる"), note=cost)
    if plan is not None and plan.manager_id and not plan.consultation:
        url = reverse("support_plan_consultation", args=[enrolment, plan.public_id])
        yield PlanThing(_("個別支援計画を相談支援事業所に渡す"), "info", url, _("記録する"))


def _why(plan: SupportPlan) -> tuple[Step, ...]:
    if plan.starts_on is None or plan.review_by is None:
        return ()
    return planned_review_steps(plan.starts_on, plan.review_by)


def _is_due(plan: SupportPlan, on: date) -> bool:
    return plan.review_by is not None and plan.review_by <= on + AHEAD


def _step(plan: SupportPlan, enrolment: UUID, cost: str, tone: str) -> PlanThing:
    step = plan.next_step
    text = _("個別支援計画の次の手順")
    if step is not None and is_missing_for_billing(step):
        text = _("個別支援計画：次は「%(step)s」") % {"step": step.label}
    page = f"support_plan_{step.value}" if step else "support_plan_page"
    url = reverse(page, args=[enrolment, plan.public_id])
    return PlanThing(text, tone, url, _("進める"), note=cost)


def _cost(dossier: SupportDossier) -> tuple[str, bool]:
    """What this month, or else the next, would cost as things stand; and whether it is this one."""
    enrolment, month = dossier.enrolment, Month.of(dossier.person.on)
    if enrolment.use_starts_on is None:
        return "", False
    plans = [row for row in dossier.support_plans if row.enrolment_id == enrolment.pk]
    words = (
        _("このままだと、今月（%(month)s）の基本報酬が%(factor)sになります。"),
        _("このままだと、来月（%(month)s）の基本報酬が%(factor)sになります。"),
    )
    for ahead, text in enumerate(words):
        month += ahead
        ends_on = enrolment.ends_on or enrolment.window_ends_on
        if ends_on is not None and ends_on < month.first_day:
            break
        count = months_without_plan(plans, enrolment, month)
        factor = factor_without_plan(month, count) if count else ""
        if factor:
            return text % {"month": month.label, "factor": factor}, ahead == 0
    return "", False
