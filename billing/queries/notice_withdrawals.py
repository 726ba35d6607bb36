"""代理受領通知書の取り消し: which notices hold no more and were not taken back yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from billing.models import (
    ClaimPayment,
    NoticeWithdrawal,
    PersonMonth,
    ProxyNotice,
    standing_q,
)
from billing.rules.notice_withdrawal import Gone, why_gone
from teikyaku.accounts.models import IssuedDocument, Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared

_MONTH = "payment__entry__person_month"
_Line = tuple[int, date]


@dataclass(frozen=True, slots=True)
class WrongNotice:
    """A notice that the person holds and that is no longer so."""

    notice: ProxyNotice
    row: PersonMonth
    """What holds of the month, or was withdrawn."""
    why: Gone

    @property
    def was_sent(self) -> bool:
        """Whether it is known to have left the house."""
        return hasattr(self.notice.document, "dispatch")


def wrong_notices(
    office: Office | int, month: Month | None = None, client: int | None = None
) -> list[WrongNotice]:
    """The last notice of each person's month that holds no more, untold, oldest first (four queries, one where none fell).

    Not where a new notice can be issued at once: it replaces the old one by itself. `client` is a key.
    """
    own = office if isinstance(office, int) else office.pk
    found = _fallen.rows(office=own, client=client, month=month)
    if not found:
        return []
    newest, paid = _newest(found), _paid(found)
    told = set(
        NoticeWithdrawal.objects.filter(notice__in=found).values_list("notice", "person_month")
    )
    wrong = [_judged(notice, newest[_line(notice)]) for notice in found]
    return [
        each for each in wrong
        if each.row.pk not in paid and (each.notice.pk, each.row.pk) not in told
    ]  # fmt: skip


@prepared("office", "client")
def _fallen(office: int, client: int | None, month: Month | None) -> QuerySet[ProxyNotice]:
    """The last notices whose month or payment holds no more; those that were told too."""
    rows = _last_notices(office).filter(
        ~standing_q(_MONTH) | Q(payment__cancelled_by__isnull=False)
    )
    if month is not None:
        rows = rows.filter(**{f"{_MONTH}__month": month.first_day})
    if client is not None:
        rows = rows.filter(**{f"{_MONTH}__client": client})
    return rows


def _last_notices(office: Office | int) -> QuerySet[ProxyNotice]:
    """Those after which no other notice came; taken back ones too."""
    rows = ProxyNotice.objects.filter(
        # The last withdrawal of it may have been replaced by the notice of the right sum.
        ~Q(withdrawals__document__replaced_by__proxy_notice__isnull=False),
        **{f"{_MONTH}__closing__office": office},
        document__replaced_by__proxy_notice=None,
    )
    return rows.select_related(
        "document__dispatch", f"{_MONTH}__client", "payment__cancelled_by"
    ).order_by("pk")  # fmt: skip


def _line(notice: ProxyNotice) -> _Line:
    row = notice.payment.entry.person_month
    return row.enrolment_id, row.month


def _newest(notices: Iterable[ProxyNotice]) -> dict[_Line, PersonMonth]:
    """By use and month, the last row: what stands, or was withdrawn."""
    lines = {_line(each) for each in notices}
    rows = PersonMonth.objects.filter(
        enrolment__in={use for use, _month in lines}, month__in={month for _use, month in lines}
    ).order_by("edition")
    return {(row.enrolment_id, row.month): row for row in rows}


def _paid(notices: Iterable[ProxyNotice]) -> set[int]:
    """The rows of which a notice can be issued at once."""
    clients = {each.payment.entry.person_month.client_id for each in notices}
    # Rows that take another back are left out here: asked for those that do not, SQLite reads every
    # payment of every office.
    rows = ClaimPayment.objects.filter(
        standing_q("entry__person_month"), entry__person_month__client__in=clients,
        notice=None, cancelled_by=None,
    )  # fmt: skip
    return {
        each.entry.person_month_id
        for each in rows.select_related("entry__person_month")
        if each.cancels_id is None and each.amount_yen > each.entry.person_month.subsidy_yen
    }


def _judged(notice: ProxyNotice, newest: PersonMonth) -> WrongNotice:
    is_corrected = newest.pk != notice.payment.entry.person_month_id
    return WrongNotice(
        notice, newest, why_gone(is_withdrawn=newest.is_withdrawn, is_corrected=is_corrected)
    )


def last_paper(office: int, client: int, month: date) -> IssuedDocument | None:
    """The last paper about what the office received for a month: a notice or its withdrawal."""
    told = {
        f"{_MONTH}__closing__office": office,
        f"{_MONTH}__client": client,
        f"{_MONTH}__month": month,
    }
    papers = IssuedDocument.objects.filter(
        Q(proxy_notice__in=ProxyNotice.objects.filter(**told))
        | Q(
            notice_withdrawal__in=NoticeWithdrawal.objects.filter(
                **{f"notice__{path}": value for path, value in told.items()}
            )
        ),
        replaced_by=None,
    )
    found: IssuedDocument | None = papers.order_by("pk").last()
    return found


def withdrawals_of(row: PersonMonth) -> list[NoticeWithdrawal]:
    """What was told of the month's notices being wrong, oldest first (one query)."""
    return _told_of.rows(enrolment=row.enrolment_id, month=row.month)


@prepared("enrolment")
def _told_of(enrolment: int, month: date) -> QuerySet[NoticeWithdrawal]:
    rows = NoticeWithdrawal.objects.filter(
        **{f"notice__{_MONTH}__enrolment": enrolment, f"notice__{_MONTH}__month": month}
    )
    return rows.select_related("document").order_by("pk")
