"""引き継ぎの義務: the page of an office and fiscal year, its workbook, and what is in place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from plans.actions.handover_duty import set_handover_system
from plans.forms.handover import HandoverSystemForm
from plans.models import HandoverSystem
from plans.queries.handover_duty import OfficeDuty, office_duty
from teikyaku.accounts.access import active_membership, active_office, may_open, requires
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.membership import staff_of
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import trail
from teikyaku.periods import fiscal_year
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook

READS = requires(Permission.CONTRACT_WRITE, scope=Scope.OFFICE)
SETS = requires(Permission.STAFF_ASSIGN, scope=Scope.OFFICE)
FIRST_YEAR = 2024  # the duty stands since R6


@READS
def handover_duty(request: HttpRequest) -> HttpResponse:
    """Whether the reduction threatens, because of whom, and what is not settled."""
    membership, on = active_membership(request), today(request)
    duty = _duty(request)
    this_year = fiscal_year(on)
    set_url, notified_url = reverse("handover_system_new"), reverse("office_settings")
    context = {
        "breadcrumbs": trail(_("引き継ぎの義務"), reverse("expiry")),
        "duty": duty,
        "years": [
            {
                "label": _("%(year)s年度") % {"year": year},
                "url": f"?year={year}",
                "current": year == duty.year,
            }
            for year in range(max(FIRST_YEAR, this_year - 2), this_year + 2)
        ],
        "next_year_url": f"?year={duty.year + 1}" if duty.year <= this_year else "",
        "set_url": set_url if may_open(membership, set_url) else "",
        "notified_url": notified_url if may_open(membership, notified_url) else "",
        "systems": HandoverSystem.objects.filter(office=active_office(request))
        .select_related("appointed__user")
        .order_by("-starts_on"),
    }
    return render(request, "plans/handover/duty.html", context)


@READS
def handover_duty_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook; on the record."""
    duty = _duty(request)
    columns = [
        Column("氏名"), Column("ふりがな"), Column("終わる日", Kind.DATE), Column("終了の理由"),
        Column("要否"), Column("共有の最終日", Kind.DATE), Column("共有した日", Kind.DATE),
        Column("引き継ぎ先", width=30), Column("状態"), Column("理由", width=50),
    ]  # fmt: skip
    rows = [
        (
            row.name, row.kana, row.ends_on, row.end_reason, _needed(row.is_needed),
            row.share_by, row.shared_on, row.centre, row.label, row.answer.why,
        )
        for row in duty.everybody
    ]  # fmt: skip
    by, office = active_membership(request), active_office(request)
    audit(verb="handover_duty_exported", subject=office, by=by, at=now(request))
    body = workbook([Sheet(f"{duty.year}年度", columns, rows)])
    return xlsx_answer(body, f"handover-{duty.year}-{duty.on.isoformat()}")


@SETS
def handover_system_new(request: HttpRequest) -> HttpResponse:
    """Guideline and appointed person, from a day on."""
    office, on = active_office(request), today(request)
    keys = [member.pk for member in staff_of(office, on)]
    team = Membership.objects.filter(pk__in=keys).select_related("user")
    last = HandoverSystem.objects.filter(office=office, ends_on=None).first()
    initial: dict[str, Any] = {"starts_on": on}
    if last is not None:
        initial |= {"guideline": last.guideline, "appointed": last.appointed_id}
    form = HandoverSystemForm(request.POST or None, team=team, initial=initial)

    def run(**who: Any) -> HandoverSystem:
        return set_handover_system(office=office, **form.cleaned_data, **who)

    back = reverse("handover_duty")
    return form_flow(
        request, form, heading=_("引き継ぎの体制を記録する"), run=run, checked=(HandoverSystem,),
        done=_("体制を記録しました。"), back=back, breadcrumbs=trail(_("体制"), back),
        lead=_("それまでの体制は、前の日で終わったものとして残ります。"),
    )  # fmt: skip


def _duty(request: HttpRequest) -> OfficeDuty:
    on = today(request)
    asked, this_year = request.GET.get("year", ""), fiscal_year(on)
    known = {str(year): year for year in range(FIRST_YEAR, this_year + 2)}
    return office_duty(active_office(request), known.get(asked, this_year), on)


def _needed(is_needed: bool | None) -> str:
    return {True: "必要", False: "必要ない", None: "判断していません"}[is_needed]
