"""引き継ぎ書: written, looked at exactly as it goes, made once, then the same paper."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import get_enrolment_or_404
from clients.models import Consent
from clients.queries.subject import subject_of
from plans.actions.handover import write_package_texts
from plans.actions.handover_papers import (
    issue_package,
    issue_plain_sheet,
    preview_key,
    reprint,
)
from plans.documents_handover import contacts_of, has_hidden_home, package, recipients
from plans.forms.handover import PackageTextsForm
from plans.models import Handover, HandoverPaper, SupportPlan
from plans.views.handover import CONTRACTS, handover_of, way_to
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer
from teikyaku.ids import uuids_in


@CONTRACTS
def handover_texts(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """What the package says in the office's own words; the plan's words stand there to begin with."""
    row = get_enrolment_or_404(request, enrolment)
    handover, on = handover_of(row), today(request)
    names = tuple(PackageTextsForm.base_fields)
    initial = {name: getattr(handover, name) for name in names}
    if not any(initial.values()):
        plan = SupportPlan.objects.begun(on).filter(enrolment=row).first()
        if plan is not None:
            initial |= {"what_works": plan.strengths, "watch_for": plan.health}
    form = PackageTextsForm(request.POST or None, initial=initial)

    def run(**who: Any) -> Handover:
        return write_package_texts(handover=handover, **form.cleaned_data, **who)

    return form_flow(
        request, form, heading=_("引き継ぎ書に書くこと"), run=run, checked=(Handover,), keeps=True,
        done=_("保存しました。"), back=reverse("handover_package", args=[row.public_id]),
        lead=_("本人といっしょに書くと、伝わります。次のページで、渡す内容をそのまま確かめます。"),
        subject=subject_of(row.client, on), breadcrumbs=way_to(row, _("引き継ぎ書に書くこと")),
    )  # fmt: skip


@CONTRACTS
def handover_package(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """A look at exactly what goes to the chosen recipient; a post makes the paper."""
    row = get_enrolment_or_404(request, enrolment)
    handover, on = handover_of(row), today(request)
    asked = request.POST if request.method == "POST" else request.GET
    found = recipients(row, on)
    consent = _chosen(found, asked.get("to", ""))
    contacts = contacts_of(row, on)
    is_hidden = has_hidden_home(row, on)
    if "chosen" in asked:
        without = frozenset(each["key"] for each in contacts) - set(asked.getlist("contact"))
    else:
        # Behind a protected address may stand somebody of the family: each is chosen by hand.
        without = frozenset(each["key"] for each in contacts) if is_hidden else frozenset()
    status = HTTPStatus.OK
    if request.method == "POST" and consent is not None:
        try:
            paper = issue_package(
                handover=handover, consent=consent, without=frozenset(without),
                seen=asked.get("seen", ""), by=active_membership(request), at=now(request),
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            return redirect("handover_pdf", paper.public_id)
    shown = (
        package(handover, consent, number="", issued_on=on, without=frozenset(without))
        if consent is not None
        else None
    )
    context = {
        "enrolment": row,
        "handover": handover,
        "subject": subject_of(row.client, on),
        "recipients": [
            {
                "key": str(each.public_id),
                "label": each.recipient_name or each.get_recipient_display(),
                "chosen": each == consent,
            }
            for each in found
        ],
        "consent": consent,
        "contacts": [{**each, "chosen": each["key"] not in without} for each in contacts],
        "is_hidden": is_hidden,
        "package": shown.content if shown else None,
        "left_out": shown.left_out if shown else (),
        "seen": preview_key(shown.content) if shown else "",
        "is_dead": row.client.died_on is not None and row.client.died_on <= on,
        "breadcrumbs": way_to(row, _("引き継ぎ書")),
    }
    return render(request, "plans/handover/package.html", context, status=status)


@require_POST
@CONTRACTS
def handover_plain(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    """The person's own sheet."""
    row = get_enrolment_or_404(request, enrolment)
    handover = handover_of(row)
    try:
        paper = issue_plain_sheet(handover=handover, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("handover_page", row.public_id)
    return redirect("handover_pdf", paper.public_id)


@CONTRACTS
def handover_pdf(request: HttpRequest, handover_paper: UUID) -> HttpResponse:
    """A paper as it was made; it says where a newer one has taken its place."""
    papers = HandoverPaper.objects.select_related("document", "handover__enrolment")
    paper = papers.filter(public_id=handover_paper).first()
    if paper is None:
        raise Http404("no such paper")
    get_enrolment_or_404(request, paper.handover.enrolment.public_id)
    return pdf_answer(paper.document.template, reprint(paper), paper.document.number)


def _chosen(found: tuple[Consent, ...], asked: str) -> Consent | None:
    """The consent asked for; unasked, the first for a centre, else the first."""
    wanted = uuids_in([asked], 1)
    if wanted:
        return next((row for row in found if row.public_id in wanted), None)
    centres = [row for row in found if row.recipient == Consent.Recipient.CENTRE]
    return next(iter(centres or found), None)
