"""3月31日の就労の確認: the list of whom to ask, one answer, its correction, the list as a file."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import clients_for
from clients.actions.work_check import correct_check, record_check
from clients.exports import calls_workbook
from clients.forms.work_check import CheckListForm, WorkCheckForm
from clients.models import WorkCheck
from clients.queries.work_check import CallRow, call_list, call_row
from clients.rules.retention import years_to_show
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.era import fiscal_year_era
from teikyaku.file_answers import xlsx_answer
from teikyaku.form_pages import trail
from teikyaku.periods import fiscal_year

WRITES = requires(Permission.CLIENT_WRITE, scope=Scope.OFFICE)


@WRITES
def work_checks_latest(request: HttpRequest) -> HttpResponse:
    """The list of the last March 31."""
    return redirect("work_checks", fiscal_year(today(request)))


@WRITES
def work_checks(request: HttpRequest, year: int) -> HttpResponse:
    """Whom to ask about the March 31 before the fiscal year."""
    years = _years(request, year)
    form = CheckListForm(request.GET)
    every = call_list(active_office(request), year, today(request))
    rows = [row for row in every if form.chosen in ("", row.state)]
    _note_people(request, rows)
    context = {
        "breadcrumbs": trail(_("3月31日の就労の確認"), reverse("client_list")),
        "year": year,
        "years": [
            {"label": _("%(year)d年度") % {"year": each}, "note": fiscal_year_era(each), "url": reverse("work_checks", args=[each]),
             "current": each == year}
            for each in years
        ],
        "counted_on": date(year, 3, 31),
        "rows": rows,
        "open": sum(row.user.answer is None for row in every),
        "total": len(every),
        "form": form,
        "query": request.GET.urlencode(),
        "reset_url": reverse("work_checks", args=[year]),
        "may_see_rate": active_membership(request).may(Permission.MONTH_READ),
    }  # fmt: skip
    return render(request, "clients/work_checks.html", context)


@WRITES
def work_checks_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    """The list as it is filtered, for who calls with paper in hand."""
    _years(request, year)
    office, chosen = active_office(request), CheckListForm(request.GET).chosen
    rows = [
        row for row in call_list(office, year, today(request)) if chosen in ("", row.state)
    ]  # fmt: skip
    answer = xlsx_answer(calls_workbook(rows, date(year, 3, 31)), f"work-checks-{year}")
    by, at = active_membership(request), now(request)
    audit(verb="work_checks_exported", subject=office, by=by, at=at)
    return answer


@WRITES
def work_check_new(request: HttpRequest, year: int, client: UUID) -> HttpResponse:
    """What came of asking one person."""
    _years(request, year)
    row = _row_or_404(request, year, client)
    if row.user.answer is not None and request.method != "POST":
        return redirect("work_check_correct", row.user.answer.public_id)
    counted_on, office = date(year, 3, 31), active_office(request)
    form = WorkCheckForm(
        request.POST or None, row=row, counted_on=counted_on, check=None,
        initial={"asked_on": today(request)},
    )  # fmt: skip

    def run(**who: Any) -> WorkCheck:
        facts: dict[str, Any] = {
            "client": row.user.client, "office": office, "counted_on": counted_on,
        }  # fmt: skip
        return record_check(**facts, **form.facts(), **who)

    return _form(request, form, row, year, _("3月31日の就労を記録する"), run)


@WRITES
def work_check_correct(request: HttpRequest, check: UUID) -> HttpResponse:
    """The answer was written wrongly, or the attempt."""
    found = (
        WorkCheck.objects.filter(public_id=check, office=active_office(request))
        .select_related("client")
        .first()
    )
    if found is None:
        raise Http404
    year = found.counted_on.year
    row = _row_or_404(request, year, found.client.public_id)
    names = ("outcome", "source", "asked_on", "note")
    form = WorkCheckForm(
        request.POST or None, row=row, counted_on=found.counted_on, check=found,
        initial={name: getattr(found, name) for name in names},
    )  # fmt: skip

    def run(**who: Any) -> WorkCheck:
        reason = form.cleaned_data["reason"]
        return correct_check(row=found, changes=form.facts(), reason=reason, **who)

    heading = _("3月31日の就労の記録を訂正する")
    return _form(request, form, row, year, heading, run, before=found)


def _form(
    request: HttpRequest,
    form: WorkCheckForm,
    row: CallRow,
    year: int,
    heading: str,
    run: Any,
    before: WorkCheck | None = None,
) -> HttpResponse:
    return form_flow(
        request,
        form,
        heading=heading,
        back=reverse("work_checks", args=[year]),
        done=_("記録しました。"),
        run=run,
        checked=(WorkCheck,),
        template="clients/work_check_form.html",
        row=row,
        counted_on=date(year, 3, 31),
        past=list(before.history.order_by("-history_date")[1:]) if before else [],  # type: ignore[attr-defined]
    )


def _row_or_404(request: HttpRequest, year: int, client: UUID) -> CallRow:
    """One person of the own office who counts for the year; the read is audited.

    Raises Http404 for everybody else.
    """
    membership, on = active_membership(request), today(request)
    person = clients_for(membership, on).filter(public_id=client).first()
    row = call_row(active_office(request), year, on, person) if person else None
    if person is None or row is None:
        raise Http404
    note_read(request, person, person_id=person.public_id)
    return row


def _note_people(request: HttpRequest, rows: list[CallRow]) -> None:
    for row in rows:
        note_read(request, row.user.client, person_id=row.client_id)


def _years(request: HttpRequest, year: int) -> tuple[int, ...]:
    """The years that can be shown. Raises Http404 for another one."""
    years = years_to_show(active_office(request).opened_on, today(request))
    if year not in years:
        raise Http404
    return years
