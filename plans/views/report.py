"""支援レポート: writing, reading, sharing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import get_enrolment_for_edit, get_enrolment_or_404
from clients.models import Enrolment
from clients.queries.summary import person_of
from plans.actions import report as actions
from plans.forms.report import ReportForm, ShareForm
from plans.models import Interview, ReportShare, SupportReport
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.form_pages import trail
from teikyaku.periods import Month


@requires(Permission.INTERVIEW_READ, scope=Scope.OFFICE)
def report_page(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """The month's report and to whom it went; or the way to write it."""
    row = get_enrolment_or_404(request, enrolment)
    report = SupportReport.objects.filter(enrolment=row, month=month.first_day).first()
    shares = report.shares.select_related("recorded_by__user") if report else []
    context = {
        "enrolment": row,
        "month": month,
        "report": report,
        "shares": shares,
        "person": person_of(row, today(request)),
        "breadcrumbs": trail(_("支援レポート"), _person_page(row)),
        "previous_url": reverse("report_page", args=[row.public_id, month - 1]),
        "next_url": reverse("report_page", args=[row.public_id, month + 1])
        if month < Month.of(today(request))
        else "",
    }
    return render(request, "plans/report_page.html", context)


def _person_page(enrolment: Enrolment) -> str:
    return reverse("client_page", args=[enrolment.client.public_id])


def _draft(enrolment: Enrolment, month: Month) -> dict[str, str]:
    """A first text from the month's contacts, oldest first."""
    contacts = (
        Interview.objects.standing()
        .filter(
            enrolment=enrolment,
            held_on__range=(month.first_day, month.last_day),
        )
        .order_by("held_on", "pk")
    )
    rows = list(contacts)
    done = "\n".join(f"{r.held_on.month}/{r.held_on.day} {r.get_way_display()}" for r in rows)
    before = SupportReport.objects.filter(enrolment=enrolment, month__lt=month.first_day).first()
    return {
        "goals": before.next_steps if before else "",
        "done": done,
        "result": "\n".join(row.notes for row in rows if row.notes),
        "next_steps": "\n".join(row.agreed for row in rows if row.agreed),
    }


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def report_write(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Write the month's report, drafted from its contacts."""
    row = get_enrolment_for_edit(request, enrolment)
    report = SupportReport.objects.filter(enrolment=row, month=month.first_day).first()
    initial = None if report else _draft(row, month)
    form = ReportForm(request.POST or None, instance=report, initial=initial)
    lead = _("この月の記録から下書きしました。本人に渡す言葉に直してください。") if initial else ""
    return form_flow(
        request,
        form,
        heading=_("%(month)sの支援レポート") % {"month": month.label},
        lead=lead,
        back=reverse("report_page", args=[row.public_id, month]),
        breadcrumbs=trail(_("支援レポート"), _person_page(row)),
        done=_("支援レポートを保存しました。"),
        run=lambda **who: actions.write_report(
            enrolment=row, month=month.first_day, **form.cleaned_data, **who
        ),
        checked=(SupportReport,),
    )


@requires(Permission.INTERVIEW_WRITE, scope=Scope.OFFICE)
def report_share(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Record to whom the report went, when and how."""
    row = get_enrolment_for_edit(request, enrolment)
    report = SupportReport.objects.filter(enrolment=row, month=month.first_day).first()
    if report is None:
        raise Http404
    initial: dict[str, Any] = {"recipient": "person", "shared_on": today(request), "way": "handed"}
    form = ShareForm(request.POST or None, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("支援レポートの共有を記録する"),
        lead=_("本人以外には、その相手への同意があるときだけ渡せます。"),
        back=reverse("report_page", args=[row.public_id, month]),
        breadcrumbs=trail(_("支援レポート"), _person_page(row)),
        done=_("共有を記録しました。"),
        run=lambda **who: actions.share_report(report=report, **form.cleaned_data, **who),
        checked=(ReportShare,),
    )
