"""Taking a 代理受領通知書 back on paper: a frozen, numbered copy of what holds no more and what does."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.documents_notice_gone import notice_gone_document
from billing.models import NoticeWithdrawal, PersonMonth, ProxyNotice
from billing.queries.notice_withdrawals import last_paper, wrong_notices
from billing.rules.notice_withdrawal import NOTICE_GONE
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.document import freeze_document
from teikyaku.accounts.models import IssuedDocument, Membership, Office
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.periods import Month

_MONTH = "payment__entry__person_month"


def withdraw_notice(*, notice: ProxyNotice, by: Membership, at: datetime) -> NoticeWithdrawal:
    """代理受領通知書の取り消しのお知らせ; once for a notice and what holds: asked again, the same paper.

    Raises ValidationError for a notice that still holds, where the notice of another sum can be issued
    at once, or when somebody has just issued it.
    """
    with violations_as_validation_errors(IssuedDocument, NoticeWithdrawal), transaction.atomic():
        return _withdraw(notice, by, at)


def withdraw_notices(
    *, office: Office, month: Month, by: Membership, at: datetime
) -> list[NoticeWithdrawal]:
    """Of every notice of a month that went out and holds no more; safe to run again."""
    found = [each for each in wrong_notices(office, month) if each.was_sent]
    return [withdraw_notice(notice=each.notice, by=by, at=at) for each in found]


def _withdraw(notice: ProxyNotice, by: Membership, at: datetime) -> NoticeWithdrawal:
    paid_for = notice.payment.entry.person_month
    if by.office_id != paid_for.closing.office_id:
        raise ValidationError(_("この事業所の通知書ではありません。"))
    # As issue, correct and cancel do: nothing of the month changes while the paper is made.
    rows = PersonMonth.objects.filter(enrolment=paid_for.enrolment_id, month=paid_for.month)
    list(rows.select_for_update().order_by("pk"))
    wrong = wrong_notices(by.office_id, Month.of(paid_for.month), paid_for.client_id)
    found = next((each for each in wrong if each.notice.pk == notice.pk), None)
    if found is None:
        return _known(notice)
    row, person = found.row, paid_for.client.public_id
    replaces = last_paper(by.office_id, paid_for.client_id, paid_for.month)
    number = f"{row.closing.office.number}-{Month.of(row.month)}-T{notice.pk:06d}-{row.edition}"
    assert replaces is not None  # noqa: S101  (the notice itself, if nothing else)
    content = notice_gone_document(
        found.notice, row, found.why, number=number, issued_on=date_of(at), replaces=replaces
    ).content()
    paper = freeze_document(
        kind=NOTICE_GONE,
        number=number,
        content=content,
        person_id=person,
        replaces=replaces,
        by=by,
        at=at,
    )
    told = NoticeWithdrawal.objects.create(notice=notice, person_month=row, document=paper)
    audit(verb="proxy_notice_withdrawn", subject=told, by=by, at=at, person_id=person)
    return told


def _known(notice: ProxyNotice) -> NoticeWithdrawal:
    """The paper that says so already."""
    known = notice.withdrawals.filter(document__replaced_by=None).select_related("document").first()
    if known is None:
        raise ValidationError(
            _("この通知書は、いまも正しいか、新しい額の通知書を出せます。取り消しは要りません。")
        )
    return known
