"""Issuing 代理受領通知書: a frozen, numbered copy of what was told of one payment of 国保連."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.documents_notice import proxy_notice_document
from billing.models import ClaimFile, ClaimPayment, PersonMonth, ProxyNotice
from billing.queries.notice_withdrawals import last_paper
from billing.queries.proxy_notices import notices_due
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.models import IssuedDocument, Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month

KIND = "proxy_notice"
_MONTH = "entry__person_month"


def issue_notice(*, payment: ClaimPayment, by: Membership, at: datetime) -> ProxyNotice:
    """代理受領通知書 of what was paid (docs/rules.md §8); issued once: asked again, the same paper.

    Where another sum was told before, or that it holds no more, the new paper replaces that one. Raises ValidationError for a
    payment that was taken back, of 0 yen or of a month that was corrected or withdrawn since, or
    when somebody has just issued it.
    """
    known = ProxyNotice.objects.filter(payment=payment).select_related("document").first()
    if known is not None:
        return known
    with violations_as_validation_errors(IssuedDocument, ProxyNotice), transaction.atomic():
        return _issue(payment, by, at)


def issue_notices(
    *, office: Office, month: Month, by: Membership, at: datetime
) -> list[ProxyNotice]:
    """The notices of everybody whose month was paid and who was not told; safe to run again."""
    rows = notices_due(office, month).select_related(
        f"{_MONTH}__closing__office", f"{_MONTH}__client", f"{_MONTH}__municipality__city",
    )  # fmt: skip
    return [issue_notice(payment=row, by=by, at=at) for row in rows]


def _issue(payment: ClaimPayment, by: Membership, at: datetime) -> ProxyNotice:
    month = payment.entry.person_month
    if by.office_id != month.closing.office_id:
        raise ValidationError(_("この事業所の支払いではありません。"))
    # As correct, record and cancel do: nothing is corrected or taken back while the notice is made.
    PersonMonth.objects.select_for_update().get(pk=month.pk)
    if not PersonMonth.objects.standing().filter(pk=month.pk).exists():
        raise ValidationError(
            _(
                "訂正・取り下げの前の支払いです。正しい請求が支払われてから、通知書を出してください。"
            )
        )
    ClaimFile.objects.select_for_update().get(pk=payment.entry.file_id)
    if not ClaimPayment.objects.standing().filter(pk=payment.pk).exists():
        raise ValidationError(_("取り消した支払いの代理受領通知書は出せません。"))
    # The municipality's part is no benefit: where no more came, nothing was received for the person.
    if payment.amount_yen <= month.subsidy_yen:
        raise ValidationError(_("給付費の支払いが0円のため、代理受領通知書はありません。"))
    replaces = last_paper(by.office_id, month.client_id, month.month)
    number = f"{month.closing.office.number}-{Month.of(month.month)}-D{payment.pk:06d}"
    document = proxy_notice_document(
        payment, number=number, issued_on=date_of(at), replaces=replaces
    )
    paper = freeze_document(
        kind=KIND, number=number, content=document.content(), person_id=month.client.public_id, replaces=replaces,
        by=by, at=at,
    )  # fmt: skip
    notice = ProxyNotice.objects.create(payment=payment, document=paper)
    audit(
        verb="proxy_notice_issued", subject=notice, by=by, at=at, person_id=month.client.public_id
    )
    return notice
