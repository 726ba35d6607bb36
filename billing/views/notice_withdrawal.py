"""代理受領通知書の取り消し: one, those of a month that went out, and the paper as it was issued."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.notice_withdrawal import withdraw_notice, withdraw_notices
from billing.documents_notice import as_it_stands
from billing.models import NoticeWithdrawal, ProxyNotice
from teikyaku.accounts.access import active_membership, active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import now
from teikyaku.file_answers import pdf_answer
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
_MONTH = "payment__entry__person_month"


@require_POST
@WRITE
def notice_withdraw(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Tell that this notice holds no more; of one that does, the page says so."""
    own = {f"{_MONTH}__closing__office": active_office(request)}
    found = (
        ProxyNotice.objects.filter(public_id=notice, **own)
        .select_related(f"{_MONTH}__closing", f"{_MONTH}__client")
        .first()
    )
    if found is None:
        raise Http404
    try:
        told = withdraw_notice(notice=found, by=active_membership(request), at=now(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("person_month_page", found.payment.entry.person_month.public_id)
    return redirect("notice_withdrawal_pdf", told.public_id)


@require_POST
@WRITE
def notices_withdraw(request: HttpRequest, month: Month) -> HttpResponse:
    """Tell it to everybody whose notice of the month went out and holds no more."""
    try:
        made = withdraw_notices(
            office=active_office(request), month=month, by=active_membership(request),
            at=now(request),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("claim_export", month)
    if made:
        text = _("取り消しのお知らせを%(n)d通出しました。「封筒に入れる」から印刷できます。")
        messages.success(request, text % {"n": len(made)})
    else:
        messages.info(request, _("取り消しのお知らせを出す通知書はありません。"))
    return redirect(reverse("claim_export", args=[month]))


@READ
def notice_withdrawal_pdf(request: HttpRequest, withdrawal: UUID) -> HttpResponse:
    """The paper as it was issued; where another one replaced it, it says so."""
    own = {"person_month__closing__office": active_office(request)}
    found = (
        NoticeWithdrawal.objects.filter(public_id=withdrawal, **own)
        .select_related("document__replaced_by", "person_month__client")
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.person_month.client.public_id)
    paper = found.document
    return pdf_answer(paper.template, as_it_stands(paper), paper.number)
