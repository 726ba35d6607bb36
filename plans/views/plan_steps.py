"""個別支援計画, its steps: assessment, draft, meeting, consent, handing over, consultation office."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit
from clients.models import Enrolment
from plans.actions import plan_consent
from plans.actions import support_plan as actions
from plans.forms import support_plan as forms
from plans.queries.signers import who_may_sign
from plans.queries.support_plan import consultation_consents, consultation_withdrawn_on
from plans.rules.support_plan import PlanStep, needs_guardian, review_steps
from plans.views.plan_flow import DRAFTS, MAKES, plan_or_404, step_page
from teikyaku.clock import today
from teikyaku.era import both
from teikyaku.periods import day_after


@DRAFTS
def support_plan_assessment(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """The assessment written over."""
    return step_page(
        request, enrolment, plan, PlanStep.ASSESSMENT, forms.AssessmentForm,
        actions.write_assessment, heading=_("アセスメントを直す"), done=_("アセスメントを保存しました。"),
    )  # fmt: skip


@DRAFTS
def support_plan_draft(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """原案: policy, period and goals."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    found = plan_or_404(row, plan)
    starts_on = found.starts_on or _proposed_start(row, on)
    initial = {
        "drafted_on": found.drafted_on or on,
        "starts_on": starts_on,
        "review_by": found.review_by or actions.latest_review_of(starts_on),
    }
    steps = review_steps(starts_on, actions.review_months(starts_on))
    return step_page(
        request, enrolment, plan, PlanStep.DRAFT, forms.DraftForm, actions.write_draft,
        heading=_("原案を書く"), initial=initial, review_steps=steps, wishes=found.wishes,
        template="plans/support_plan/goals_form.html",
        extra={"goals": found.goal_rows.all(), "wants_more": "add_goal" in request.POST},
        lead=_("目標は本人の希望から。だれが何をするかまで書きます。"),
        done=_("原案を保存しました。次は、本人を交えた会議です。"),
    )  # fmt: skip


@MAKES
def support_plan_meeting(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """会議 with the person."""
    return step_page(
        request, enrolment, plan, PlanStep.MEETING, forms.MeetingForm, actions.hold_meeting,
        heading=_("会議を記録する"), initial={"meeting_on": today(request)},
        lead=_("本人を交えて原案を話し合った日を記録します。記録した人が、計画の責任者になります。"),
        done=_("会議を記録しました。次は、説明と同意です。"),
    )  # fmt: skip


@MAKES
def support_plan_consent(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """説明と同意: who signed, and from when the plan holds."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    found, able = plan_or_404(row, plan), who_may_sign(row, on)
    initial = {"explained_on": on, "consented_on": on}
    starts_on = found.starts_on or on
    if found.consented_on is None and starts_on < on:
        # The day of the draft has passed: proposed anew, with the latest day that goes with it.
        starts_on = on
        initial |= {"starts_on": on, "review_by": actions.latest_review_of(on)}
    names = "、".join(f"{each.name}（{each.get_kind_display()}）" for each in able)
    if needs_guardian(tuple(each.kind for each in able)):
        told = {
            "notice": _("成年後見人がいます：%(names)s。署名をもらってください。")
            % {"names": names}
        }
    else:
        told = _way_of_signers(row, names)
    return step_page(
        request, enrolment, plan, PlanStep.CONSENT, forms.ConsentForm, plan_consent.record_consent,
        heading=_("説明と同意を記録する"), initial=initial, extra={"able": able}, **told,
        template="plans/support_plan/consent_form.html",
        review_steps=review_steps(starts_on, actions.review_months(starts_on)),
        lead=_("計画書を見せて説明し、文書で同意を得た日を記録します。計画が始まるのは、同意の日か、そのあとです。"),
        done=_("同意を記録しました。次は、本人への交付です。"),
    )  # fmt: skip


def _way_of_signers(enrolment: Enrolment, names: str) -> dict[str, str]:
    """Where no 成年後見人 is on file: who else may sign, and how somebody comes to stand here."""
    known = _("本人に代わって署名できる人：%(names)s。") % {"names": names} if names else ""
    way = _("後見人や家族が署名したときは、先に「関係者」に「署名できる」人として記録します。")
    page = reverse("client_facts", args=[enrolment.client.public_id])
    return {
        "notice": known + way, "notice_tone": "warning" if names else "info",
        "notice_url": f"{page}#related", "notice_label": _("関係者を開く"),
    }  # fmt: skip


@MAKES
def support_plan_handover(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """本人に交付."""
    return step_page(
        request, enrolment, plan, PlanStep.HANDOVER, forms.HandoverForm, actions.hand_over,
        heading=_("本人への交付を記録する"), initial={"handed_over_on": today(request)},
        lead=_("計画書を本人に渡した日です。渡すと、この計画は月の請求で有効になります。"),
        done=_("交付を記録しました。次は、相談支援事業所への交付です。"),
    )  # fmt: skip


@MAKES
def support_plan_consultation(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """相談支援に交付, with the consent on file."""
    row, on = get_enrolment_for_edit(request, enrolment), today(request)
    consents = consultation_consents(row, on)
    notice = ""
    if not consents and (day := consultation_withdrawn_on(row, on)) is not None:
        text = _(
            "個別支援計画を相談支援事業所に渡すことへの同意を、本人が%(day)sに撤回しています。"
        )
        notice = text % {"day": both(day)}
    elif not consents:
        notice = _("個別支援計画を相談支援事業所に渡すことへの、本人の同意がまだありません。")
    return step_page(
        request, enrolment, plan, PlanStep.CONSULTATION, forms.ConsultationForm,
        plan_consent.tell_consultation, heading=_("相談支援への交付を記録する"),
        initial={"consultation_on": on}, notice=notice,
        notice_url=reverse("consent_new", args=[row.public_id]), notice_label=_("同意を記録する"),
        template="plans/support_plan/consent_form.html", done=_("相談支援への交付を記録しました。"),
    )  # fmt: skip


def _proposed_start(enrolment: Enrolment, on: date) -> date:
    """The day after the plan before ends; the first day of use, or today, where that has passed."""
    before = enrolment.support_plans.complete().order_by("-starts_on").first()
    days = [on, enrolment.use_starts_on or on]
    if before is not None and before.review_by is not None:
        days.append(day_after(before.review_by))
    return max(days)
