"""上限額管理: everybody whose cap is managed in a month, and the result of one person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.cap_management import record_alone, record_answer, record_made_sheet
from billing.actions.cap_revision import early_words
from billing.forms.cap_file import FiguresFileForm
from billing.forms.cap_management import OTHERS, AloneForm, AnswerForm, SheetForm
from billing.models import CapResult, PersonMonth
from billing.queries.cap_management import (
    OwnMonth,
    cap_rows,
    own_month,
    result_on_file,
)
from billing.queries.cap_reports import cap_reports
from billing.queries.cap_revisions import revised_sheets
from billing.queries.cap_sheets import sent_sheets
from billing.queries.cap_tellings import told_of
from billing.queries.claim_calendar import known_days
from billing.views.crumbs import crumbs, month_step, previous_url
from clients.access import get_enrolment_or_404
from clients.models import Enrolment
from clients.queries.subject import subject_of
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.accounts.way_back import keeping_way_back
from teikyaku.clock import now, today
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page
from teikyaku.near_days import near_days
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
HERE, OTHER, ALONE = "here", "other", "alone"
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


@READ
def cap_month(request: HttpRequest, month: Month) -> HttpResponse:
    """Everybody whose cap is managed in the month: who manages it, and what is decided."""
    office, on = active_office(request), today(request)
    rows, sheets = cap_rows(office, month, on), sent_sheets(office, month)
    revised = revised_sheets(office, month, on) if sheets else []
    told = told_of([each.change for each in sheets if each.change])
    context = {
        "month": month,
        "rows": rows,
        "reports": cap_reports(office, month, on, rows),
        "sheets": [(each, told[each.change.pk] if each.change else ()) for each in sheets],
        "due": sum(each.is_due for each in sheets),
        "revised": len(revised),
        "revised_early": early_words(revised[0].sent.entry.file)
        if revised and all(each.is_early for each in revised)
        else "",
        "waiting": sum(row.waits for row in rows),
        "days": known_days(month, on),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
        "previous_url": previous_url("cap_month", month),
        "next_url": reverse("cap_month", args=[month + 1]) if month < Month.of(on) else "",
        "breadcrumbs": crumbs(month_step(month), (_("上限額管理"), "")),
    }
    return render(request, "billing/cap_month.html", context)


@WRITE
def cap_result(request: HttpRequest, enrolment: UUID, month: Month) -> HttpResponse:
    """Record the sheet made here, or the answer of the office that manages the cap."""
    row = get_enrolment_or_404(request, enrolment)
    on = today(request)
    own, known = own_month(row, month, on), result_on_file(row, month)
    if own is None:
        raise Http404
    refusal = _refusal(own)
    if refusal:
        messages.error(request, refusal)
        return redirect("cap_month", month)
    way = _way(request, own, known)
    file = _file_form(request, row, own) if way == HERE else None
    form = _form(request, way, row, own, known, file)
    near_days(form, on)  # before it is read: a day may come without its year
    if request.method == "POST" and form.is_valid() and not _only_looks(request):
        with violations_as_form_errors(form, CapResult):
            _record(request, row, month, own, form)
        if not form.errors:
            messages.success(request, _("上限額管理の結果を記録しました。"))
            return redirect("cap_month", month)
    heading = _("上限額管理の結果を記録する")
    url = reverse("cap_result", args=[row.public_id, month])
    return form_page(
        request,
        form,
        heading=heading,
        lead=_lead(row, month),
        cancel_url=reverse("cap_month", args=[month]),
        template="billing/cap_result.html",
        submit_label=_("記録する"),
        breadcrumbs=crumbs(
            month_step(month), (_("上限額管理"), reverse("cap_month", args=[month])), (heading, "")
        ),
        subject=subject_of(row.client, on),
        month=month,
        own=own,
        known=known,
        way=way,
        is_here=way == HERE,
        ways=[
            (label, keeping_way_back(request, f"{url}?by={each}"))
            for each, label in _ways()
            if each != way
        ],
        sheet=getattr(form, "sheet", None),
        file=file,
        template_url=reverse("cap_figures_template"),
    )


def _lead(row: Enrolment, month: Month) -> str:
    """Of a closed month: what is recorded now changes nothing by itself."""
    closed = PersonMonth.objects.standing().filter(enrolment=row, month=month.first_day)
    if not closed.exists():
        return ""
    return _(
        "この月は締めてあります。締めた内容は変わりません。違う額になるときは「締めた月のくいちがい」に出るので、"
        "そこから出し直します。"
    )


def _refusal(own: OwnMonth) -> str:
    if not own.is_complete:
        return _(
            "報酬表・区分・単価のどれかがないため、この事業所の負担額が決まりません。"
            "先にそろえてください。"
        )
    return ""


def _ways() -> list[tuple[str, str]]:
    return [
        (HERE, _("この事業所が管理している")),
        (OTHER, _("ほかの事業所が管理している")),
        (ALONE, _("この月は、ほかの事業所の利用がない")),
    ]


def _way(request: HttpRequest, own: OwnMonth, known: CapResult | None) -> str:
    """Who manages: as chosen, else as on file, else as the certificate says."""
    chosen = request.GET.get("by", "")
    if chosen in (HERE, OTHER, ALONE):
        return chosen
    if known and known.is_alone:
        return ALONE
    return HERE if (known.is_made_here if known else own.is_here) else OTHER


def _only_looks(request: HttpRequest) -> bool:
    """The shares are to be seen, or a file is read: nothing is recorded."""
    return "preview" in request.POST or "read" in request.POST


def _file_form(request: HttpRequest, row: Enrolment, own: OwnMonth) -> FiguresFileForm:
    """The file with the other offices' figures, read where it was sent."""
    given = {"certificate": own.support.certificate_number, "own_number": row.office.number}
    if "read" in request.POST:
        return FiguresFileForm(request.POST, request.FILES, **given)
    return FiguresFileForm(**given)


