"""個別支援計画書: printed once, then the same paper."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from clients.access import get_enrolment_for_edit, get_enrolment_or_404
from plans.actions.plan_papers import issue_plan_paper, reprint
from plans.models import SupportPlanPaper
from plans.views.plan_flow import MAKES, READS, plan_or_404
from teikyaku.accounts.access import active_membership
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer


@require_POST
@MAKES
def support_plan_issue(request: HttpRequest, enrolment: UUID, plan: UUID) -> HttpResponse:
    """The plan as PDF; unchanged since the last time it is the same paper."""
    row = get_enrolment_for_edit(request, enrolment)
    found = plan_or_404(row, plan)
    wanted = request.POST.get("kind")
    kind = SupportPlanPaper.Kind.PLAIN if wanted == "plain" else SupportPlanPaper.Kind.PLAN
    try:
        paper = issue_plan_paper(
            plan=found, kind=kind, by=active_membership(request), at=now(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("support_plan_page", row.public_id, found.public_id)
    return redirect("support_plan_pdf", paper.public_id)


@READS
def support_plan_pdf(request: HttpRequest, plan_paper: UUID) -> HttpResponse:
    """A paper as it was made; it says where a newer one has taken its place."""
    papers = SupportPlanPaper.objects.select_related("document", "plan__enrolment__client")
    paper = papers.filter(public_id=plan_paper).first()
    if paper is None:
        raise Http404("no such paper")
    get_enrolment_or_404(request, paper.plan.enrolment.public_id)
    try:
        content = reprint(paper, today(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("support_plan_page", paper.plan.enrolment.public_id, paper.plan.public_id)
    return pdf_answer(paper.document.template, content, paper.document.number)
