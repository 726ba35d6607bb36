"""Files as answers: PDFs to look at, workbooks to keep."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse

from teikyaku.printing import pdf

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf_answer(template: str, content: Mapping[str, object], name: str) -> HttpResponse:
    """The PDF of a document, shown in the browser; `name` without its ending."""
    response = HttpResponse(pdf(template, content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def xlsx_answer(body: bytes, name: str) -> HttpResponse:
    """A workbook to keep; `name` without its ending."""
    response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
