"""Logging a contact, reading it, correcting it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clients.access import enrolments_for, get_enrolment_for_edit, get_enrolment_or_404
from clients.models import Enrolment
from clients.queries.client_list import listed
from clients.queries.subject import named_q, subject_of
from clients.queries.summary import person_of
from plans.actions import life_change
from plans.enums import ContactOutcome
from plans.forms.interview import (
    AttemptForm,
    CorrectionForm,
    InterviewForm,
    WithdrawForm,
    copied_from,
    initial_of,
)
from plans.models import Interview, SupportPlanGoal
from plans.queries.support_plan import goals_to_talk_over
from plans.views.interview_draft import (
    draft_context,
    draft_named,
    kept_or_told,
    refuse_gone,
    seen_version,
)
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.era import both
from teikyaku.form_pages import STORED, form_page, trail

SHOWN = 50
# Within this time an own record that is taken back was a slip of the finger.
SLIP = timedelta(minutes=30)


def _last(enrolment: Enrolment) -> Interview | None:
    return Interview.objects.standing().filter(enrolment=enrolment).first()


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Log a contact with one person; what was begun is kept as a draft."""
    row = get_enrolment_for_edit(request, enrolment)
    membership, on = active_membership(request), today(request)
    draft = draft_named(request, row)
    initial = {"held_on": on, "met_by": str(membership.public_id), "outcome": "met", "way": "face"}
    last = _last(row)
    if last is not None and "copy" in request.GET:
        initial |= copied_from(last)
    if draft is not None:
        initial |= draft.answers
    wants_draft, logged = "save_draft" in request.POST, None
    form = InterviewForm(
        request.POST or None, staff=staff_of(row.office, on), on=on, initial=initial,
        is_draft=wants_draft, goals=goals_to_talk_over(row, on),
    )  # fmt: skip
    seen = seen_version(request, draft)
    if wants_draft:
        saved = kept_or_told(request, row, form)
        if saved is not None:
            return saved
    elif request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, Interview):
            refuse_gone(request, draft)
            logged = life_change.log_interview(
                enrolment=row, **form.cleaned_data, draft=draft, version=seen, by=membership,
                at=now(request),
            )  # fmt: skip
        if logged is not None:
            return _logged(request, row, logged)
    return form_page(
        request,
        form,
        heading=_("面談・連絡を記録する"),
        cancel_url=reverse("client_page", args=[row.client.public_id]),
        submit_label=_("記録する"),
        template="plans/interview_form.html",
        keeps=True,
        sticky=True,
        person=person_of(row, on),
        last=last,
        enrolment=row,
        **draft_context(request, row, draft, seen),
    )


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_withdraw(request: HttpRequest, interview: UUID) -> HttpResponse:
    """Take a contact back that never was; it stays readable with the reason."""
    row = _get_interview_or_404(request, interview)
    get_enrolment_for_edit(request, row.enrolment.public_id)
    # Right after one's own tap it is a slip of the finger: two taps undo it.
    age = now(request) - row.recorded_at
    is_slip = row.recorded_by.user_id == request.user.pk and age < SLIP
    initial = {"withdrawal_reason": _("押しまちがえた。")} if is_slip else {}
    form = WithdrawForm(request.POST or None, initial=initial)

    def withdraw(**who: Any) -> Interview:
        reason = form.cleaned_data["withdrawal_reason"]
        return life_change.withdraw_interview(interview=row, reason=reason, **who)

    return form_flow(
        request, form, heading=_("記録を取り消す"), run=withdraw, checked=(Interview,),
        back=reverse("client_page", args=[row.enrolment.client.public_id]),
        done=_("取り消しました。面談の期限を計算し直しました。"), submit_label=_("取り消す"),
        lead=_(
            "%(on)s、%(way)s、%(outcome)sの記録です。消えずに、取り消したものとして残ります。"
            "すでに締めた月の請求は変わりません。"
        ) % {
            "on": both(row.held_on), "way": row.get_way_display(),
            "outcome": row.get_outcome_display(),
        },
        subject=subject_of(row.enrolment.client, today(request)),
    )  # fmt: skip


