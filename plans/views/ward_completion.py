"""The ward's pages for what an application still needs: checklist, going back, coming in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from plans.access import get_application_or_404
from plans.actions import completion
from plans.actions.application import why_over
from plans.forms.completion import AnswerForm, AskForm, DocumentsForm
from plans.forms.judged import day_check
from plans.models import Application, ApplicationDocument, CompletionRequest
from plans.views.ward import application_step
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today

WRITES = requires(Permission.APPLICATION_WRITE, scope=Scope.MUNICIPALITY)


@WRITES
def documents(request: HttpRequest, application: UUID) -> HttpResponse:
    """提出書類: all kinds at once; what is not touched stays as it is."""
    row = get_application_or_404(request, application)
    form = DocumentsForm(request.POST or None, application=row, on=today(request))

    def run(**who: Any) -> int:
        return completion.tick_documents(application=row, ticked=form.ticked(), **who)

    return application_step(
        request, row, form, _("書類を確かめる"), run, (ApplicationDocument,),
        needs=lambda row: why_over(row, today(request)),
        template="plans/ward/documents_form.html",
    )  # fmt: skip


@WRITES
def completion_ask(request: HttpRequest, application: UUID) -> HttpResponse:
    """補正を求める."""
    row = get_application_or_404(request, application)
    form = AskForm(
        request.POST or None, initial={"asked_on": today(request)},
        checks=[day_check("asked_on", lambda on: completion.refuse_asked_on(row, on, now(request)))],
    )  # fmt: skip

    def run(**who: Any) -> CompletionRequest:
        return completion.ask_completion(application=row, **form.cleaned_data, **who)

    lead = _("そろうまで、この申請は「本人の番」になります。")
    return application_step(
        request, row, form, _("補正を求める"), run, (CompletionRequest,),
        needs=_closed_or_asked, lead=lead,
    )  # fmt: skip


@WRITES
def completion_receive(request: HttpRequest, application: UUID) -> HttpResponse:
    """What was missing is there."""
    row = get_application_or_404(request, application)
    asked = row.completions.filter(answered_on=None).first()
    if asked is None:
        messages.info(request, _("いま求めている補正はありません。"))
        return redirect("admin:application_page", row.public_id)
    if row.has_come_to_nothing:
        messages.info(request, _("この申請は、すでに終わっています。"))
        return redirect("admin:application_page", row.public_id)
    form = AnswerForm(request.POST or None, initial={"answered_on": today(request)})

    def run(**who: Any) -> CompletionRequest:
        return completion.receive_completion(completion=asked, **form.cleaned_data, **who)

    return application_step(
        request, row, form, _("補正がそろった"), run, (CompletionRequest,), lead=asked.wanted
    )


def _closed_or_asked(row: Application) -> str:
    """What stands in the way of asking, before anything is typed; "" when nothing does."""
    if row.outcome:
        return _("この申請は、すでに終わっています。")
    is_open = row.completions.filter(answered_on=None).exists()
    return _("もう補正を求めています。") if is_open else ""
