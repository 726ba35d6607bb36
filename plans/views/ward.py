"""The ward's pages of one application, step by step to the decision. Thin: access, form, action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client
from clients.queries.category import category_of
from clients.queries.screening import kept_entries, own_screenings
from clients.queries.window import standing_in
from plans.access import (
    active_ward,
    copied_decisions,
    get_application_or_404,
    get_readable_application_or_404,
    is_at_work_on,
)
from plans.actions import application as applications
from plans.actions import correction
from plans.forms import ward as forms
from plans.forms.correction import ApplicationCorrectionForm, SurveyCorrectionForm
from plans.forms.judged import day_check
from plans.models import (
    Application,
    FileTransfer,
    ServiceUsePlan,
    Survey,
)
from plans.queries.completion import checklist
from plans.queries.file_transfer import latest_transfer
from plans.queries.grant_prefill import usual_monitoring_months
from plans.queries.proposal import asked_by_office
from plans.queries.referral import referrals_of
from plans.queries.renewal import former_decision
from plans.queries.second_officer import open_grant, returned_grant
from plans.queries.use_path import facts_for_ward
from plans.queries.ward_papers import application_papers
from plans.queries.ward_sight import sight_of, written_by_wards
from plans.rules.path import PathStep, drawn_steps, next_step, whose_turn
from plans.views.flow import title_of, ward_trail
from plans.views.ward_papers import ending_letter, letter_buttons
from teikyaku.accounts.access import active_membership, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.periods import Month, in_force

ROWS = 50
READS = requires(Permission.APPLICATION_READ, scope=Scope.MUNICIPALITY)
WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)


@READS
def application_page(request: HttpRequest, application: UUID) -> HttpResponse:
    """One application: the path, what was found out, what comes next."""
    row = get_readable_application_or_404(request, application)
    ward, on = active_ward(request), today(request)
    sight = sight_of(row.client, ward.pk, on)
    facts = facts_for_ward(row)
    step = next_step(facts)
    may_write = is_at_work_on(ward, row) and active_membership(request).may(
        Permission.APPLICATION_WRITE
    )
    completions, letters = list(row.completions.all()), application_papers(row)
    asked = next((each for each in completions if each.answered_on is None), None)
    transfer = latest_transfer(row.client, ward.pk)
    names, homes = sight.names(), sight.homes()
    jobs, services = sight.jobs(), sight.services()
    context = {
        "application": row,
        "breadcrumbs": ward_trail(title_of(sight.name(names), _("申請")), "admin:application_list"),
        "sight": sight,
        "name": sight.name(names),
        "home": sight.home(homes),
        "names": names,
        "homes": homes,
        # A grant is told by its decision; what came to nothing stands beside the name.
        "outcome_word": row.get_outcome_display() if row.has_come_to_nothing else "",
        "outcome_tone": "danger" if row.outcome == Application.Outcome.REFUSED else "neutral",
        "steps": drawn_steps(facts),
        "turn": whose_turn(facts),
        "is_revoked": facts.revoked_on is not None,
        "next": step.value if step else "",
        "survey": getattr(row, "survey", None),
        "asked": None if row.has_come_to_nothing else asked,
        "unanswered": asked if row.has_come_to_nothing else None,
        "answered": [each for each in completions if each.answered_on],
        "documents": checklist(row),
        "plans": row.service_use_plans.select_related("organisation"),
        "decision": getattr(row, "decision", None),
        "standing": standing_in(sight.life_of(jobs, services), sight.on),
        "disabilities": row.client.disabilities.filter(in_force(on)) if sight.is_here else (),
        "renewed": former_decision(row),
        "screenings": kept_entries(own_screenings(active_membership(request), row.client)),
        "referrals": referrals_of(active_membership(request), row.client_id),
        "by_office": asked_by_office(row),
        "pending": open_grant(row),
        "returned": returned_grant(row),
        "reader_id": request.user.pk,
        # What is asked of today is asked where the file lies.
        "copied": copied_decisions(row) if sight.is_here else (),
        "category": category_of(row.client, Month.of(on)) if sight.is_here else None,
        "household_facts": sight.households(),
        "jobs": jobs,
        "services": services,
        "correctable": _correctable(row.client, ward),
        "letters": letters,
        "letter_next": ending_letter(row, letters, on),
        "letter_buttons": letter_buttons(row, on),
        "ward": ward,
        "transfer": transfer,
        "is_offered": transfer is not None and not transfer.outcome,
        "may_write": may_write,
        "may_record": may_write and sight.is_here,
        "more": _rare(row, ward, transfer) if may_write else [],
        "may_change_papers": may_write and not applications.why_over(row, on),
    }
    return render(request, "plans/ward/application_page.html", context)


def _rare(
    row: Application, ward: Municipality, transfer: FileTransfer | None
) -> list[dict[str, str]]:
    """What is seldom done with an application, folded in its head."""
    pages = [
        (not row.outcome, _("却下・取下げ"), "application_end"),
        (not row.outcome and ward.city_id and (transfer is None or transfer.outcome),
         _("ほかの区へ引き継ぐ"), "application_transfer"),
    ]  # fmt: skip
    return [
        {"label": label, "url": reverse(f"admin:{name}", args=[row.public_id])}
        for is_there, label, name in pages
        if is_there
    ]


def _correctable(client: Client, ward: Municipality) -> set[UUID]:
    """The jobs and services of which a slip is this ward's to correct."""
    rows = (client.employments, client.prior_services)
    found = (
        written_by_wards(each.all(), ward).values_list("public_id", flat=True) for each in rows
    )
    return {public_id for ids in found for public_id in ids}


