"""申請を受け付ける: of somebody new, of somebody known, and 更新・変更 of a decision that the ward keeps."""

from __future__ import annotations

import dataclasses
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client
from clients.queries.subject import subject_of
from plans.access import active_ward, get_kept_decision_or_404
from plans.actions import application as applications
from plans.actions import file_transfer as transfers
from plans.actions.receive import receive_from_person
from plans.forms import ward as forms
from plans.forms.judged import day_check
from plans.models import Application, Decision, FileTransfer
from plans.queries.renewal import question_words
from plans.views.open_application import open_one_linked
from plans.views.ward import WRITES
from teikyaku.accounts.access import active_membership, note_read
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Municipality
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page, stored
from teikyaku.near_days import near_days


def _named(request: HttpRequest, kind: str) -> Decision | None:
    """The decision of the own ward that is to be renewed or changed, where the address names one."""
    text = request.GET.get(kind, "")
    try:
        wanted = UUID(text) if text else None
    except ValueError as error:
        raise Http404 from error
    return get_kept_decision_or_404(request, wanted) if wanted else None


@WRITES
def application_new(request: HttpRequest) -> HttpResponse:
    """申請を受け付ける; somebody who looks the same is asked about, never merged silently."""
    if (renewed := _named(request, "renew")) is not None:
        return _receive_for(request, renewed, Application.Kind.RENEWAL)
    if (changed := _named(request, "change")) is not None:
        return _receive_for(request, changed, Application.Kind.CHANGE)
    form = forms.ReceiveForm(
        request.POST or None, ward=active_ward(request), on=today(request),
        initial={"received_on": today(request)},
        checks=[
            day_check("received_on", lambda on: applications.refuse_unlikely_day(on, now(request)))
        ],
    )  # fmt: skip
    near_days(form, today(request))
    for name in form.people:
        note_read(request, name.client, person_id=name.client.public_id)
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "known"}
        keeper, row = form.keeper(), None
        if keeper is not None:
            return _ask_for_file(request, form, keeper)
        known, ward = form.known_person(), active_ward(request)
        with violations_as_form_errors(form, Application, Client), open_one_linked(known, ward):
            row = receive_from_person(
                known=known, municipality=ward, **data,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
        if row is not None:
            messages.success(request, _("申請を受け付けました。"))
            return _received(request, row)
    return _receive_page(request, form)


def _received(request: HttpRequest, row: Application) -> HttpResponse:
    return redirect(reverse("admin:application_page", args=[row.public_id]) + stored(request))


def _ask_for_file(
    request: HttpRequest, form: forms.ReceiveForm, keeper: Municipality
) -> HttpResponse:
    """The person's file lies with another ward: it is asked for, with what was handed in."""
    data, client, row = dict(form.cleaned_data), form.known_person(), None
    assert client is not None  # noqa: S101  (without one there is no keeper)
    received = transfers.Received(
        **{field.name: data[field.name] for field in dataclasses.fields(transfers.Received)}
    )
    with violations_as_form_errors(form, FileTransfer):
        row = transfers.ask_for_file(
            client=client, keeper=keeper, receiver=active_ward(request),
            moved_on=data["moved_on"], received=received, by=active_membership(request),
            at=now(request),
        )  # fmt: skip
    if row is not None:
        message = _(
            "%(ward)sに記録の引継ぎを頼みました。記録が渡ると、この日に受け付けた申請になります。"
        )
        messages.success(request, message % {"ward": keeper.name})
        return redirect(reverse("admin:transfer_page", args=[row.public_id]) + stored(request))
    return _receive_page(request, form)


def _receive_page(request: HttpRequest, form: forms.ReceiveForm) -> HttpResponse:
    return form_page(
        request, form, heading=_("申請を受け付ける"), cancel_url=reverse("admin:index"),
        submit_label=_("受け付ける"), keeps=True,
        lead=_(
            "はじめての方は「新規」として受け付けます。更新と変更は、支給決定のページから受け付けるか、"
            "同じ方が見つかったときに選びます。"
        ),
    )  # fmt: skip


def _receive_for(
    request: HttpRequest, decision: Decision, kind: Application.Kind
) -> HttpResponse:  # fmt: skip
    """更新・変更: the person is the decision's; name and address stay as they are on file."""
    form = forms.RenewForm(
        request.POST or None, initial={"received_on": today(request)},
        checks=[
            day_check("received_on", lambda on: applications.refuse_unlikely_day(on, now(request)))
        ],
    )  # fmt: skip
    received: list[Application] = []

    def run(**who: Any) -> None:
        with open_one_linked(decision.client, active_ward(request)):
            row = applications.receive_application(
                client=decision.client, municipality=active_ward(request),
                kind=kind, **form.cleaned_data, **who,
            )  # fmt: skip
        received.append(row)

    answer = form_flow(
        request, form, heading=_("%(kind)sの申請を受け付ける") % {"kind": kind.label}, run=run, checked=(Application,),
        back=reverse("admin:decision_page", args=[decision.public_id]),
        done=_("申請を受け付けました。"), submit_label=_("受け付ける"), keeps=True,
        lead=question_words(decision, kind, today(request)),
        subject=subject_of(decision.client, today(request)),
    )  # fmt: skip
    return _received(request, received[0]) if received else answer
