"""月の一覧 as a PDF and as a workbook: the same board as the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from billing.actions.export import note_export
from billing.documents import month_list_document
from billing.exports import month_workbook
from billing.queries.month import month_board
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
    board = month_board(active_office(request), month, today(request))
    answer = xlsx_answer(month_workbook(board), f"month-{month}")
    _note(request)
    return answer


def _note(request: HttpRequest) -> None:
    by, at = active_membership(request), now(request)
    note_export(verb="month_list_exported", office=active_office(request), by=by, at=at)
