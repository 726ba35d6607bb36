"""この月の経過: everything that happened to one person's month, as a timeline.

Closed, asked for on paper, claimed, returned, corrected, paid, given back: oldest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.enums import ClaimFamily
from billing.models import (
    CityAnswer,
    ClaimDeduction,
    ClaimFileEntry,
    ClaimPayment,
    ClaimReturnReason,
    ErrorPetition,
    Invoice,
    NoticeWithdrawal,
    Payment,
    PaymentReminderLine,
    PersonMonth,
    ProxyNotice,
    Receipt,
    Refund,
)
from billing.queries.city_words import report_words
from billing.rules.notice_withdrawal import NOTICE_GONE
from teikyaku.accounts.models import IssuedDocument
from teikyaku.clock import date_of
from teikyaku.money import yen
from teikyaku.periods import Month
from teikyaku.prepared import prepared
from teikyaku.timeline import Tone


class StoryKind(TextChoices):
    """種類 of what happened."""

    CLOSE = "close", _l("締め")
    CLAIM = "claim", _l("国保連")
    CORRECTION = "correction", _l("過誤・再請求")
    PAPER = "paper", _l("文書")
    MONEY = "money", _l("入金・返金")
    CITY = "city", _l("市町村")


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One thing that happened, as components/timeline.html draws it."""

    on: date
    at: datetime
    kind: StoryKind
    title: str
    detail: str = ""
    url: str = ""
    tone: Tone = Tone.NEUTRAL


def rows_of_line(row: PersonMonth) -> list[PersonMonth]:
    """Every row of the person's month at the office, oldest first (one query)."""
    return _editions.rows(enrolment=row.enrolment_id, month=row.month)


@prepared("enrolment")
def _editions(enrolment: int, month: date) -> QuerySet[PersonMonth]:
    rows = PersonMonth.objects.filter(enrolment=enrolment, month=month)
    related = ("closing__closed_by__user", "correction__recorded_by__user")
    return rows.select_related(*related).order_by("edition")


def story_of(
    rows: Sequence[PersonMonth],
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
    claim_payments: Sequence[ClaimPayment],
    deductions: Sequence[ClaimDeduction] = (),
) -> list[StoryEntry]:
    """The story of these rows of one month, with the money that came and went (ten queries).

    Payments, refunds and what 国保連 paid are those of all these rows.
    """
    keys = [row.pk for row in rows]
    entries = [
        *_rows(rows), *_claims(keys), *_sheets(keys), *_petitions(keys), *_papers(keys), *_letters(keys),
        *_money(payments, _("入金")), *_money(refunds, _("返金")),
        *_claim_payments(claim_payments), *_deductions(deductions), *_told(keys), *_cities(rows),
    ]  # fmt: skip
    return sorted(entries, key=lambda each: (each.on, each.at))


def _rows(rows: Sequence[PersonMonth]) -> Iterator[StoryEntry]:
    for row in rows:
        at, who = row.closing.closed_at, row.closing.closed_by.user.name
        url = reverse("person_month_page", args=[row.public_id])
        sums = _("総費用 %(total)s　本人の負担 %(copayment)s　%(who)s") % {
            "total": yen(row.total_cost_yen), "copayment": yen(row.copayment_yen), "who": who,
        }  # fmt: skip
        correction = getattr(row, "correction", None)
        if correction is None:
            yield StoryEntry(date_of(at), at, StoryKind.CLOSE, _("締めた"), sums, url, Tone.INFO)
            continue
        title = _("取り下げた") if row.is_withdrawn else _("出し直した")
        why = "　".join(filter(None, (correction.get_reason_display(), correction.note)))
        yield StoryEntry(
            date_of(at), at, StoryKind.CORRECTION, title, f"{why}。{sums}", url, Tone.WARNING
        )


