"""Life changes at the desk: taking in, linking, jobs, leave, the end of use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import (
    get_client_for_edit,
    get_enrolment_for_edit,
    get_enrolment_or_404,
    own_people,
    running_enrolment,
)
from clients.actions.employment import employer_named
from clients.enums import EndReason
from clients.models import Attachment, Client, Employment, Enrolment, Leave, PriorService
from clients.queries.subject import subject_of
from clients.views.beside import beside
from plans.actions import life_change
from plans.forms import intake as forms
from plans.queries.ending import end_cards
from plans.views.flow import form_beside
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page, stored
from teikyaku.near_days import near_days

WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)


@WRITES
def client_new(request: HttpRequest) -> HttpResponse:
    """Take in a new person."""
    membership, at = active_membership(request), now(request)
    find = partial(own_people, membership, today(request))
    form = forms.IntakeForm(request.POST or None, find=find, initial={"starts_on": today(request)})
    near_days(form, today(request))
    for known in form.people:
        note_read(request, known.client, person_id=known.client.public_id)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        enrolment = None
        with violations_as_form_errors(form, Client, Enrolment, Employment, PriorService):
            enrolment = life_change.take_in_person(
                office=active_office(request),
                starts_on=data["starts_on"],
                services=form.services(),
                job=_job(data),
                by=membership,
                at=at,
                **form.person(),
            )
        if enrolment is not None:
            messages.success(request, _("登録しました。"))
            return redirect(
                reverse("client_page", args=[enrolment.client.public_id]) + stored(request)
            )
    return form_page(
        request,
        form,
        keeps=True,
        heading=_("新しい利用者"),
        lead=_("ほかの事業所を利用中の方は、受給者証で登録してください。"),
        cancel_url=reverse("client_list"),
        submit_label=_("登録する"),
        template="plans/intake_form.html",
    )


def _job(data: dict[str, Any]) -> dict[str, Any] | None:
    if not data["employer"]:
        return None
    return {
        "employer": employer_named(name=data["employer"], address=data["employer_address"]),
        "starts_on": data["employed_on"],
        "must_not_contact": data["must_not_contact"],
    }


@WRITES
def client_link(request: HttpRequest) -> HttpResponse:
    """Register somebody on file elsewhere by certificate number and birth date."""
    membership = active_membership(request)
    form = forms.LinkForm(request.POST or None, initial={"starts_on": today(request)})
    near_days(form, today(request))
    if request.method == "POST" and form.is_valid():
        enrolment = None
        with violations_as_form_errors(form, Enrolment):
            enrolment = life_change.link_person(
                office=active_office(request), by=membership, at=now(request), **form.cleaned_data
            )
        if enrolment is not None:
            messages.success(request, _("登録しました。"))
            return redirect("client_page", enrolment.client.public_id)
    return form_page(
        request,
        form,
        heading=_("受給者証で登録する"),
        lead=_("受給者証と生年月日が合う方を、この事業所の利用者として登録します。"),
        cancel_url=reverse("client_list"),
        submit_label=_("登録する"),
    )


def _change(
    request: HttpRequest,
    person: Client,
    form: Any,
    heading: str,
    action: Callable[..., Any],
    model: type[models.Model],
    done: str,
    lead: str = "",
) -> HttpResponse:
    """As `form_flow`: the action takes what was cleaned; back to the person."""
    return form_flow(
        request,
        form,
        heading=heading,
        lead=lead,
        back=reverse("client_page", args=[person.public_id]),
        done=done,
        run=lambda **who: action(**form.cleaned_data, **who),
        checked=(model,),
        subject=subject_of(person, today(request)),
    )


@WRITES
def employment_new(request: HttpRequest, client: UUID) -> HttpResponse:
    """A job began."""
    person = get_client_for_edit(request, client)

    def add(employer: str, employer_address: str, employer_phone: str, **facts: Any) -> Employment:
        place = employer_named(name=employer, address=employer_address, phone=employer_phone)
        return life_change.add_employment(client=person, employer=place, **facts)

    running = running_enrolment(active_membership(request), person, today(request))
    if running is None:
        raise Http404
    side = beside(request, running, Attachment.Kind.EMPLOYMENT)
    form = forms.EmploymentForm(side.answers, running=_employers(person))
    return form_beside(
        request, running, form, side, heading=_("就労を記録する"), checked=(Employment,),
        run=lambda **who: add(**form.cleaned_data, **who), done=_("就労を記録しました。"),
    )  # fmt: skip


def _employers(person: Client) -> list[str]:
    """Where the person works without an end on file."""
    jobs = Employment.objects.filter(client=person, ends_on=None)
    return list(jobs.values_list("employer__name", flat=True))


def _job_or_404(person: Client, public_id: UUID) -> Employment:
    found = Employment.objects.filter(client=person, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


@WRITES
def employment_end(request: HttpRequest, client: UUID, employment: UUID) -> HttpResponse:
    """A job ended."""
    person = get_client_for_edit(request, client)
    job = _job_or_404(person, employment)

    def end(**facts: Any) -> Employment:
        return life_change.end_employment(employment=job, **facts)

    form = forms.EmploymentEndForm(request.POST or None)
    lead = _("利用可能期間と面談の期限も計算し直します。")
    return _change(
        request, person, form, _("離職を記録する"), end, Employment, _("離職を記録しました。"), lead
    )


@WRITES
def leave_new(request: HttpRequest, client: UUID, employment: UUID) -> HttpResponse:
    """A leave of absence began."""
    person = get_client_for_edit(request, client)
    job = _job_or_404(person, employment)

    def start(**facts: Any) -> Leave:
        return life_change.start_leave(employment=job, **facts)

    form = forms.LeaveForm(request.POST or None, initial={"starts_on": today(request)})
    lead = _("休職しても就労は続きます。面談は毎月に戻ります。")
    return _change(
        request, person, form, _("休職を記録する"), start, Leave, _("休職を記録しました。"), lead
    )


@WRITES
def leave_end(request: HttpRequest, client: UUID, leave: UUID) -> HttpResponse:
    """The person came back."""
    person = get_client_for_edit(request, client)
    row = Leave.objects.filter(employment__client=person, public_id=leave).first()
    if row is None:
        raise Http404

    def end(**facts: Any) -> Leave:
        return life_change.end_leave(leave=row, **facts)

    form = forms.LeaveEndForm(request.POST or None)
    return _change(
        request, person, form, _("復職を記録する"), end, Leave, _("復職を記録しました。")
    )


@WRITES
def prior_service_new(request: HttpRequest, client: UUID) -> HttpResponse:
    """A service used before became known."""
    person = get_client_for_edit(request, client)

    def add(**facts: Any) -> PriorService:
        return life_change.add_prior_service(client=person, **facts)

    form = forms.PriorServiceForm(request.POST or None)
    return _change(
        request, person, form, _("就職前のサービスを記録する"), add, PriorService,
        _("サービスの利用を記録しました。"),
    )  # fmt: skip


@WRITES
def enrolment_reopen(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The end was recorded by mistake."""
    row = get_enrolment_or_404(request, enrolment)
    if row.ends_on is None:
        raise Http404
    form = forms.ReopenForm(request.POST or None)

    def reopen(**facts: Any) -> Enrolment:
        return life_change.reopen_use(enrolment=row, **facts)

    lead = _("間違って記録した終了を取り消します。同じ日に終わった契約も続きます。")
    return _change(
        request,
        row.client,
        form,
        _("終了を取り消す"),
        reopen,
        Enrolment,
        _("終了を取り消しました。"),
        lead,
    )


@WRITES
def enrolment_end(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The office's work with the person ends, with its reason."""
    row = get_enrolment_for_edit(request, enrolment)

    def end(**facts: Any) -> Enrolment:
        return life_change.end_use(enrolment=row, **facts)

    on = today(request)
    form = forms.EndUseForm(request.POST or None, reasons=EndReason.choices)
    return form_flow(
        request, form, heading=_("利用を終了する"),
        lead=_("終了日の翌日から、この方の記録は読むだけになります。契約も同じ日に終わります。"),
        back=reverse("client_page", args=[row.client.public_id]), done=_("終了を記録しました。"),
        run=lambda **who: end(**form.cleaned_data, **who), checked=(Enrolment,),
        subject=subject_of(row.client, on), template="plans/end_form.html",
        cards=end_cards(row, on),
    )  # fmt: skip