def _form(
    request: HttpRequest, way: str, row: Enrolment, own: OwnMonth, known: CapResult | None,
    file: FiguresFileForm | None,
) -> SheetForm | AnswerForm | AloneForm:  # fmt: skip
    on = today(request)
    given: dict[str, Any] = {"own": own, "office": row.office, "on": on, "known": known}
    # Today is proposed for what is made or checked here; a sheet that came bears its own day.
    initial: dict[str, Any] = {"decided_on": None if way == OTHER else on}
    if known:
        initial["manager_reason"] = known.manager_reason
    if way == ALONE:
        return AloneForm(request.POST or None, initial=initial, **given)
    if way == OTHER:
        return AnswerForm(request.POST or None, initial=initial | _answer(own, known), **given)
    data = request.POST.copy()
    if file is not None and file.is_bound:
        if not file.is_valid():  # what was typed stays, and is not judged yet
            return SheetForm(initial=initial | data.dict(), **given)
        data.update(file.values)
    return SheetForm(
        data or None, initial=initial | _figures(row, known), is_preview=_only_looks(request),
        **given,
    )  # fmt: skip


def _figures(row: Enrolment, known: CapResult | None) -> dict[str, Any]:
    """The other offices of the sheet on file; of another month only who they are holds."""
    found: dict[str, Any] = {}
    made = CapResult.objects.filter(enrolment=row, is_made_here=True).order_by("month", "number")
    before = known if known and known.is_made_here else made.last()
    others = before.lines.filter(is_own=False)[:OTHERS] if before else ()
    for line, known_line in enumerate(others, 1):
        found[f"office_{line}_name"] = known_line.office_name
        found[f"office_{line}_number"] = known_line.office_number
        found[f"office_{line}_rank"] = known_line.rank
        if before == known:
            found[f"office_{line}_total"] = known_line.total_cost_yen
            found[f"office_{line}_before"] = known_line.before_yen
    return found


def _answer(own: OwnMonth, known: CapResult | None) -> dict[str, Any]:
    """The answer on file, else who manages by the certificate (never we ourselves)."""
    if known and not known.is_made_here and not known.is_alone:
        names = ("managing_office_name", "managing_office_number", "outcome", "own_after_yen")
        return {name: getattr(known, name) for name in (*names, "decided_on")}
    if own.is_here:
        return {}
    return {
        "managing_office_name": own.support.managing_office_name,
        "managing_office_number": own.support.managing_office_number,
    }


def _record(
    request: HttpRequest, row: Enrolment, month: Month, own: OwnMonth,
    form: SheetForm | AnswerForm | AloneForm,
) -> None:  # fmt: skip
    data = form.cleaned_data
    given: dict[str, Any] = {
        "enrolment": row, "month": month, "support": own.support, "cap_yen": own.cap_yen,
        "decided_on": data["decided_on"], "reason": data.get("reason", ""),
        "by": active_membership(request), "at": now(request),
    }  # fmt: skip
    why = data.get("manager_reason", "")
    if isinstance(form, SheetForm):
        assert form.sheet is not None  # noqa: S101  (a valid form has one)
        record_made_sheet(**given, sheet=form.sheet, manager_reason=why)
        return
    sums = own.alone
    assert sums is not None  # noqa: S101  (refused before)
    given |= {"own_total_yen": sums.total_cost_yen, "own_before_yen": sums.capped_yen}
    if isinstance(form, AnswerForm):
        record_answer(**given, told=form.told, manager_reason=why)
    else:
        record_alone(**given)
