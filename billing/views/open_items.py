"""ある日の未入金: what was open on a day, by age and by month, and as a workbook."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.export import note_export
from billing.exports_open_items import open_items_workbook
from billing.forms.open_items import OpenItemsForm
from billing.queries.open_items import age_sums, month_sums, open_items
from billing.queries.samples import sample_word
from billing.rules.open_items import Age
from billing.views.crumbs import crumbs, payments_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.near_days import near_days
from teikyaku.periods import Month

ROWS = 50
READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)


@READ
def open_items_page(request: HttpRequest) -> HttpResponse:
    """What was open at the end of the chosen day: sums by age and month, then every invoice."""
    form = _form(request)
    day = form.day
    items = open_items(active_office(request), day)
    page = Paginator(items, ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "day": day,
        "page": page,
        "items": list(page),
        "count": len(items),
        "total_yen": sum(item.open_yen for item in items),
        "ages": age_sums(items),
        "age_labels": [age.label for age in Age],
        "months": month_sums(items),
        "former_end": Month.of(day).first_day - timedelta(days=1),
        "xlsx_url": f"{reverse('open_items_xlsx')}?on={day.isoformat()}",
        "reset_url": reverse("open_items"),
        "breadcrumbs": crumbs(payments_step(), (_("ある日の未入金"), "")),
    }
    return render(request, "billing/open_items.html", context)


@READ
def open_items_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, all of it; that it was written is on the record."""
    office, form = active_office(request), _form(request)
    if not form.is_valid():  # the page says what is wrong; another day than asked for is no answer
        return redirect(f"{reverse('open_items')}?{request.GET.urlencode()}")
    day = form.day
    body = open_items_workbook(open_items(office, day), day, mark=sample_word(office))
    answer = xlsx_answer(body, f"open-items-{day}")
    note_export(
        verb="open_items_exported", office=office, by=active_membership(request), at=now(request)
    )
    return answer


def _form(request: HttpRequest) -> OpenItemsForm:
    """Bound always: without a day it asks for today."""
    on = today(request)
    data = request.GET if "on" in request.GET else {"on": on.isoformat()}
    form = OpenItemsForm(data, today=on)
    near_days(form, on)
    return form