@prepared("keys")
def _claimed(keys: Sequence[int]) -> QuerySet[ClaimFileEntry]:
    entries = ClaimFileEntry.objects.filter(person_month__in=keys, file__family=ClaimFamily.CLAIM)
    return entries.select_related("file__withdrawal", "returned")


@prepared("keys")
def _reasons(keys: Sequence[int]) -> QuerySet[ClaimReturnReason]:
    rows = ClaimReturnReason.objects.filter(claim_return__entry__person_month__in=keys)
    return rows.select_related("claim_return").order_by("pk")


def _claims(keys: Sequence[int]) -> Iterator[StoryEntry]:
    said = {row.claim_return.entry_id: row.value for row in _reasons.rows(keys=keys)}
    for each in _claimed.rows(keys=keys):
        file = each.file
        url = reverse("claim_export", args=[Month.of(file.month)])
        name = _("%(name)s（%(month)sの処理分）") % {
            "name": file.name, "month": Month.of(file.processing_month).label,
        }  # fmt: skip
        made = _("請求ファイルに入れた")
        yield _entry(file.recorded_at, StoryKind.CLAIM, made, name, url, Tone.INFO)
        if file.is_withdrawn:
            gone = file.withdrawal
            reason = f"{file.name}　{gone.get_reason_display()}"
            yield _entry(
                gone.recorded_at, StoryKind.CLAIM, _("請求ファイルを取り下げた"), reason, url,
            )  # fmt: skip
        if hasattr(each, "returned"):
            why, at = said.get(each.pk), each.returned.recorded_at
            detail = "　".join(filter(None, (file.name, why.text if why else "")))
            on = why.returned_on if why else date_of(at)
            yield StoryEntry(on, at, StoryKind.CLAIM, _("返戻になった"), detail, url, Tone.WARNING)


@prepared("keys")
def _caps_sent(keys: Sequence[int]) -> QuerySet[ClaimFileEntry]:
    entries = ClaimFileEntry.objects.filter(person_month__in=keys, file__family=ClaimFamily.CAPS)
    return entries.select_related("file__withdrawal", "cap_cancellation", "cap_revision")


def _sheets(keys: Sequence[int]) -> Iterator[StoryEntry]:
    """上限額管理結果票 that went into a file, and those that were cancelled."""
    for each in _caps_sent.rows(keys=keys):
        url = reverse("cap_month", args=[Month.of(each.file.month)]) + "#sent"
        gone = getattr(each, "cap_cancellation", None)
        detail, title, tone = each.file.name, _("上限額管理結果票をファイルに入れた"), Tone.INFO
        if hasattr(each, "cap_revision"):
            title = _("上限額管理結果票を修正した")
        if gone is not None:
            why = "　".join(filter(None, (gone.get_reason_display(), gone.note)))
            detail, title, tone = (
                f"{detail}　{why}", _("上限額管理結果票を取り消した"), Tone.WARNING,
            )  # fmt: skip
        if each.file.is_withdrawn:
            detail += "　" + _("（このファイルは取り下げた）")
        yield _entry(each.file.recorded_at, StoryKind.CLAIM, title, detail, url, tone)


def _claim_payments(rows: Sequence[ClaimPayment]) -> Iterator[StoryEntry]:
    for row in rows:
        file = row.entry.file
        url = reverse("claim_export", args=[Month.of(file.month)])
        detail = "　".join(filter(None, (yen(row.amount_yen), file.name, row.note)))
        if row.cancels_id is not None:
            title = _("国保連の支払いの記録を取り消した")
            yield _entry(row.recorded_at, StoryKind.CLAIM, title, detail, url)
            continue
        title = _("国保連が支払った") if row.amount_yen else _("国保連の支払いは0円だった")
        tone = Tone.SUCCESS if row.amount_yen else Tone.WARNING
        yield StoryEntry(row.paid_on, row.recorded_at, StoryKind.CLAIM, title, detail, url, tone)


