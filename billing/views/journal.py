"""仕訳: the office's money from a day to a day, on the page and as a workbook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.exports_journal import journal_workbook
from billing.forms.journal import JournalForm
from billing.queries.journal import account_names, journal, total_yen
from billing.rules.journal import account_sums
from billing.views.crumbs import crumbs, payments_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.near_days import near_days

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
ROWS = 50


@READ
def journal_page(request: HttpRequest) -> HttpResponse:
    """The lines of the chosen days with the sums of the accounts."""
    form = _form(request)
    first, last = form.days
    lines, names = journal(active_office(request), first, last), account_names(last)
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    query = urlencode({"first": first.isoformat(), "last": last.isoformat()})
    context: dict[str, Any] = {
        "form": form,
        "first": first,
        "last": last,
        "page": page,
        "rows": [(each, names[each.debit], names[each.credit]) for each in page],
        "sums": account_sums(lines, names),
        "count": len(lines),
        "total_yen": total_yen(lines),
        "xlsx_url": f"{reverse('journal_xlsx')}?{query}",
        "reset_url": reverse("journal"),
        "breadcrumbs": crumbs(payments_step(), (_("仕訳"), "")),
    }
    return render(request, "billing/journal.html", context)


@READ
def journal_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, all of it; that it was written is on the record."""
    office, form = active_office(request), _form(request)
    if not form.is_valid():  # the page says what is wrong; other days than asked for are no answer
        return redirect(f"{reverse('journal')}?{request.GET.urlencode()}")
    first, last = form.days
    made = journal_workbook(journal(office, first, last), account_names(last))
    answer = xlsx_answer(made, f"journal-{first}-{last}")
    note_export(
        verb="journal_exported", office=office, by=active_membership(request), at=now(request)
    )
    return answer


def _form(request: HttpRequest) -> JournalForm:
    """Bound always: without days it asks for the month before."""
    on = today(request)
    form = JournalForm(request.GET, today=on)
    near_days(form, on)
    return form
