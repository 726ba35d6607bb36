"""上限額管理結果票の修正: what other offices' lines were and are, and the file that says so alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.actions.cap_revision import early_words, revise_cap_sheets
from billing.forms.cap_revision import CapRevisionForm
from billing.models import CapSheetRevision, ClaimFile
from billing.queries.cap_revisions import revised_sheets
from billing.queries.claim_calendar import claim_days
from billing.views.cap_management import WRITE
from billing.views.crumbs import crumbs, month_step
from billing.views.faults import told_faults
from teikyaku.accounts.access import active_office
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today
from teikyaku.periods import Month


@WRITE
def cap_revise(request: HttpRequest, month: Month) -> HttpResponse:
    """Send the sheets of the month anew of which only other offices' lines changed (作成区分 2)."""
    office, on = active_office(request), today(request)
    page = reverse("cap_month", args=[month])
    found = revised_sheets(office, month, on)
    early = next((each for each in found if each.is_early), None)
    due = [each for each in found if not each.is_early]
    if not due:
        words = early_words(early.sent.entry.file) if early else None
        messages.info(request, words or _("修正だけを送る上限額管理結果票はありません。"))
        return redirect(f"{page}#sent")
    form = CapRevisionForm(request.POST or None, sheets=due)

    def run(**who: Any) -> ClaimFile:
        with told_faults():
            return revise_cap_sheets(
                office=office, month=month, sheets=form.cleaned_data["people"], **who
            )

    heading = _("結果票の修正だけを送る")
    return form_flow(
        request,
        form,
        heading=heading,
        lead=_(
            "この事業所の請求額は変わらず、ほかの事業所の行だけが変わった結果票です。作成区分を「修正」にした"
            "ファイルを作ります（いま作ると、%(month)sの処理分）。締めた月・請求・請求書はそのままです。"
        )
        % {"month": Month.of(claim_days(on).next_claim.on).label},
        back=f"{page}#sent",
        done=_(
            "修正のファイルを作りました。下からダウンロードして国保連に送り、結果票に載る事業所にも知らせてください。"
        ),
        run=run,
        onward=lambda _file: reverse("claim_export", args=[month]) + "#files",
        checked=(ClaimFile, CapSheetRevision),
        template="billing/cap_revise.html",
        submit_label=_("修正のファイルを作る"),
        breadcrumbs=crumbs(month_step(month), (_("上限額管理"), page), (heading, "")),
        due=due,
    )
