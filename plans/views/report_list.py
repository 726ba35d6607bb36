"""月のレポート: what of a month is not written, not shared, not received; many in one file."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import enrolments_for
from clients.models import Enrolment, StaffAssignment
from clients.queries.subject import named_q
from plans.actions.report_print import papers_for_people
from plans.models import SupportReport
from plans.queries.report_day import report_day
from plans.queries.report_list import (
    Stage,
    in_order,
    month_on_desk,
    people_of,
    report_rows,
    stage_counts,
    stage_q,
)
from plans.report_papers import bundle
from plans.views.report import READS, WRITES
from teikyaku.accounts.access import active_membership, active_office
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission
from teikyaku.clock import now, today
from teikyaku.era import wareki_month
from teikyaku.file_answers import pdf_answer
from teikyaku.ids import MOST_CHOSEN, uuids_in
from teikyaku.periods import Month
from teikyaku.searched import searched

ROWS = 50


@READS
def report_latest(request: HttpRequest) -> HttpResponse:
    """The month whose reports are on the desk now."""
    return redirect("report_list", month_on_desk(today(request)))


@READS
def report_list(request: HttpRequest, month: Month) -> HttpResponse:
    """The month's people by the stage of their report: everybody's, one member's, or the chosen alone."""
    membership, on = active_membership(request), today(request)
    team = staff_of(active_office(request), on)
    chosen = uuids_in(request.GET.getlist("person"), MOST_CHOSEN)
    # Chosen people are shown whoever carries them: in the month it may have been somebody else.
    wanted = None if chosen else request.GET.get("staff")
    staff = next((m for m in team if str(m.public_id) == wanted), None)
    asked = request.GET.get("stage", "")
    stage = Stage(asked) if asked in Stage.values else Stage.ALL
    people = _of_staff(enrolments_for(membership, on), staff, month)
    if chosen:
        people = people.filter(client__public_id__in=chosen)
    text = searched(request)
    if text:
        people = people.filter(named_q(text))
    counts = stage_counts(people, Stage, month)
    found = in_order(people_of(people, month).filter(stage_q(stage, month)))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    may_write = membership.may(Permission.INTERVIEW_WRITE)
    rows = report_rows(cast(Any, page.object_list), month, on)
    context = {
        "month": month,
        "due_on": report_day(month),
        "page": page,
        "rows": rows,
        "chosen": chosen,
        "q": text,
        "clear_url": f"?stage={stage.value}" if text or staff is not None else "",
        "can_print": any(row.report_id for row in rows),
        "stage": stage,
        "stages": [
            {
                "label": each.label,
                "count": counts[each],
                "url": _url(request.GET, each),
                "current": each == stage,
            }
            for each in Stage
        ],
        "has_people": counts[Stage.ALL] > 0 or bool(text),
        "team": [(str(m.public_id), m.user.name, m == staff) for m in team],
        "may_write": may_write,
        "previous_url": _month_url(request, month - 1),
        "next_url": _month_url(request, month + 1) if month < Month.of(on) else "",
    }
    return render(request, "plans/report_list.html", context)


def _of_staff(
    people: QuerySet[Enrolment], staff: Membership | None, month: Month
) -> QuerySet[Enrolment]:
    if staff is None:
        return people
    # By the person: after a change of roles the caseload hangs on the former membership.
    held = StaffAssignment.objects.in_charge(month.last_day).filter(enrolment=OuterRef("pk"))
    return people.filter(Exists(held.filter(staff__user=staff.user_id)))


def _url(chosen: QueryDict, stage: Stage) -> str:
    wanted = chosen.copy()
    wanted["stage"] = stage.value
    wanted.pop("page", None)
    return f"?{wanted.urlencode()}"


def _month_url(request: HttpRequest, month: Month) -> str:
    wanted = request.GET.copy()
    wanted.pop("page", None)
    query = f"?{wanted.urlencode()}" if wanted else ""
    return reverse("report_list", args=[month]) + query


@require_POST
@WRITES
def report_print(request: HttpRequest, month: Month) -> HttpResponse:
    """The persons' papers of the chosen reports in one file; what is not issued yet is issued."""
    membership, on = active_membership(request), today(request)
    chosen = uuids_in(request.POST.getlist("report"), ROWS)
    reports = SupportReport.objects.filter(
        public_id__in=chosen, month=month.first_day,
        enrolment__in=enrolments_for(membership, on),
    ).select_related("enrolment__client").order_by("-enrolment__use_starts_on", "enrolment_id")  # fmt: skip
    if not reports:
        messages.error(request, _("印刷するレポートを選んでください。"))
        return redirect("report_list", month)
    try:
        papers = papers_for_people(
            reports=reports, with_plain="plain" in request.POST, by=membership, at=now(request)
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("report_list", month)
    content = bundle(papers, wareki_month(month), on)
    return pdf_answer("support_reports", content, f"reports-{month}")
