"""Writing a support report beside what it is written from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clients.access import get_enrolment_or_404
from clients.queries.subject import subject_of
from plans.actions import report as actions
from plans.forms.report import ReportForm
from plans.models import SupportReport
from plans.queries.report import report_of
from plans.queries.report_sources import Source, draft_of, report_sources
from plans.views.report import WRITES, person_page, report_or_404
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import now, today
from teikyaku.form_pages import form_page, trail
from teikyaku.furigana import unread_words
from teikyaku.periods import Month


@WRITES
def report_write(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Write the month's report, drafted from its contacts; after a version, its correction."""
    # Also after the end of use: the last month's report is written when the month is over.
    row, on = get_enrolment_or_404(request, enrolment), today(request)
    report, sources = report_of(row, month), report_sources(row, month)
    is_correction = report is not None and report.versions.exists()
    initial: dict[str, Any] = {} if report else draft_of(sources)
    initial |= {"revision": report.revision if report else 0}
    if report is not None:
        initial |= {"correction_reason": report.correction_reason}
    inserted = _inserted(request, sources)
    if inserted is not None:
        form = ReportForm(instance=report, initial=inserted, is_correction=is_correction)
    else:
        form = ReportForm(
            request.POST or None, instance=report, initial=initial, is_correction=is_correction
        )
    back = reverse("report_page", args=[row.public_id, month])
    heading = _("%(month)sの支援レポート") % {"month": month.label}
    page: dict[str, Any] = {
        "heading": heading,
        "lead": _lead(report, is_correction=is_correction, has_sources=bool(sources)),
        "breadcrumbs": trail(_("支援レポート"), person_page(row)),
        "template": "plans/report_form.html",
        "submit_label": _("保存する"),
        "subject": subject_of(row.client, on),
        "sources": sources,
        "unread": unread_words(_plain_text(request, report)),
        "sticky": True,
        "keeps": True,
    }
    if inserted is not None:
        return form_page(request, form, cancel_url=back, **page)

    def run(**who: Any) -> SupportReport:
        facts = dict(form.cleaned_data)
        seen = facts.pop("revision")
        return actions.write_report(enrolment=row, month=month.first_day, seen=seen, **facts, **who)

    return form_flow(
        request, form, back=back, done=_("支援レポートを保存しました。"), run=run,
        checked=(SupportReport,), **page,
    )  # fmt: skip


def _inserted(request: HttpRequest, sources: tuple[Source, ...]) -> dict[str, Any] | None:
    """What was typed, with the note that was asked for at its end; None where none was."""
    key = request.POST.get("insert", "")
    line = next((line for each in sources for line in each.lines if line.key == key), None)
    if line is None:
        return None
    typed = {name: request.POST.get(name, "") for name in request.POST}
    before = str(typed.get(line.target.value, "")).rstrip()
    return {**typed, line.target.value: f"{before}\n{line.text}" if before else line.text}


def _plain_text(request: HttpRequest, report: SupportReport | None) -> str:
    if request.method == "POST":
        return request.POST.get("plain", "")
    return report.plain if report else ""


def _lead(report: SupportReport | None, *, is_correction: bool, has_sources: bool) -> str:
    if is_correction:
        return _("前の版は渡したまま残ります。直した文は、次の版になります。")
    if report is None and has_sources:
        return _("この月の記録から下書きしました。渡す言葉に直してください。")
    return ""


@require_POST
@WRITES
def report_drop(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Give up a correction that was begun."""
    report = report_or_404(request, enrolment, month)
    try:
        actions.drop_correction(report=report, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("訂正をやめました。前の版のままです。"))
    return redirect("report_page", report.enrolment.public_id, month)
