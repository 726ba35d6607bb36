"""封筒に入れる文書: what of a month, and what was issued and not sent yet, by client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from billing.documents_plain import plain_invoice
from billing.documents_record import record_document
from billing.models import Invoice, NoticeWithdrawal, PersonMonth, ProxyNotice, Receipt, standing_q
from billing.queries.payment_reminders import waiting_letters
from billing.queries.samples import sample_notice
from billing.queries.service_records import record_sheets
from billing.rules.envelope import NOTICE_OF_FORMER, NOTICE_OF_WITHDRAWN, REPORTS, PaperKind
from clients.models import ClientName, Enrolment
from plans.models import ReportShare
from plans.report_papers import going_of, paper
from teikyaku.accounts.models import IssuedDocument, Office
from teikyaku.periods import Month

Papers = dict[int, list["EnvelopePaper"]]


@dataclass(frozen=True, slots=True)
class EnvelopePaper:
    """One paper for one person."""

    kind: PaperKind
    label: str
    data: Mapping[str, Any]
    document: UUID | None = None
    """Of an issued paper: its public id."""
    is_sent: bool = False
    held: str = ""
    """Why it does not go into any envelope; empty where it may."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be packed."""

    office: Office
    month: Month
    on: date
    kinds: Collection[PaperKind]
    with_sent: bool = False
    """Also what was sent before, of this month."""
    tells_reports: bool = False
    """Whoever packs may not print reports: it is said whose belong in."""


def papers_by_client(asked: Asked, people: Mapping[int, Enrolment]) -> Papers:
    """The papers of `people` (client → enrolment), in the order to fold; constant queries."""
    found: Papers = defaultdict(list)
    for client, each in sorted(
        _every(asked, people), key=lambda pair: list(PaperKind).index(pair[1].kind)
    ):
        found[client].append(each)
    return found


def clients_with_unsent(office: Office) -> set[int]:
    """The clients with a receipt, a notice, its withdrawal or a letter about what is late that was not sent yet (six queries)."""
    receipts = _receipts(office).filter(document__dispatch=None)
    notices = _notices(office).filter(
        standing_q("payment__entry__person_month"), document__dispatch=None
    )
    month = "payment__invoice__enrolment__client"
    gone = _withdrawals(office).filter(document__dispatch=None)
    return {
        *receipts.values_list(month, flat=True),
        *gone.values_list("person_month__client", flat=True),
        *notices.values_list("payment__entry__person_month__client", flat=True),
        *(row.client_id for row in waiting_letters(office)),
    }


def _every(asked: Asked, people: Mapping[int, Enrolment]) -> Iterator[tuple[int, EnvelopePaper]]:
    kinds = set(asked.kinds)
    if kinds & {PaperKind.INVOICE, PaperKind.PLAIN}:
        yield from _invoice_papers(asked, kinds)
    if PaperKind.REMINDER in kinds:
        yield from _reminder_papers(asked)
    if PaperKind.RECEIPT in kinds:
        yield from _receipt_papers(asked)
    if PaperKind.GONE_NOTICE in kinds:
        yield from _withdrawal_papers(asked)
    if PaperKind.NOTICE in kinds:
        yield from _notice_papers(asked)
    if PaperKind.RECORD in kinds:
        yield from _record_papers(asked, people)
    if kinds & set(REPORTS):
        yield from _report_papers(asked, people, kinds)


def _invoice_papers(asked: Asked, kinds: set[PaperKind]) -> Iterator[tuple[int, EnvelopePaper]]:
    """The invoice goes once; the plain one is no issued paper and goes with it."""
    rows = Invoice.objects.filter(
        person_month__closing__office=asked.office,
        person_month__month=asked.month.first_day,
        document__replaced_by=None,
    ).select_related("document__dispatch", "person_month__client")
    names = _kana_of(rows)
    for row in rows:
        is_sent = _is_sent(row.paper)
        if is_sent and not asked.with_sent:
            continue
        client = row.closed_month.client_id
        if PaperKind.PLAIN in kinds:
            plain = plain_invoice(row.paper.content, names.get(client, ""))
            yield client, EnvelopePaper(PaperKind.PLAIN, PaperKind.PLAIN.label, plain)
        if PaperKind.INVOICE in kinds:
            yield client, _issued(PaperKind.INVOICE, row.paper, asked.month, is_sent=is_sent)


def _kana_of(rows: Any) -> dict[int, str]:
    """The reading of each name as it stands on the invoice (one query)."""
    found = ClientName.objects.filter(client__in=[row.person_month.client_id for row in rows])
    kana = {(name.client_id, name.name): name.kana for name in found}
    return {
        row.person_month.client_id: kana.get(
            (row.person_month.client_id, row.document.content["person"]["name"]), ""
        )
        for row in rows
    }


def _reminder_papers(asked: Asked) -> Iterator[tuple[int, EnvelopePaper]]:
    """Letters not sent yet that still say what is true, whichever months they are about."""
    for row in waiting_letters(asked.office):
        content = row.document.content
        label = f"{PaperKind.REMINDER.label}（{content['issued_on']}）"
        yield (
            row.client_id,
            EnvelopePaper(PaperKind.REMINDER, label, content, row.document.public_id),
        )


def _receipts(office: Office) -> Any:
    return Receipt.objects.filter(
        payment__invoice__enrolment__office=office, payment__cancelled_by=None
    )