def application_step(
    request: HttpRequest,
    row: Application,
    form: Any,
    heading: str,
    run: Callable[..., Any],
    checked: tuple[type[models.Model], ...],
    needs: Callable[[Application], str] | None = None,
    done: str = "",
    **page: Any,
) -> HttpResponse:
    """Show `form`; on a valid post call `run(by=…, at=…)` and return to the application.

    The form says whose it is; what an ended application takes no more is told before it is typed.
    """
    url = reverse("admin:application_page", args=[row.public_id])
    if request.method == "GET" and needs is not None and (problem := needs(row)):
        messages.error(request, problem)
        return redirect(url)
    return form_flow(
        request,
        form,
        heading=heading,
        back=url,
        done=done or _("記録しました。"),
        run=run,
        checked=checked,
        subject=sight_of(row.client, active_ward(request).pk, today(request)).subject(),
        **page,
    )


def step_problem(step: PathStep) -> Callable[[Application], str]:
    """What stands in the way of a step, in words; "" when nothing does."""

    def ask(row: Application) -> str:
        try:
            applications.refuse_step(step, row)
        except ValidationError as error:
            return " ".join(error.messages)
        return ""

    return ask


@WRITES
def application_correct(request: HttpRequest, application: UUID) -> HttpResponse:
    """When and where the application came in, and who brought it, were written wrongly."""
    row = get_application_or_404(request, application)
    form = ApplicationCorrectionForm(request.POST or None, instance=row)

    def run(**who: Any) -> Application:
        stored = Application.objects.get(pk=row.pk)
        reason = form.cleaned_data["reason"]
        return correction.correct_application(
            application=stored, changes=form.changes(), reason=reason, **who
        )

    return application_step(
        request, row, form, _("申請の受付を訂正する"), run, (Application,),
        lead=_("元の値は履歴に残ります。受付日は、聞き取り調査など、あとの日付より後にはできません。"),
    )  # fmt: skip


@WRITES
def survey_new(request: HttpRequest, application: UUID) -> HttpResponse:
    """聞き取り調査."""
    row = get_application_or_404(request, application)
    initial = {"held_on": today(request), "held_by": active_membership(request).user.name}
    form = forms.SurveyForm(
        request.POST or None, initial=initial,
        checks=[day_check("held_on", lambda on: applications.refuse_survey_on(row, on, now(request)))],
    )  # fmt: skip

    def run(**who: Any) -> Survey:
        return applications.record_survey(application=row, **form.cleaned_data, **who)

    return application_step(request, row, form, _("聞き取り調査を記録する"), run, (Survey,),
        needs=step_problem(PathStep.SURVEY), keeps=True,
    )  # fmt: skip


@WRITES
def survey_correct(request: HttpRequest, application: UUID) -> HttpResponse:
    """The survey was written wrongly; also after the decision."""
    row = get_application_or_404(request, application)
    survey = getattr(row, "survey", None)
    if survey is None:
        raise Http404
    form = SurveyCorrectionForm(request.POST or None, instance=survey)

    def run(**who: Any) -> Survey:
        stored = Survey.objects.get(pk=survey.pk)
        reason = form.cleaned_data["reason"]
        return correction.correct_survey(
            survey=stored, changes=form.changes(), reason=reason, **who
        )

    return application_step(
        request, row, form, _("聞き取り調査を訂正する"), run, (Survey,), keeps=True
    )


@WRITES
def plan_new(request: HttpRequest, application: UUID, stage: str) -> HttpResponse:
    """サービス等利用計画, the proposal or the final one."""
    row = get_application_or_404(request, application)
    if stage not in ServiceUsePlan.Stage.values:
        raise Http404
    on = today(request)
    initial = {
        "received_on": on,
        "author": "consultation",
        "monitoring_months": usual_monitoring_months(Month.of(on)),
    }
    form = forms.PlanForm(
        request.POST or None, initial=initial,
        checks=[
            day_check("received_on", lambda on: applications.refuse_plan_on(row, stage, on, now(request)))
        ],
    )  # fmt: skip

    def run(**who: Any) -> ServiceUsePlan:
        return applications.receive_plan(application=row, stage=stage, **form.cleaned_data, **who)

    is_final = stage == ServiceUsePlan.Stage.FINAL
    heading = _("サービス等利用計画を受け取る") if is_final else _("サービス等利用計画案を受け取る")
    needs = step_problem(PathStep.FINAL_PLAN if is_final else PathStep.PROPOSAL)
    return application_step(request, row, form, heading, run, (ServiceUsePlan,), needs=needs)
