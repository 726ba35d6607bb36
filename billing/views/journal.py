"""仕訳: the office's money from a day to a day, on the page and as a workbook."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.account_names import name_accounts
from billing.actions.export import note_export
from billing.exports_journal import journal_workbook
from billing.forms.account_names import AccountNamesForm
from billing.forms.journal import JournalForm
from billing.models import AccountName
from billing.queries.account_names import names_by_day, names_on_file, own_names, usual_names
from billing.queries.journal import journal, total_yen
from billing.queries.opening_claims import left_out_until
from billing.queries.samples import sample_word
from billing.rules.journal import account_sums
from billing.views.crumbs import crumbs, payments_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.near_days import near_days
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
ROWS = 50


@READ
def journal_page(request: HttpRequest) -> HttpResponse:
    """The lines of the chosen days with the sums of the accounts."""
    form = _form(request)
    first, last = form.days
    office = active_office(request)
    # Other days than those that were asked for would be read as theirs.
    lines = journal(office, first, last) if form.is_valid() else []
    names = names_by_day(office)
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    query = urlencode({"first": first.isoformat(), "last": last.isoformat()})
    context: dict[str, Any] = {
        "form": form,
        "first": first,
        "last": last,
        "page": page,
        "rows": [(each, names(each.on)[each.debit], names(each.on)[each.credit]) for each in page],
        "sums": account_sums(lines, names),
        "count": len(lines),
        "total_yen": total_yen(lines),
        "left_out_until": left_out_until(office, first, last),
        "can_write": active_membership(request).may(Permission.MONTH_CLOSE),
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
    lines, names = journal(office, first, last), names_by_day(office)
    made = journal_workbook(lines, names, mark=sample_word(office))
    answer = xlsx_answer(made, f"journal-{first}-{last}")
    note_export(
        verb="journal_exported", office=office, by=active_membership(request), at=now(request)
    )
    return answer


@WRITE
def journal_accounts(request: HttpRequest) -> HttpResponse:
    """What the office calls the accounts of its journal, from a month on."""
    office, month = active_office(request), Month.of(today(request))
    form = AccountNamesForm(
        request.POST or None, usual=usual_names(month), own=own_names(office, month), month=month
    )
    heading = _("勘定科目の名前")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_("会計ソフトで使う名前にします。仕訳の画面とXLSXが、この名前になります。"),
        back=reverse("journal"),
        done=_("勘定科目の名前を保存しました。"),
        run=lambda **who: name_accounts(
            office=office,
            first_month=Month.of(form.cleaned_data["first_month"]),
            names=form.names,
            **who,
        ),
        checked=(AccountName,),
        submit_label=_("保存する"),
        breadcrumbs=crumbs(payments_step(), (_("仕訳"), reverse("journal")), (heading, "")),
        template="billing/account_names.html",
        rows=names_on_file(office),
    )


def _form(request: HttpRequest) -> JournalForm:
    """Bound always: without days it asks for the month before."""
    on = today(request)
    form = JournalForm(request.GET, today=on)
    near_days(form, on)
    return form