def _notices(office: Office) -> Any:
    return ProxyNotice.objects.filter(
        payment__entry__person_month__closing__office=office,
        payment__cancelled_by=None,
        document__replaced_by=None,
    )


def _withdrawals(office: Office) -> Any:
    """The last paper alone: what was replaced holds no more."""
    return NoticeWithdrawal.objects.filter(
        person_month__closing__office=office, document__replaced_by=None
    )


def _withdrawal_papers(asked: Asked) -> Iterator[tuple[int, EnvelopePaper]]:
    """That a notice holds no more: not sent yet, whichever month it is about."""
    rows = _withdrawals(asked.office).select_related("document__dispatch", "person_month")
    for row in rows.order_by("person_month__month", "pk"):
        own = row.person_month
        if _goes(asked, row.document, own.month):
            yield (
                own.client_id, _issued(PaperKind.GONE_NOTICE, row.document, Month.of(own.month))
            )  # fmt: skip


def _receipt_papers(asked: Asked) -> Iterator[tuple[int, EnvelopePaper]]:
    """Receipts of payments that count: not sent yet, whichever month they are for."""
    own = "payment__invoice"
    rows = _receipts(asked.office).select_related("document__dispatch", f"{own}__enrolment")
    for row in rows.order_by(f"{own}__month", "pk"):
        paid = row.payment.invoice
        if _goes(asked, row.document, paid.month):
            paper = _issued(PaperKind.RECEIPT, row.document, Month.of(paid.month))
            yield paid.enrolment.client_id, paper


def _notice_papers(asked: Asked) -> Iterator[tuple[int, EnvelopePaper]]:
    """Notices not sent yet; of a month that was corrected since, with why they are kept back."""
    month = "payment__entry__person_month"
    rows = _notices(asked.office).select_related("document__dispatch", f"{month}__replaced_by")
    for row in rows.order_by(f"{month}__month", "pk"):
        own = row.payment.entry.person_month
        held = _held(own)
        # What is kept back is told in the envelopes of its own month alone.
        if _goes(asked, row.document, own.month) and (
            not held or own.month == asked.month.first_day
        ):
            paper = _issued(PaperKind.NOTICE, row.document, Month.of(own.month))
            yield own.client_id, replace(paper, held=held)


def _held(row: PersonMonth) -> str:
    """Why a notice of what was paid for this row waits."""
    after = getattr(row, "replaced_by", None)
    if after is None:
        return ""
    return NOTICE_OF_WITHDRAWN if after.is_withdrawn else NOTICE_OF_FORMER


def _goes(asked: Asked, document: IssuedDocument, month: date) -> bool:
    if not _is_sent(document):
        return True
    return asked.with_sent and month == asked.month.first_day


def _is_sent(document: IssuedDocument) -> bool:
    return hasattr(document, "dispatch")


def _issued(
    kind: PaperKind, document: IssuedDocument, month: Month, *, is_sent: bool | None = None
) -> EnvelopePaper:
    return EnvelopePaper(
        kind,
        f"{kind.label}（{month.label}分）",
        {**document.content, "replaced_by": None},
        document.public_id,
        _is_sent(document) if is_sent is None else is_sent,
    )


def _record_papers(
    asked: Asked, people: Mapping[int, Enrolment]
) -> Iterator[tuple[int, EnvelopePaper]]:
    """The sheets of closed months and of those still open: each says which it is.

    Of a withdrawn month there is nothing to sign.
    """
    by_enrolment = {row.pk: client for client, row in people.items()}
    sample = sample_notice(asked.office, asked.month)
    for sheet in record_sheets(asked.office, asked.month, asked.on):
        client = by_enrolment.get(sheet.enrolment_id)
        if client is not None and not sheet.is_withdrawn:
            data = record_document(sheet, asked.office, asked.on, sample)
            mark = f"（{data['edition']}）" if data["edition"] else ""
            yield client, EnvelopePaper(PaperKind.RECORD, PaperKind.RECORD.label + mark, data)


def _report_papers(
    asked: Asked, people: Mapping[int, Enrolment], kinds: set[PaperKind]
) -> Iterator[tuple[int, EnvelopePaper]]:
    """The version that was last shared with the person, as it went to them, and the same in easy words.

    Where the easy pages went with the report they are in it already.
    """
    shares = (
        ReportShare.objects.filter(
            report__enrolment__in=[row.pk for row in people.values()],
            report__month=asked.month.first_day,
            recipient=ReportShare.Recipient.PERSON,
            taken_back_at=None,
        )
        .select_related("version", "report__enrolment")
        .order_by("shared_on", "pk")
    )
    last = {share.report.enrolment.client_id: share for share in shares}
    for client, share in last.items():
        going = going_of(share)
        if PaperKind.REPORT in kinds:
            data = paper(share.version.content, going)
            yield client, EnvelopePaper(PaperKind.REPORT, PaperKind.REPORT.label, data)
        is_in_it = PaperKind.REPORT in kinds and going.with_plain
        if PaperKind.PLAIN_REPORT in kinds and not is_in_it:
            easy = paper(share.version.content, replace(going, with_plain=True))
            yield client, EnvelopePaper(PaperKind.PLAIN_REPORT, PaperKind.PLAIN_REPORT.label, easy)
