"""移行前の人数: what an office tells of people who are not on file here, for one fiscal year."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.queries.survivors import lacks_of_rate
from clients.actions.retention_before import correct_before, take_before_back, tell_before
from clients.forms.retention_before import RetentionBeforeForm
from clients.models import RetentionBefore
from clients.queries.retention_before import told_before
from clients.rules.retention import retention_span
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now, today
from teikyaku.era import both
from teikyaku.periods import fiscal_year
from teikyaku.service_start import SERVICE_BEGAN

SETTLES = requires(Permission.OFFICE_SETTINGS, scope=Scope.OFFICE)
OLDEST = SERVICE_BEGAN.fiscal_year


@SETTLES
def retention_before(request: HttpRequest, year: int) -> HttpResponse:
    """Typed with its source, or corrected with a reason."""
    office = active_office(request)
    known = told_before(office, year) if OLDEST <= year <= fiscal_year(today(request)) else None
    is_needed = OLDEST <= year <= fiscal_year(today(request)) and bool(
        lacks_of_rate(first_month_here(office), year)
    )
    if not is_needed and known is None:
        raise Http404
    form = RetentionBeforeForm(request.POST or None, known=known)
    span = retention_span(year)
    assert span.ends_on is not None  # noqa: S101  (a span of fiscal years has its last day)

    def run(**who: Any) -> RetentionBefore:
        if known is None:
            return tell_before(office=office, fiscal_year=year, **form.cleaned_data, **who)
        return correct_before(row=known, **form.cleaned_data, **who)

    return form_flow(
        request, form, heading=_("移行前の人数"), run=run, checked=(RetentionBefore,),
        lead=_("%(year)d年度の就労定着率は、%(first)sから%(last)sまでに利用した人を数えます。このうち、ここに登録していない人の数を入れます。")
        % {"year": year, "first": both(span.starts_on), "last": both(span.ends_on)},
        back=reverse("retention", args=[year]), done=_("移行前の人数を記録しました。"),
    )  # fmt: skip


@require_POST
@SETTLES
def retention_before_back(request: HttpRequest, year: int) -> HttpResponse:
    """The numbers go: the rate says again whom it lacks."""
    row = told_before(active_office(request), year) if year < 10_000 else None  # noqa: PLR2004
    if row is None:
        raise Http404
    take_before_back(row=row, by=active_membership(request), at=now(request))
    messages.success(request, _("移行前の人数を取り消しました。"))
    return redirect("retention", year)
