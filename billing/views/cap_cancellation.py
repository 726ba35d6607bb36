"""上限額管理結果票の取り消し: which sheets that were sent count no more, and the file that says so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.cap_cancellation import cancel_cap_sheets
from billing.forms.cap_cancellation import CapCancellationForm
from billing.models import CapSheetCancellation, ClaimFile
from billing.queries.cap_sheets import due_sheets
from billing.queries.claim_calendar import claim_days
from billing.views.cap_management import WRITE
from billing.views.crumbs import crumbs, month_step
from billing.views.faults import told_faults
from teikyaku.accounts.access import active_office
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today
from teikyaku.periods import Month


@WRITE
def cap_cancel(request: HttpRequest, month: Month) -> HttpResponse:
    """Cancel the sheets of the month that stand at 国保連 and agree with the closed month no more."""
    office, page = active_office(request), reverse("cap_month", args=[month])
    due = due_sheets(office, month)
    if not due:
        messages.info(request, _("取り消す上限額管理結果票はありません。"))
        return redirect(page)
    form = CapCancellationForm(request.POST or None, sheets=due)

    def run(**who: Any) -> None:
        data = form.cleaned_data
        with told_faults():
            cancel_cap_sheets(
                office=office, month=month, sheets=data["people"], reason=data["reason"],
                note=data["note"], **who,
            )  # fmt: skip

    heading = _("上限額管理結果票を取り消す")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_(
            "送った結果票と同じ内容で、作成区分を「取消し」にしたファイルを作ります。いま作ると、%(month)sの処理分です。"
            "まだ送っていない結果票なら、取り消さずに、請求ファイルを取り下げます。"
        )
        % {"month": Month.of(claim_days(today(request)).next_claim.on).label},
        back=f"{page}#sent",
        done=_(
            "取り消しのファイルを作りました。国保連に送り、結果票に載っていた事業所に知らせてください。"
        ),
        run=run,
        checked=(ClaimFile, CapSheetCancellation),
        submit_label=_("取り消しのファイルを作る"),
        breadcrumbs=crumbs(month_step(month), (_("上限額管理"), page), (heading, "")),
    )
