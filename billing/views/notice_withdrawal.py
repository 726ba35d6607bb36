"""代理受領通知書の取り消し: one, those of a month that went out, and the paper as it was issued."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.notice_withdrawal import withdraw_notice, withdraw_notices
from billing.documents_notice import as_it_stands
from billing.models import NoticeWithdrawal, PersonMonth, ProxyNotice
from billing.views.issuing import issue_all, issue_one
from teikyaku.accounts.access import active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
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
    month = found.payment.entry.person_month
    last = PersonMonth.objects.newest().get(enrolment=month.enrolment_id, month=month.month)
    return issue_one(
        request, page=reverse("person_month_page", args=[last.public_id]),
        done=_("代理受領通知書の取り消しのお知らせを出しました。"),
        run=lambda **who: withdraw_notice(notice=found, **who),
        paper=lambda made: reverse("notice_withdrawal_pdf", args=[made.public_id]),
    )  # fmt: skip


@require_POST
@WRITE
def notices_withdraw(request: HttpRequest, month: Month) -> HttpResponse:
    """Tell it to everybody whose notice of the month went out and holds no more."""
    office = active_office(request)
    return issue_all(
        request, page=reverse("claim_export", args=[month]),
        done=_("取り消しのお知らせを%(n)d通出しました。「封筒に入れる」から印刷できます。"),
        nothing=_("取り消しのお知らせを出す通知書はありません。"),
        run=lambda **who: withdraw_notices(office=office, month=month, **who),
    )  # fmt: skip


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
