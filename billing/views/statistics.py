"""お金の統計: fees, what is lost, copayments, corrections, payments; a year beside the year before."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.queries.samples import sample_word
from billing.rules.money_span import Span, last_twelve, year_span, years_shown
from billing.statistics.every import money_tables, money_workbook
from billing.statistics.numbers import money_statistics
from billing.views.crumbs import crumbs, month_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.era import fiscal_year_era
from teikyaku.file_answers import xlsx_answer
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)


@READ
def money_page(request: HttpRequest) -> HttpResponse:
    """The last twelve whole months, or a fiscal year (`?year=`), of the office's own money."""
    on = today(request)
    year, span = _asked(request)
    found = money_statistics(active_office(request), span, on)
    context = {
        "span": span,
        "on": on,
        "tabs": _tabs(request, year),
        "tables": [] if found.is_empty else money_tables(found),
        "query": f"?year={year}" if year else "",
        "month_url": reverse("month_page", args=[span.last]),
        "breadcrumbs": crumbs(month_step(Month.of(on) - 1), (_("お金の統計"), "")),
    }
    return render(request, "billing/statistics.html", context)


@READ
def money_xlsx(request: HttpRequest) -> HttpResponse:
    """The same tables, one sheet each; on the record."""
    office, (_year, span) = active_office(request), _asked(request)
    found = money_statistics(office, span, today(request))
    body = money_workbook(found, mark=sample_word(office))
    answer = xlsx_answer(body, f"money-{span.first}-{span.last}")
    note_export(
        verb="money_exported", office=office, by=active_membership(request), at=now(request)
    )
    return answer


def _asked(request: HttpRequest) -> tuple[int | None, Span]:
    """The fiscal year in the address and its months; the last twelve months for anything else."""
    on, asked = today(request), request.GET.get("year", "")
    year = next((each for each in _years(request) if str(each) == asked), None)
    return year, last_twelve(on) if year is None else year_span(year, on)


def _years(request: HttpRequest) -> tuple[int, ...]:
    return years_shown(active_office(request).opened_on, today(request))


def _tabs(request: HttpRequest, year: int | None) -> list[dict[str, Any]]:
    url = reverse("money_page")
    return [
        {"label": _("直近12か月"), "url": url, "current": year is None},
        *(
            {
                "label": _("%(year)d年度") % {"year": each}, "note": fiscal_year_era(each),
                "url": f"{url}?year={each}", "current": each == year,
            }
            for each in _years(request)
        ),
    ]  # fmt: skip
