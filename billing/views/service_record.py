"""サービス提供実績記録票: one person's sheet, and everybody's of a month in one file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.documents_record import records_document
from billing.queries.samples import sample_notice
from billing.queries.service_records import record_sheets
from clients.access import get_enrolment_or_404, note_people_read
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer
from teikyaku.periods import Month


@requires(Permission.CLIENT_READ, scope=Scope.OFFICE)
def service_record_pdf(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """The sheet to sign; before the close it says so, and has lines to write on."""
    row = get_enrolment_or_404(request, enrolment)
    office, on = active_office(request), today(request)
    sheets = record_sheets(office, month, on, only=[row.pk])
    if not sheets:
        messages.error(request, _("%(month)sには利用がありません。") % {"month": month.label})
        return redirect("client_page", row.client.public_id)
    content = records_document(sheets, office, on, sample_notice(office, month))
    return pdf_answer("service_records", content, f"service-record-{month}")


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def service_records_pdf(request: HttpRequest, month: Month) -> HttpResponse:
    """The sheets of everybody with a counted day in one file; it is on the record."""
    office, on = active_office(request), today(request)
    sheets = record_sheets(office, month, on)
    if not sheets:
        messages.error(
            request, _("%(month)sに算定できる面談はありません。") % {"month": month.label}
        )
        return redirect("month_page", month)
    content = records_document(sheets, office, on, sample_notice(office, month))
    answer = pdf_answer("service_records", content, f"service-records-{month}")
    by, at = active_membership(request), now(request)
    note_export(verb="service_records_printed", office=office, by=by, at=at)
    note_people_read(request, [sheet.client_public_id for sheet in sheets])
    return answer
