"""月の一覧 as a PDF and as a workbook, the same board as the page; its invoices in one file."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.documents import month_list_document
from billing.exports import month_workbook
from billing.queries.claim_returns import reasons_told, returned_people
from billing.queries.month import month_board
from billing.queries.month_invoices import IN_A_FILE, invoice_file, month_invoices
from billing.queries.samples import sample_word
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import pdf_answer, xlsx_answer
from teikyaku.periods import Month


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def month_pdf(request: HttpRequest, month: Month) -> HttpResponse:
    """Everybody of the month with sums and reasons, to print."""
    office, on = active_office(request), today(request)
    content = month_list_document(month_board(office, month, on), office, on)
    answer = pdf_answer("month_list", content, f"month-{month}")
    _note(request)
    return answer


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def month_xlsx(request: HttpRequest, month: Month) -> HttpResponse:
    """Everybody of the month, one line each."""
    office = active_office(request)
    board = month_board(office, month, today(request))
    returned = reasons_told(returned_people(office, month, today(request)))
    body = month_workbook(board, returned=returned, mark=sample_word(office, month))
    answer = xlsx_answer(body, f"month-{month}")
    _note(request)
    return answer


@requires(Permission.MONTH_READ, scope=Scope.OFFICE)
def invoices_pdf(request: HttpRequest, month: Month) -> HttpResponse:
    """The month's invoices as they were issued, each on its own page; `part` where they are more than a file holds."""
    office, on = active_office(request), today(request)
    part = Paginator(month_invoices(office, month), IN_A_FILE).get_page(request.GET.get("part"))
    data = invoice_file(office, month, on, part.number)
    if data is None:
        messages.info(request, _("この月に印刷する請求書はありません。"))
        return redirect("month_page", month)
    name = f"invoices-{month}" + (f"-{part.number}" if part.has_other_pages() else "")
    answer = pdf_answer("invoices", data, name)
    _note(request, "invoices_exported")
    return answer


def _note(request: HttpRequest, verb: str = "month_list_exported") -> None:
    by, at = active_membership(request), now(request)
    note_export(verb=verb, office=active_office(request), by=by, at=at)
