"""代理受領通知書: one, all of a month, and the paper as it was issued."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.actions.proxy_notice import issue_notice, issue_notices
from billing.documents_notice import as_it_stands
from billing.models import ClaimPayment, PersonMonth, ProxyNotice
from billing.views.issuing import issue_all, issue_one
from teikyaku.accounts.access import active_office, note_read, requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.file_answers import pdf_answer
from teikyaku.periods import Month

READ = requires(Permission.MONTH_READ, scope=Scope.OFFICE)
WRITE = requires(Permission.MONTH_CLOSE, scope=Scope.OFFICE)
_MONTH = "entry__person_month"


@require_POST
@WRITE
def proxy_notice_issue(request: HttpRequest, person_month: UUID) -> HttpResponse:
    """The notice of one closed month; before 国保連 has paid there is none, and the page says so."""
    row = PersonMonth.objects.filter(
        public_id=person_month, closing__office=active_office(request)
    ).first()
    if row is None:
        raise Http404
    page = reverse("person_month_page", args=[row.public_id])
    payment = (
        ClaimPayment.objects.standing()
        .filter(entry__person_month=row)
        .select_related(
            f"{_MONTH}__closing__office", f"{_MONTH}__client", f"{_MONTH}__municipality__city"
        )
        .last()
    )
    if payment is None:
        messages.error(
            request, _("国保連の支払いがまだ記録されていないので、代理受領通知書は出せません。")
        )
        return redirect(page)
    return issue_one(
        request, page=page, done=_("代理受領通知書を出しました。"),
        run=lambda **who: issue_notice(payment=payment, **who),
        paper=lambda made: reverse("proxy_notice_pdf", args=[made.public_id]),
    )  # fmt: skip


@require_POST
@WRITE
def proxy_notices_issue(request: HttpRequest, month: Month) -> HttpResponse:
    """The notices of everybody whose month was paid, in one step."""
    office = active_office(request)
    return issue_all(
        request, page=reverse("claim_export", args=[month]) + "#files",
        done=_("代理受領通知書を%(n)d通出しました。「封筒に入れる」から印刷できます。"),
        nothing=_("代理受領通知書を出す方はいません。支払いの記録を確かめてください。"),
        run=lambda **who: issue_notices(office=office, month=month, **who),
    )  # fmt: skip


@READ
def proxy_notice_pdf(request: HttpRequest, notice: UUID) -> HttpResponse:
    """The notice as it was issued; where another sum was told since, it says so."""
    month = f"payment__{_MONTH}"
    found = (
        ProxyNotice.objects.filter(
            public_id=notice, **{f"{month}__closing__office": active_office(request)}
        )
        .select_related("document__replaced_by", f"{month}__client")
        .first()
    )
    if found is None:
        raise Http404
    note_read(request, found, person_id=found.payment.entry.person_month.client.public_id)
    paper = found.document
    return pdf_answer(paper.template, as_it_stands(paper), paper.number)