def _logged(request: HttpRequest, enrolment: Enrolment, row: Interview) -> HttpResponse:
    """Where the day of the next one stands, and a way back for a slip of the finger."""
    enrolment.refresh_from_db(fields=["interview_due_on"])
    due = enrolment.interview_due_on
    if due and due < today(request):
        # An attempt moves nothing: a day that has passed is no "next".
        text = _("記録しました。面談の期限（%(due)s）は過ぎたままです。")
        told = text % {"due": both(due)}
    elif due:
        told = _("記録しました。次の面談は%(due)sまでです。") % {"due": both(due)}
    else:
        told = _("記録しました。")
    undo = reverse("interview_withdraw", args=[row.public_id])
    link = format_html('<a href="{}">{}</a>', undo, _("まちがえたので取り消す"))
    messages.success(request, format_html("{}　{}", told, link))
    return redirect(reverse("client_page", args=[enrolment.client.public_id]) + STORED)


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def attempt_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Nobody was reached: the day is today, the button says how it was tried."""
    row = get_enrolment_for_edit(request, enrolment)
    membership, on = active_membership(request), today(request)
    form = AttemptForm(request.POST or None, on=on, initial={"held_on": on})
    if request.method == "POST" and form.is_valid():
        logged = None
        with violations_as_form_errors(form, Interview):
            logged = life_change.log_interview(
                enrolment=row, **form.cleaned_data, outcome=ContactOutcome.ATTEMPT,
                met_by=membership, by=membership, at=now(request),
            )  # fmt: skip
        if logged is not None:
            return _logged(request, row, logged)
    return form_page(
        request,
        form,
        heading=_("会えなかったことを記録する"),
        cancel_url=reverse("client_page", args=[row.client.public_id]),
        template="plans/attempt_form.html",
        person=person_of(row, on),
        ways=AttemptForm.WAYS,
    )


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_choose(request: HttpRequest) -> HttpResponse:
    """Whom is the contact about? One's own people first, those due soonest first."""
    membership, on = active_membership(request), today(request)
    text = request.GET.get("q", "")
    rows = listed(enrolments_for(membership, on).in_force(on).filter(named_q(text)), on)
    shown = sorted(
        rows[:SHOWN], key=lambda row: getattr(row, "staff_name", "") != membership.user.name
    )
    return render(request, "plans/interview_choose.html", {"rows": shown, "on": on, "q": text})


def _get_interview_or_404(request: HttpRequest, public_id: UUID) -> Interview:
    found = (
        Interview.objects.filter(public_id=public_id)
        .select_related(
            "enrolment__client",
            "enrolment__office",
            "met_by__user",
            "recorded_by__user",
            "withdrawn_by__user",
        )
        .first()
    )
    if found is None:
        raise Http404
    get_enrolment_or_404(request, found.enrolment.public_id)
    return found


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def interview_page(request: HttpRequest, interview: UUID) -> HttpResponse:
    """One contact, with what corrected it or what it corrects."""
    row = _get_interview_or_404(request, interview)
    newer = Interview.objects.filter(replaces=row).first()
    person = person_of(row.enrolment, today(request))
    context = {
        "interview": row, "newer": newer, "person": person,
        "may_write": active_membership(request).may(Permission.INTERVIEW_WRITE),
        "ratings": row.goal_ratings.select_related("goal"),
        "breadcrumbs": trail(
            _("面談・連絡の記録"), reverse("client_page", args=[row.enrolment.client.public_id])
        ),
    }  # fmt: skip
    return render(request, "plans/interview_page.html", context)


def _goals_of(row: Interview) -> list[SupportPlanGoal]:
    """The goals of its day, and those that were talked over in it."""
    told = [rating.goal for rating in row.goal_ratings.select_related("goal")]
    return list(dict.fromkeys([*goals_to_talk_over(row.enrolment, row.held_on), *told]))


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def interview_correct(request: HttpRequest, interview: UUID) -> HttpResponse:
    """Correct a contact: a new row that refers to the old one and says why."""
    row = _get_interview_or_404(request, interview)
    get_enrolment_for_edit(request, row.enrolment.public_id)
    staff = staff_of(row.enrolment.office, row.held_on)
    form = CorrectionForm(
        request.POST or None,
        staff=staff,
        on=row.held_on,
        initial=initial_of(row),
        goals=_goals_of(row),
    )
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        reason = facts.pop("correction_reason")
        corrected = None
        with violations_as_form_errors(form, Interview):
            corrected = life_change.correct_interview(
                interview=row, reason=reason, **facts,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if corrected is not None:
            return _logged(request, row.enrolment, corrected)
    return form_page(
        request,
        form,
        heading=_("記録を訂正する"),
        lead=_("元の記録は消えず、訂正の前として残ります。"),
        cancel_url=reverse("interview_page", args=[row.public_id]),
        submit_label=_("訂正する"),
        template="plans/interview_form.html",
        keeps=True,
        sticky=True,
        person=person_of(row.enrolment, today(request)),
        last=None,
        enrolment=row.enrolment,
        may_draft=False,
    )
