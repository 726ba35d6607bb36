"""Transcribing a paper certificate, and caps from a month on."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_papers
from clients.actions.facts import refuse_after_use
from clients.models import Attachment, Client, RecipientNumber
from clients.views.beside import beside
from plans.actions import certificate as actions
from plans.actions.caps import add_cap_period
from plans.actions.number_range import question_about
from plans.forms.certificate import CapForm, TranscriptionForm
from plans.models import CapPeriod, Certificate, Decision
from plans.queries.cap_words import CapAsked, consequences
from plans.queries.caps import latest_decision, mark_on_file, none_closed
from plans.views.flow import form_beside, lead_of_month
from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today


@requires(Permission.CERTIFICATE_TRANSCRIBE, scope=Scope.OFFICE)
def certificate_transcribe(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """Write down what the paper says; new or renewed."""
    row = get_enrolment_for_papers(request, enrolment)
    before = latest_decision(row.client)
    side = beside(request, row, Attachment.Kind.CERTIFICATE)
    form = TranscriptionForm(
        side.answers, initial=_initial(before), about_number=partial(_about_number, row.client)
    )

    def run(**who: Any) -> Decision:
        refuse_after_use(row, starts_on=form.grant().starts_on)
        return actions.transcribe_certificate(
            client=row.client,
            municipality=form.cleaned_data["municipality"],
            grant=form.grant(),
            paper=form.paper(Certificate.Kind.RENEWAL if before else Certificate.Kind.NEW),
            cap=form.cap(),
            **who,
        )

    return form_beside(
        request,
        row,
        form,
        side,
        dated_by="issued_on",
        keeps=True,
        heading=_("受給者証を転記する"),
        lead=lead_of_month(
            request, _("紙のとおりに書き写してください。区役所の記録とは別に「転記」と表示します。")
        ),
        done=_("受給者証を転記しました。"),
        run=run,
        checked=(Decision, CapPeriod, RecipientNumber, Certificate),
    )


def _about_number(client: Client, data: dict[str, Any]) -> str:
    """The question about a number in the municipality that was chosen."""
    municipality = data.get("municipality")
    return question_about(client, municipality, data["number"]) if municipality else ""


def _initial(before: Decision | None) -> dict[str, Any]:
    if before is None:
        return {}
    paper = before.certificates.select_related("recipient_number").last()
    number = paper.recipient_number.number if paper else ""
    return {"municipality": before.municipality_id, "amount": before.amount, "number": number}


@requires(Permission.CERTIFICATE_TRANSCRIBE, scope=Scope.OFFICE)
def cap_new(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A cap from a month on, as the paper says."""
    row = get_enrolment_for_papers(request, enrolment)
    decision = latest_decision(row.client)
    if decision is None:
        messages.error(
            request, _("先に受給者証を転記してください。上限額は受給者証に書かれています。")
        )
        return redirect("certificate_transcribe", row.public_id)

    def told_of(data: dict[str, Any]) -> list[str]:
        if not data.get("first_month"):
            return []
        asked = CapAsked(
            client=row.client, first_month=data["first_month"], last_month=data.get("last_month"),
            on=today(request),
        )  # fmt: skip
        return consequences(asked, none_closed)  # what another office has closed is not told here

    # The cap stands on the paper of the decision: a photo of it proves that one.
    side = beside(request, row, Attachment.Kind.CERTIFICATE, about=decision)
    form = CapForm(
        side.answers, consequences=told_of,
        shown=lambda data: mark_on_file(row.client, data.get("first_month"), data.get("last_month")),
    )  # fmt: skip
    told = form.words if side.answers is not None and form.is_valid() else ()

    def run(**who: Any) -> Decision:
        refuse_after_use(row, first_month=form.cap().first_month)
        add_cap_period(
            client=row.client, municipality=decision.municipality, cap=form.cap(),
            seen=form.seen, **who,
        )  # fmt: skip
        return decision

    return form_beside(
        request,
        row,
        form,
        side,
        heading=_("負担上限月額を記録する"),
        lead=lead_of_month(request, _("前の上限額は、新しい最初の月の前月までになります。")),
        done=" ".join([_("負担上限月額を記録しました。"), *told]),
        run=run,
        checked=(CapPeriod,),
    )