def _deductions(rows: Sequence[ClaimDeduction]) -> Iterator[StoryEntry]:
    for row in rows:
        is_back = row.cancels_id is not None
        title = _("過誤調整の記録を取り消した") if is_back else _("国保連が差し引いた（過誤調整）")
        detail = "　".join(filter(None, (yen(row.amount_yen), row.entry.file.name, row.note)))
        tone = Tone.NEUTRAL if is_back else Tone.SUCCESS
        yield StoryEntry(
            row.deducted_on, row.recorded_at, StoryKind.CLAIM, title, detail, tone=tone
        )


@prepared("enrolment")
def _answers(enrolment: int, month: date) -> QuerySet[CityAnswer]:
    return CityAnswer.objects.filter(enrolment=enrolment, month=month).order_by("pk")


def _cities(rows: Sequence[PersonMonth]) -> Iterator[StoryEntry]:
    """市町村の回答, each on its own day; that one was taken back on the day of that."""
    for row in rows[:1]:
        for each in _answers.rows(enrolment=row.enrolment_id, month=row.month):
            told = f"{each.get_way_display()}・{each.respondent}"
            why = "　".join(filter(None, (told, report_words(each), each.reason, each.why_again)))
            if each.is_withdrawn:
                title = _("市町村の回答を取り消した")
                yield _entry(each.recorded_at, StoryKind.CITY, title, why, "")
                continue
            title = _("市町村が答えた：請求できる")
            tone = Tone.SUCCESS
            if not each.is_billable:
                title, tone = _("市町村が答えた：請求できない"), Tone.WARNING
            yield StoryEntry(
                each.answered_on, each.recorded_at, StoryKind.CITY, title, why, tone=tone
            )


def _entry(
    at: datetime, kind: StoryKind, title: str, detail: str, url: str, tone: Tone = Tone.NEUTRAL
) -> StoryEntry:
    return StoryEntry(date_of(at), at, kind, title, detail, url, tone)


@prepared("keys")
def _filed(keys: Sequence[int]) -> QuerySet[ErrorPetition]:
    rows = ErrorPetition.objects.filter(correction__person_month__in=keys)
    return rows.select_related("recorded_by__user")


def _petitions(keys: Sequence[int]) -> Iterator[StoryEntry]:
    for each in _filed.rows(keys=keys):
        detail = each.recorded_by.user.name
        if each.claim_month:
            month = Month.of(each.claim_month).label
            detail = _("再請求は%(month)sの処理分から　%(who)s") % {"month": month, "who": detail}
        yield StoryEntry(
            each.filed_on, each.recorded_at, StoryKind.CORRECTION, _("過誤申立をした"), detail
        )


@prepared("keys")
def _invoices(keys: Sequence[int]) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(person_month__in=keys).select_related(
        "document__replaced_by", "document__replaces", "document__dispatch"
    )
    return rows.defer(
        "document__content", "document__replaced_by__content", "document__replaces__content"
    )


def _papers(keys: Sequence[int]) -> Iterator[StoryEntry]:
    for each in _invoices.rows(keys=keys):
        paper = each.paper
        title = _("請求書を訂正した") if paper.replaces_id else _("請求書を出した")
        detail = f"{yen(each.amount_yen)}　{paper.number}"
        if hasattr(paper, "replaced_by"):
            detail += "　" + _("（あとで訂正）")
        url = reverse("invoice_pdf", args=[each.public_id])
        yield _entry(paper.issued_at, StoryKind.PAPER, title, detail, url)
        yield from _sent(paper, _("請求書を発送した"))


@prepared("keys")
def _reminded(keys: Sequence[int]) -> QuerySet[PaymentReminderLine]:
    rows = PaymentReminderLine.objects.filter(invoice__person_month__in=keys)
    return rows.select_related("reminder__document").defer("reminder__document__content")


