"""請求ファイルの作り方: what becomes of J111 and of names, and the totals of other services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.claim_setting import (
    choose_claim_way,
    correct_other_sum,
    record_other_sum,
    remove_other_sum,
)
from billing.forms.claim_setting import ClaimSettingForm, OtherSumForm
from billing.models import ClaimSetting, OtherServiceSum
from billing.queries.claim_setting import claim_choice
from billing.views.crumbs import crumbs, month_step
from teikyaku.accounts.access import active_membership, active_office, requires
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now
from teikyaku.periods import Month

WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)


def _crumbs(month: Month, heading: str) -> list[dict[str, Any]]:
    page = reverse("claim_export", args=[month])
    return crumbs(month_step(month), (_("国保連への請求ファイル"), page), (heading, ""))


@WRITE
def claim_setting(request: HttpRequest, month: Month) -> HttpResponse:
    """The office's choice, asked from the page of a month's files."""
    office = active_office(request)
    choice = claim_choice(office)
    form = ClaimSettingForm(
        request.POST or None,
        shares_number=office.shares_number,
        initial={
            "invoice_way": None if choice.is_open else choice.invoice_way,
            "omits_names": choice.omits_names,
            "first_month": choice.first_month.first_day if choice.first_month else None,
        },
    )
    heading = _("請求ファイルの作り方")
    return form_flow(
        request, form, heading=heading, back=reverse("claim_export", args=[month]),
        lead=_("次に作るファイルから変わります。もう作ったファイルは変わりません。"),
        done=_("請求ファイルの作り方を記録しました。"),
        run=lambda **who: choose_claim_way(office=office, **form.cleaned_data, **who),
        checked=(ClaimSetting,), breadcrumbs=_crumbs(month, heading),
    )  # fmt: skip


@WRITE
def other_sum_new(request: HttpRequest, month: Month) -> HttpResponse:
    """What another service comes to for one municipality; `municipality` in the address chooses it.

    Then somebody was asked for it while making the files, and is led back there.
    """
    office, asked = active_office(request), request.GET.get("municipality", "")
    known = None
    if asked.isascii() and asked.isdigit():
        known = Municipality.objects.paying().filter(code=asked).first()
    form = OtherSumForm(request.POST or None, initial={"municipality": known})
    heading = _("ほかのサービスの合計を記録する")
    back = reverse("claim_files_make" if known else "claim_export", args=[month])
    return form_flow(
        request, form, heading=heading, back=back,
        lead=_("ほかのサービスを請求するソフトの、請求書（J111）の「サービス種類ごと」の額を写します。"),
        done=_("合計を記録しました。"),
        run=lambda **who: record_other_sum(office=office, month=month, **form.cleaned_data, **who),
        checked=(OtherServiceSum,), breadcrumbs=_crumbs(month, heading),
    )  # fmt: skip


@WRITE
def other_sum_correct(request: HttpRequest, sums: UUID) -> HttpResponse:
    """The totals were typed wrongly."""
    row = _row(request, sums)
    month, names = Month.of(row.month), tuple(OtherSumForm.base_fields)
    form = OtherSumForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    heading = _("ほかのサービスの合計を直す")
    return form_flow(
        request, form, heading=heading, back=reverse("claim_export", args=[month]),
        done=_("直しました。"),
        run=lambda **who: correct_other_sum(row=row, changes=form.cleaned_data, **who),
        checked=(OtherServiceSum,), breadcrumbs=_crumbs(month, heading),
    )  # fmt: skip


@require_POST
@WRITE
def other_sum_remove(request: HttpRequest, sums: UUID) -> HttpResponse:
    """The line does not belong into this month."""
    row = _row(request, sums)
    month = Month.of(row.month)
    remove_other_sum(row=row, by=active_membership(request), at=now(request))
    messages.success(request, _("合計の行を消しました。"))
    return redirect("claim_export", month)


def _row(request: HttpRequest, public_id: UUID) -> OtherServiceSum:
    found = OtherServiceSum.objects.filter(
        public_id=public_id, office=active_office(request)
    ).first()
    if found is None:
        raise Http404
    return found
