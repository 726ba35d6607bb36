"""移行の取込: the workbooks that are handed out: the one to fill in, and the lines that did not come in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from plans.exports_move_in import template_workbook
from plans.exports_move_in_back import refusals_workbook
from plans.queries.move_in import book_facts
from teikyaku.accounts.access import active_office
from teikyaku.clock import today
from teikyaku.desk.views.move_in_desk import MOVES_IN, own_file
from teikyaku.file_answers import xlsx_answer


@MOVES_IN
def move_in_template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    facts = book_facts(active_office(request), today(request))
    staff = list(dict.fromkeys(member.user.name for member in facts["staff"]))
    wards = [ward.full_name for ward in facts["municipalities"]]
    return xlsx_answer(template_workbook(staff, wards), "move-in-template")


@MOVES_IN
def move_in_refusals(request: HttpRequest, move_in: UUID) -> HttpResponse:
    """The lines that were not imported, as a workbook."""
    row = own_file(request, move_in)
    return xlsx_answer(refusals_workbook(row), f"move-in-faults-{today(request).isoformat()}")
