"""引き継ぎ pages of the provider: the judgement, the way step by step, corrections."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_or_404, last_seen
from clients.models import Enrolment
from clients.queries.subject import subject_of
from plans.actions import handover as actions
from plans.forms import handover as forms
from plans.models import Handover
from plans.queries.handover import (
    LABELS,
    centre_proposal,
    consents_to_hand_over,
    days_of,
    has_duty,
    is_after_death,
    may_be_judged,
    way_steps,
)
from plans.queries.handover_duty import duty_for
from plans.rules.handover import HandoverStep, open_steps
from plans.rules.handover_duty import DutyState
from plans.views.flow import enrolment_form
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import correction_of, form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today

CONTRACTS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)


@CONTRACTS
def handover_judge(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Whether the person still needs support after the end; also after it, where nobody judged before."""
    row = get_enrolment_or_404(request, enrolment)
    if not may_be_judged(row, today(request)):
        raise Http404
    known = Handover.objects.filter(enrolment=row).first()
    initial: dict[str, Any] = {"judged_on": today(request)}
    if known is not None:
        needed = "yes" if known.is_needed else "no"
        initial = {
            "judged_on": known.judged_on, "is_needed": needed, "judgement": known.judgement,
        }  # fmt: skip
    form = forms.JudgementForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Handover:
        return actions.judge_need(enrolment=row, **form.cleaned_data, **who)

    return enrolment_form(
        request, row, form, heading=_("引き継ぎの要否を判断する"), run=run, checked=(Handover,),
        done=_("判断を記録しました。"), template="plans/handover_form.html", days=days_of(row, today(request)), keeps=True,
        back=reverse("handover_page", args=[row.public_id]),
    )  # fmt: skip


@CONTRACTS
def handover_page(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The whole way: what is done, what comes next, who declined, which papers were made.

    It stays open after the end of the use: the first contact there and the look come then.
    """
    row = get_enrolment_or_404(request, enrolment)
    handover, on = handover_of(row), today(request)
    is_dead = is_after_death(row, now(request))
    steps = () if is_dead else open_steps(handover.dates)
    has_consent = (
        handover.centre is None
        or handover.consented_on is None
        or bool(consents_to_hand_over(row, handover.centre, on))
    )
    duty = duty_for(row, on)
    papers = handover.papers.select_related("document", "document__replaced_by").order_by("-pk")
    context = {
        "enrolment": row,
        "subject": subject_of(row.client, on),
        "handover": handover,
        "days": days_of(row, on),
        "is_sudden": has_duty(row, on) is False,
        "duty": duty if duty and duty.state == DutyState.LATE and handover.is_needed else None,
        "way": way_steps(handover),
        "next": [
            {
                "label": LABELS[step],
                "url": reverse("handover_step", args=[row.public_id, step.value]),
            }
            for step in steps
        ],
        "has_consent": has_consent,
        "is_dead": is_dead,
        "is_running": row.ends_on is None or on <= row.ends_on,
        "refusals": handover.refusals.select_related("centre"),
        "papers": papers,
        "breadcrumbs": way_to(row, _("引き継ぎ"), below=False),
    }
    return render(request, "plans/handover/page.html", context)


@CONTRACTS
def handover_step(request: HttpRequest, enrolment: UUID, step: str) -> HttpResponse:
    """One step of the way; of one whose turn has not come, or is over, the way says what comes first."""
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    handover, days = handover_of(row), days_of(row, on)
    if step not in set(HandoverStep):
        raise Http404
    asked = HandoverStep(step)
    # Somebody else may have recorded it meanwhile: what was typed comes back with that said.
    if request.method != "POST" and asked not in open_steps(handover.dates):
        messages.info(request, _first(handover))
        return redirect("handover_page", row.public_id)
    if request.method != "POST" and is_after_death(row, now(request)):
        return redirect("handover_page", row.public_id)
    form = forms.STEP_FORMS[asked](request.POST or None)

    def run(**who: Any) -> Handover:
        return actions.record_step(handover=handover, step=asked, **form.cleaned_data, **who)

    proposal = None
    if asked == HandoverStep.CENTRE:
        proposal = centre_proposal(row.client, last_seen(row, today(request)))
        found = proposal.organisations
        if len(found) == 1 and handover.centre is None:
            form.initial["centre"] = found[0]
    return form_flow(
        request, form, heading=_("%(step)sを記録する") % {"step": LABELS[asked]}, run=run,
        checked=(Handover,), done=_("%(step)sを記録しました。") % {"step": LABELS[asked]},
        template="plans/handover_form.html", days=days, keeps=True,
        is_past=asked == HandoverStep.SHARING and days is not None and on > days.share_by,
        back=reverse("handover_page", args=[row.public_id]), handover=handover, proposal=proposal,
        subject=subject_of(row.client, today(request)),
        breadcrumbs=way_to(row, LABELS[asked]),
    )  # fmt: skip


@CONTRACTS
def handover_correct(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A step was written wrongly."""
    row = get_enrolment_or_404(request, enrolment)
    handover = handover_of(row)
    initial = {name: getattr(handover, name) for name in actions.CORRECTABLE}
    form = forms.HandoverCorrectionForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Handover:
        return actions.correct_handover(handover=handover, **correction_of(form), **who)

    return form_flow(
        request, form, heading=_("引き継ぎの記録を訂正する"), run=run, checked=(Handover,),
        done=_("訂正しました。"), lead=_("元の値は履歴に残ります。"),
        back=reverse("handover_page", args=[row.public_id]),
        subject=subject_of(row.client, today(request)), breadcrumbs=way_to(row, _("訂正")),
    )  # fmt: skip


def _first(handover: Handover) -> str:
    """What is recorded before any other step, or that nothing is left."""
    steps = open_steps(handover.dates)
    if not steps:
        return _("この手順は、いまは記録できません。")
    return _("この手順は、いまは記録できません。先に「%(step)s」を記録します。") % {
        "step": LABELS[steps[0]]
    }


def handover_of(enrolment: Enrolment) -> Handover:
    """The hand-over of an enrolment. Raises Http404 before the need was judged."""
    rows = Handover.objects.select_related("centre", "enrolment__client", "enrolment__office")
    found = rows.filter(enrolment=enrolment).first()
    if found is None:
        raise Http404
    return found


def way_to(enrolment: Enrolment, label: str, *, below: bool = True) -> list[dict[str, str]]:
    """利用者 › この人のページ › 引き継ぎ › …: no name in it, since browsers keep what they show."""
    trail = [
        {"label": _("利用者"), "url": reverse("client_list")},
        {
            "label": _("この人のページ"),
            "url": reverse("client_page", args=[enrolment.client.public_id]),
        },
    ]
    if below:
        url = reverse("handover_page", args=[enrolment.public_id])
        trail.append({"label": _("引き継ぎ"), "url": url})
    return [*trail, {"label": label, "url": ""}]
