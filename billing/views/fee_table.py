"""報酬表の取り込み: a file is read by one administrator and confirmed by another (§7)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.fee_table import confirm_fee_table, read_fee_table, withdraw_fee_table
from billing.exports_fee_table import guide, template_workbook
from billing.forms.fee_table import FeeTableForm, FeeTableWithdrawForm, after_packaged
from billing.models import FeeTableImport
from billing.queries.fee_tables import (
    compared_with,
    confirmation_in,
    fee_tables,
    is_closed_with,
    others_who_confirm,
    rows_of,
    scheme,
    span_problems,
)
from billing.rules.fee_cells import is_sample_code
from billing.rules.fee_change import Change, Fate, changes
from billing.rules.fee_table import falling_tiers
from billing.tariffs import packaged
from billing.views.crumbs import crumbs
from billing.views.tariff import FIGURES
from teikyaku.accounts.access import active_membership
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import now, today
from teikyaku.file_answers import xlsx_answer
from teikyaku.periods import Month

REFUSED = 422
FATES = {
    Fate.NEW: ("新しい", "info"),
    Fate.CHANGED: ("変わる", "warning"),
    Fate.ENDING: ("なくなる", "danger"),
    Fate.SAME: ("同じ", "neutral"),
}


def _trail(*steps: tuple[str, str]) -> list[dict[str, Any]]:
    return crumbs((_("報酬表"), reverse("tariffs")), *steps)


@FIGURES
def fee_table_template(_request: HttpRequest) -> HttpResponse:
    """The workbook to fill in."""
    return xlsx_answer(template_workbook(packaged()[-1], scheme()), "fee-table-template")


@FIGURES
def fee_table_new(request: HttpRequest) -> HttpResponse:
    """A file is looked at; where nothing is wrong in it, it is kept and waits."""
    is_demo = settings.MODE == "demo"
    known: dict[str, Any] = {
        "tables": fee_tables(),
        "takes_sample_codes": not settings.IS_PRODUCTION,
        "initial": {"kind": "codes", "first_month": after_packaged()},
    }
    form = FeeTableForm(**known)
    if request.method == "POST":
        form = FeeTableForm(request.POST, request.FILES, **known)
        if form.is_valid():
            is_sample = is_demo or any(is_sample_code(row.code) for row in form.rows)
            table = read_fee_table(
                head=form.head(is_sample=is_sample), rows=form.rows,
                by=active_membership(request), at=now(request),
            )  # fmt: skip
            if form.ignored:
                text = _("次の列は読みませんでした：%(names)s")
                messages.info(request, text % {"names": "、".join(form.ignored[:10])})
            messages.success(request, _("読み込みました。ほかのシステム管理者の確認を待ちます。"))
            return redirect("fee_table_page", table.public_id)
    context = {
        "breadcrumbs": _trail((_("取り込む"), "")),
        "form": form,
        "faults": form.faults,
        "guide": guide(),
        "is_demo": is_demo,
    }
    status = REFUSED if form.is_bound else 200
    return render(request, "billing/fee_table_new.html", context, status=status)


def _import_or_404(public_id: UUID) -> FeeTableImport:
    found = (
        FeeTableImport.objects.select_related(
            "recorded_by__user", "confirmed_by__user", "withdrawn_by__user"
        )
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


@FIGURES
def fee_table_page(request: HttpRequest, table: UUID) -> HttpResponse:
    """What an import changes, line by line, and who may confirm it."""
    row = _import_or_404(table)
    rows, first = rows_of(row), Month.of(row.first_month)
    tables = fee_tables()
    context: dict[str, Any] = {
        "breadcrumbs": _trail((row.title, "")),
        "table": row,
        "codes": sum(1 for each in rows if each.code),
        "lines": len(rows),
        "falling": falling_tiers(rows, _bounds(), scheme()),
        "may_withdraw": row.withdrawn_at is None and not is_closed_with(row),
    }
    if row.is_waiting:
        before = compared_with(tables, first)
        found = changes(rows, before, scheme(), codes_only=row.is_codes_only)
        wanted = request.GET.get("show", "")
        context |= {
            "before": before,
            "tabs": _tabs(found, wanted),
            "changes": [_shown(each) for each in found if wanted in ("", each.fate)],
            "going_on": None
            if row.is_codes_only
            else confirmation_in(first, Month.of(row.last_month)),
            "problems": span_problems(tables, row.kind, first, Month.of(row.last_month), rows),
            "is_own": row.recorded_by.user_id == request.user.pk,
            "others": others_who_confirm(row.recorded_by.user_id, today(request)),
        }
    else:
        found = changes(rows, None, scheme())
        context["changes"] = [_shown(each) for each in found]
    return render(request, "billing/fee_table_page.html", context)


def _bounds() -> dict[str, int]:
    return {tier.key: tier.at_least for tier in packaged()[-1].tiers}


def _shown(change: Change) -> dict[str, Any]:
    label, tone = FATES[change.fate]
    return {"change": change, "label": label, "tone": tone}


def _tabs(found: tuple[Change, ...], wanted: str) -> list[dict[str, Any]]:
    counts = {fate: sum(1 for each in found if each.fate == fate) for fate in Fate}
    tabs = [("", _("すべて"), len(found))]
    tabs += [(fate.value, FATES[fate][0], counts[fate]) for fate in Fate]
    return [
        {"label": label, "url": f"?show={key}", "current": key == wanted, "count": count}
        for key, label, count in tabs
    ]


@require_POST
@FIGURES
def fee_table_confirm(request: HttpRequest, table: UUID) -> HttpResponse:
    """A second person confirms."""
    row = _import_or_404(table)
    try:
        confirm_fee_table(table=row, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("確認しました。この月の計算とコードに、この内容を使います。"))
    return redirect("fee_table_page", row.public_id)


@FIGURES
def fee_table_withdraw(request: HttpRequest, table: UUID) -> HttpResponse:
    """It was a mistake: taken out, with the reason."""
    row = _import_or_404(table)
    if row.withdrawn_at is not None:
        messages.info(request, _("この取り込みは、もう取り下げられています。"))
        return redirect("fee_table_page", row.public_id)
    form = FeeTableWithdrawForm(request.POST or None)
    page = reverse("fee_table_page", args=[row.public_id])
    heading = _("取り込みを取り下げる")
    return form_flow(
        request,
        form,
        heading=heading,
        breadcrumbs=_trail((row.title, page), (heading, "")),
        lead=_(
            "取り下げると、この取り込みでは計算しなくなり、報酬表のない月の請求は止まります。"
            "締めた月のあるものは取り下げられません。止めるだけなので、一人でできます。"
            "もう一度使うには、読み込みと二人目の確認が要ります。内容と理由は記録に残ります。"
        ),
        back=page,
        done=_("取り下げました。"),
        run=lambda **who: withdraw_fee_table(table=row, reason=form.cleaned_data["reason"], **who),
        checked=(FeeTableImport,),
    )