def _letters(keys: Sequence[int]) -> Iterator[StoryEntry]:
    """お支払いのお知らせ, by which letter the month was told as late."""
    for each in _reminded.rows(keys=keys):
        paper = each.reminder.document
        title, detail = _("お支払いのお知らせを出した"), f"{yen(each.open_yen)}　{paper.number}"
        url = reverse("payment_reminder_pdf", args=[each.reminder.public_id])
        yield _entry(paper.issued_at, StoryKind.PAPER, title, detail, url)


_DOCUMENTS = ("document__replaced_by", "document__dispatch")
_CONTENTS = ("document__content", "document__replaced_by__content")


@prepared("keys")
def _notices(keys: Sequence[int]) -> QuerySet[ProxyNotice]:
    rows = ProxyNotice.objects.filter(payment__entry__person_month__in=keys)
    return rows.select_related(*_DOCUMENTS, "payment__entry__person_month").defer(*_CONTENTS)


@prepared("keys")
def _taken_back(keys: Sequence[int]) -> QuerySet[NoticeWithdrawal]:
    rows = NoticeWithdrawal.objects.filter(person_month__in=keys)
    return rows.select_related(*_DOCUMENTS).defer(*_CONTENTS)


@prepared("keys")
def _receipts(keys: Sequence[int]) -> QuerySet[Receipt]:
    rows = Receipt.objects.filter(payment__invoice__person_month__in=keys)
    return rows.select_related(*_DOCUMENTS, "payment").defer(*_CONTENTS)


def _told(keys: Sequence[int]) -> Iterator[StoryEntry]:
    """代理受領通知書 and 領収書."""
    for notice in _notices.rows(keys=keys):
        title = _("代理受領通知書を出した")
        if notice.document.replaces_id:
            title = _("代理受領通知書を出し直した")
        url = reverse("proxy_notice_pdf", args=[notice.public_id])
        yield _letter(notice, notice.payment.benefit_yen, title, url)
        yield from _sent(notice.document, _("代理受領通知書を発送した"))
    for told in _taken_back.rows(keys=keys):
        url = reverse("notice_withdrawal_pdf", args=[told.public_id])
        title = _("代理受領通知書の取り消しのお知らせを出した")
        yield _entry(told.document.issued_at, StoryKind.PAPER, title, told.document.number, url)
        yield from _sent(told.document, _("代理受領通知書の取り消しのお知らせを発送した"))
    for receipt in _receipts.rows(keys=keys):
        url = reverse("receipt_pdf", args=[receipt.public_id])
        yield _letter(receipt, receipt.payment.amount_yen, _("領収書を出した"), url)
        yield from _sent(receipt.document, _("領収書を発送した"))


def _letter(letter: ProxyNotice | Receipt, amount_yen: int, title: str, url: str) -> StoryEntry:
    paper = letter.document
    detail = f"{yen(amount_yen)}　{paper.number}"
    if hasattr(paper, "replaced_by"):
        is_gone = paper.replaced_by.kind == NOTICE_GONE
        detail += "　" + (_("（あとで取り消した）") if is_gone else _("（あとで出し直した）"))
    return _entry(paper.issued_at, StoryKind.PAPER, title, detail, url)


def _sent(paper: IssuedDocument, title: str) -> Iterator[StoryEntry]:
    if hasattr(paper, "dispatch"):
        row = paper.dispatch
        yield StoryEntry(row.sent_on, row.recorded_at, StoryKind.PAPER, title, paper.number)


def _money(rows: Sequence[Payment] | Sequence[Refund], word: str) -> Iterator[StoryEntry]:
    for row in rows:
        on = row.paid_on if isinstance(row, Payment) else row.refunded_on
        is_back = row.cancels_id is not None
        title = _("%(what)sの記録を取り消した") % {"what": word} if is_back else word
        detail = "　".join(
            filter(None, (yen(row.amount_yen), "" if is_back else row.get_way_display(), row.note))
        )
        tone = Tone.NEUTRAL if is_back else Tone.SUCCESS
        yield StoryEntry(on, row.recorded_at, StoryKind.MONEY, title, detail, tone=tone)
