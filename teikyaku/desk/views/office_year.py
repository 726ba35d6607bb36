"""来年度の見通し, 事業所の一年, and everything of the year as one workbook."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.queries.survivors import lacks_of_record
from billing.queries.tier_basis import tier_basis
from clients.actions.staffing import set_staffing
from clients.forms.staffing import StaffingForm
from clients.models import OfficeStaffing
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.desk.exports import year_workbook
from teikyaku.desk.queries.forecast import MOST_TICKS, forecast
from teikyaku.desk.queries.office_year import office_year
from teikyaku.desk.queries.record_forecast import record_forecast
from teikyaku.desk.queries.survival_line import survival_line
from teikyaku.desk.views.retention import READS, rate_pages, year_tabs
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import trail
from teikyaku.ids import uuids_in
from teikyaku.periods import fiscal_year


@READS
def retention_forecast(request: HttpRequest) -> HttpResponse:
    """Next year's rate and 実績体制加算 from today's facts. Stores nothing.

    `?other=` supposes the opposite of people for the rate, `?stay=` for the addition.
    """
    office, on = active_office(request), today(request)
    found = forecast(office, on, uuids_in(request.GET.getlist("other"), MOST_TICKS))
    asked = uuids_in(request.GET.getlist("stay"), MOST_TICKS)
    context = {
        "breadcrumbs": trail(_("来年度の見通し"), reverse("retention_latest")),
        "forecast": found,
        "record": record_forecast(office, on, asked),
        "record_lacks": lacks_of_record(first_month_here(office), found.year),
        "on": on,
        "most": MOST_TICKS,
        "pages": rate_pages(fiscal_year(on), "retention_forecast"),
    }
    return render(request, "desk/retention_forecast.html", context)


@READS
def office_year_page(request: HttpRequest, year: int) -> HttpResponse:
    """実績体制加算, staffing, meetings by month, ends, referrals, how long jobs last."""
    years = year_tabs(request, year, "office_year")
    found = office_year(active_office(request), year, today(request))
    context = {
        "year": year,
        "years": years,
        "found": found,
        "line": survival_line(found.curve) if found.curve.is_shown else None,
        "pages": rate_pages(year, "office_year"),
        "may_set": active_membership(request).may(Permission.OFFICE_SETTINGS),
        "may_ask": active_membership(request).may(Permission.CLIENT_WRITE),
    }
    return render(request, "desk/office_year.html", context)


@READS
def office_year_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    """Everything of both pages and the forecast as one workbook."""
    year_tabs(request, year, "office_year")
    office, on = active_office(request), today(request)
    book = year_workbook(
        tier_basis(office, year, on), office_year(office, year, on), forecast(office, on)
    )
    answer = xlsx_answer(book, f"retention-{year}")
    by, at = active_membership(request), now(request)
    note_export(verb="retention_exported", office=office, by=by, at=at)
    return answer


@requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
def staffing_set(request: HttpRequest) -> HttpResponse:
    """The office says how many full posts it has."""
    office, on = active_office(request), today(request)
    last = OfficeStaffing.objects.filter(office=office).order_by("starts_on").last()
    initial: dict[str, Any] = {"starts_on": on}
    if last is not None:
        initial["worker_posts"] = last.worker_posts
    form = StaffingForm(request.POST or None, initial=initial)
    return form_flow(
        request,
        form,
        heading=_("職員の配置を記録する"),
        lead=_("次に変わる日まで、この人数で見ます。"),
        back=reverse("office_year", args=[fiscal_year(on)]),
        done=_("職員の配置を記録しました。"),
        run=lambda **who: set_staffing(office=office, **form.cleaned_data, **who),
        checked=(OfficeStaffing,),
    )
