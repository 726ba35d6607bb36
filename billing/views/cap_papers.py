"""Papers and files of 上限額管理: the sheet, one's own figures for other offices, the file to fill in."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from billing.actions.export import note_export
from billing.documents_cap import cap_reports_document, cap_sheet_document
from billing.exports_cap import figures_template, reports_workbook
from billing.models import CapResult
from billing.queries.cap_management import person_on_sheet
from billing.queries.cap_reports import CapReport, cap_reports
from billing.queries.cap_sheets import cancelled_on
from billing.queries.claim_calendar import known_days
from billing.queries.samples import sample_notice, sample_word
from billing.rules.claim_calendar import REPORT
from billing.views.cap_management import READ, WRITE
from teikyaku.accounts.access import active_membership, active_office, note_read
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer, xlsx_answer
from teikyaku.periods import Month


@READ
def cap_sheet_pdf(request: HttpRequest, result: UUID) -> HttpResponse:
    """利用者負担上限額管理結果票 of a sheet that was made here, as it was recorded."""
    found = (
        CapResult.objects.filter(
            public_id=result, is_made_here=True, enrolment__office=active_office(request)
        )
        .select_related("enrolment__client", "enrolment__office")
        .prefetch_related("lines")
        .first()
    )
    if found is None:
        raise Http404
    person = person_on_sheet(found)
    if person is None:
        raise Http404
    note_read(request, found, person_id=found.enrolment.client.public_id)
    sample = sample_notice(found.enrolment.office, Month.of(found.month))
    content = cap_sheet_document(found, person, cancelled_on(found), sample)
    return pdf_answer("cap_sheet", content, f"cap-{found.month:%Y-%m}")


@WRITE
def cap_figures_template(_request: HttpRequest) -> HttpResponse:
    """The workbook in which other offices' figures come."""
    return xlsx_answer(figures_template(), "cap-figures-template")


@READ
def cap_reports_pdf(request: HttpRequest, month: Month) -> HttpResponse:
    """利用者負担額一覧 for the offices that manage caps, or for the one that is asked for."""
    office, on = active_office(request), today(request)
    reports = _reports(request, month)
    due_on = next((day.on for day in known_days(month, on) if day.key == REPORT), None)
    sample = sample_notice(office, month)
    content = cap_reports_document(office, month, reports, due_on, on, sample)
    answer = pdf_answer("cap_reports", content, f"cap-reports-{month}")
    _note_reports(request)
    return answer


@READ
def cap_reports_xlsx(request: HttpRequest, month: Month) -> HttpResponse:
    """The same as a workbook."""
    mark = sample_word(active_office(request), month)
    body = reports_workbook(month, _reports(request, month), mark=mark)
    answer = xlsx_answer(body, f"cap-reports-{month}")
    _note_reports(request)
    return answer


def _reports(request: HttpRequest, month: Month) -> list[CapReport]:
    """Of one office where it is asked for, so that nobody is handed another's people; 404 for none."""
    wanted = request.GET.get("to")
    found = cap_reports(active_office(request), month, today(request))
    kept = [each for each in found if wanted is None or each.key == wanted]
    if not kept:
        raise Http404
    return kept


def _note_reports(request: HttpRequest) -> None:
    note_export(
        verb="cap_reports_exported", office=active_office(request),
        by=active_membership(request), at=now(request),
    )  # fmt: skip
