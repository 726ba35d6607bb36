"""報酬表: the fee tables with their sources, and the confirmation that one goes on (§7)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.office import confirm_tariff, correct_confirmation
from billing.forms.tariff import ConfirmationCorrectionForm, ConfirmationForm
from billing.models import FeeTableImport, TariffConfirmation
from billing.queries.fee_tables import TIER_WORDS, fee_tables
from billing.rules.fee_months import CodeState, TableSpan, spans
from billing.tariffs import FeeTables, TariffError
from billing.views.crumbs import crumbs
from teikyaku.accounts.access import requires
from teikyaku.accounts.flow import correction_of, form_flow
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.periods import Month

# So many months ahead are told as having a fee table, or none.
MONTHS_AHEAD = 12
FIGURES = requires(Permission.FIGURE_MANAGE, scope=Scope.INSTALLATION)


@FIGURES
def tariffs(request: HttpRequest) -> HttpResponse:
    """Every month with its table and codes, every table, every import, what was confirmed."""
    month, tables = Month.of(today(request)), fee_tables()
    first = min(table.first_month for table in tables.tables)
    last = max(month + MONTHS_AHEAD, *(table.last_month for table in tables.tables))
    found = spans(tables, first, last, TIER_WORDS)
    context = {
        "tables": tables.tables,
        "confirmed": TariffConfirmation.objects.select_related("recorded_by__user"),
        "problem": _problem(tables, month),
        "spans": [_shown(each, month) for each in found],
        "has_sample": any(
            s.table and (s.table.is_sample or s.table.has_sample_codes) for s in found
        ),
        "imports": FeeTableImport.objects.select_related("recorded_by__user", "confirmed_by__user"),
    }
    return render(request, "billing/tariffs.html", context)


def _shown(span: TableSpan, month: Month) -> dict[str, Any]:
    words = {
        CodeState.ALL: (_("すべてあります"), "success"),
        CodeState.SOME: (_("%(n)d件ありません") % {"n": span.missing_codes}, "warning"),
        CodeState.NONE: (_("まだありません"), "warning"),
    }
    label, tone = words[span.code_state]
    is_now = span.first <= month <= span.last
    return {"span": span, "codes": label, "tone": tone, "is_now": is_now}


def _problem(tables: FeeTables, month: Month) -> str:
    try:
        tables.of(month)
    except TariffError as error:
        return str(error)
    return ""


def _crumbs(heading: str) -> list[dict[str, Any]]:
    return crumbs((_("報酬表"), reverse("tariffs")), (heading, ""))


@FIGURES
def tariff_confirm(request: HttpRequest) -> HttpResponse:
    """A table goes on unchanged from a month on."""
    tables = fee_tables()
    last = tables.last
    initial = {"tariff": last.name, "first_month": (last.last_month + 1).first_day}
    form = ConfirmationForm(request.POST or None, initial=initial, tables=tables)
    # Only the demo calls a table a sample; what an operator confirms is meant.
    is_sample = settings.MODE == "demo"
    heading = _("報酬表が続くことを確認する")
    return form_flow(
        request,
        form,
        heading=heading,
        breadcrumbs=_crumbs(heading),
        lead=_("告示や通知を確かめたうえで、同じ報酬表がいつから続くかを記録します。"),
        back=reverse("tariffs"),
        done=_("報酬表を確認しました。"),
        run=lambda **who: confirm_tariff(**form.cleaned_data, is_sample=is_sample, **who),
        checked=(TariffConfirmation,),
    )


@FIGURES
def tariff_correct(request: HttpRequest, confirmation: UUID) -> HttpResponse:
    """A confirmation ends, or was written wrongly."""
    row = TariffConfirmation.objects.filter(public_id=confirmation).first()
    if row is None:
        raise Http404
    names = ("first_month", "last_month", "source")
    initial = {name: getattr(row, name) for name in names}
    form = ConfirmationCorrectionForm(request.POST or None, initial=initial)
    heading = _("確認を書き直す")
    return form_flow(
        request,
        form,
        heading=heading,
        breadcrumbs=_crumbs(heading),
        lead=_("締めた月は、締めたときの報酬表のまま残ります。"),
        back=reverse("tariffs"),
        done=_("確認を書き直しました。"),
        run=lambda **who: correct_confirmation(row=row, **correction_of(form), **who),
        checked=(TariffConfirmation,),
    )
