"""次にすること about the 個別支援計画: the next step, the review, and what a month without one costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.queries.plan_cost import factor_without_plan
from plans.models import SupportPlan
from plans.queries.dossier import SupportDossier
from plans.queries.month import months_without_plan
from plans.queries.summary import SupportSummary
from plans.rules.support_plan import PlanStep, is_missing_for_billing, planned_review_steps
from teikyaku.accounts.queries.office_start import is_of_before
from teikyaku.accounts.roles import Role
from teikyaku.periods import Month
from teikyaku.reasons import Step

# Reviews are worth a line this long before their day.
AHEAD = timedelta(days=60)
# Steps that whoever supports the person may record; the others are the service manager's alone.
WRITTEN_BY_STAFF = (PlanStep.ASSESSMENT, PlanStep.DRAFT)


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
    """What waits, why, and who acts; nothing before the contract."""
    if support.contract is None:
        return
    staff_name = dossier.person.staff.name
    for thing, step in _things(dossier, support):
        words = (thing.note, who_acts(step, staff_name))
        yield replace(thing, note="".join(word for word in words if word))


def who_acts(step: PlanStep, staff_name: str) -> str:
    """Who may record a step of a plan, in words; the same as the role table says.

    `staff_name` is who is in charge of the person; "" for nobody.
    """
    manager = Role.SERVICE_MANAGER.label
    if step not in WRITTEN_BY_STAFF:
        return _("記録するのは%(manager)sです。") % {"manager": manager}
    if not staff_name:
        return _("書くのは支援員か%(manager)sです（担当はまだ決まっていません）。") % {
            "manager": manager
        }
    return _("書くのは担当の%(staff)s、または%(manager)sです。") % {
        "staff": staff_name,
        "manager": manager,
    }


def _things(
    dossier: SupportDossier, support: SupportSummary
) -> Iterator[tuple[PlanThing, PlanStep]]:
    """Each thing with the step that it begins with."""
    on, enrolment = dossier.person.on, dossier.enrolment.public_id
    plan, making = support.support_plan, support.plan_being_made
    cost, is_now = _cost(dossier)
    new = reverse("support_plan_new", args=[enrolment])
    if making is not None:
        tone = "danger" if is_now else "warning" if cost else "info"
        step = making.next_step or PlanStep.ASSESSMENT
        yield _step(making, enrolment, cost, tone), step
    elif plan is None and support.plan_ahead is None:
        text, label = _("個別支援計画がまだありません"), _("計画をつくる")
        why = _("契約はありますが、本人に交付した計画がありません。") + cost
        thing = PlanThing(text, "danger" if is_now else "warning", new, label, note=why)
        yield thing, PlanStep.ASSESSMENT
    elif plan is not None and support.plan_ahead is None and _is_due(plan, on):
        is_over = plan.review_by is not None and plan.review_by < on
        is_over = is_over and not is_of_before(plan.review_by or on, dossier.opening.first_day)
        text = _("個別支援計画の見直しが過ぎています") if is_over else _("個別支援計画の見直し")
        tone = "danger" if is_over else "warning" if cost else "info"
        why = _("計画に書いた見直しの日を過ぎ、次の計画がまだありません。") if is_over else ""
        steps = _why(plan)
        thing = PlanThing(text, tone, new, _("見直しを始める"), plan.review_by, why + cost, steps)
        yield thing, PlanStep.ASSESSMENT
    elif cost:
        thing = PlanThing(_("個別支援計画を確かめる"), "warning", new, _("計画をつくる"), note=cost)
        yield thing, PlanStep.ASSESSMENT
    if plan is not None and plan.manager_id and not plan.consultation:
        url = reverse("support_plan_consultation", args=[enrolment, plan.public_id])
        text = _("個別支援計画を相談支援事業所に渡す")
        yield PlanThing(text, "info", url, _("記録する")), PlanStep.CONSULTATION


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
        count = months_without_plan(plans, enrolment, month, dossier.opening)
        factor = factor_without_plan(month, count) if count else ""
        if factor:
            return text % {"month": month.label, "factor": factor}, ahead == 0
    return "", False
