"""XLSX of the billing pages: the same rows as the page, all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from billing.queries.closed_entries import ClosedEntry
from billing.queries.month import MonthBoard, MonthEntry
from billing.queries.payments import InvoiceRow, is_standing
from plans.rules.month import MonthState
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def payments_workbook(rows: Sequence[InvoiceRow], *, mark: str = "") -> bytes:
    """入金 one line an invoice; then every payment, and every refund, taken back ones too."""
    invoices = [
        Column(_("サービスの月"), Kind.MONTH), Column(_("氏名")), Column(_("ふりがな")),
        Column(_("請求書の番号"), width=26), Column(_("発行日"), Kind.DATE),
        Column(_("支払期限"), Kind.DATE), Column(_("請求額"), Kind.YEN),
        Column(_("入金額"), Kind.YEN), Column(_("返金額"), Kind.YEN), Column(_("残り"), Kind.YEN),
        Column(_("返す額"), Kind.YEN), Column(_("発行からの日数"), Kind.NUMBER),
    ]  # fmt: skip
    payments = [
        Column(_("入金日"), Kind.DATE), Column(_("氏名")), Column(_("サービスの月"), Kind.MONTH),
        Column(_("請求書の番号"), width=26), Column(_("入金額"), Kind.YEN), Column(_("方法")),
        Column(_("状態")), Column(_("メモ・理由"), width=30), Column(_("記録した人")),
    ]  # fmt: skip
    refunds = [
        Column(_("返金した日"), Kind.DATE), Column(_("氏名")), Column(_("サービスの月"), Kind.MONTH),
        Column(_("請求書の番号"), width=26), Column(_("返金額"), Kind.YEN), Column(_("方法")),
        Column(_("状態")), Column(_("メモ・理由"), width=30), Column(_("記録した人")),
    ]  # fmt: skip
    return workbook(
        [
            Sheet(_("請求書"), invoices, (_invoice(row) for row in rows)),
            Sheet(_("入金"), payments, _payments(rows)),
            Sheet(_("返金"), refunds, _refunds(rows)),
        ],
        mark=mark,
    )


def _invoice(row: InvoiceRow) -> Sequence[Value]:
    return (
        row.month, row.name, row.kana, row.number, row.issued_on, row.due_on,
        row.balance.amount_yen, row.balance.paid_yen, row.balance.refunded_yen,
        row.balance.open_yen, row.balance.over_yen, row.age_days,
    )  # fmt: skip


def _payments(rows: Sequence[InvoiceRow]) -> Iterator[Sequence[Value]]:
    for row in rows:
        for payment in row.payments:
            state = _("入金") if is_standing(payment) else _("取り消された入金")
            yield (
                payment.paid_on, row.name, row.month, row.number,
                payment.amount_yen if payment.cancels_id is None else -payment.amount_yen,
                payment.get_way_display(), _("取り消し") if payment.cancels_id else state,
                payment.note, payment.recorded_by.user.name,
            )  # fmt: skip


def _refunds(rows: Sequence[InvoiceRow]) -> Iterator[Sequence[Value]]:
    for row in rows:
        for refund in row.refunds:
            state = _("返金") if is_standing(refund) else _("取り消された返金")
            yield (
                refund.refunded_on, row.name, row.month, row.number,
                refund.amount_yen if refund.cancels_id is None else -refund.amount_yen,
                refund.get_way_display(), _("取り消し") if refund.cancels_id else state,
                refund.note, refund.recorded_by.user.name,
            )  # fmt: skip


def month_workbook(
    board: MonthBoard, *, returned: Mapping[UUID, str] | None = None, mark: str = ""
) -> bytes:
    """月の一覧 everybody of the month page, with state and reasons.

    `returned`: of whose closed month the claim came back, and why.
    """
    columns = [
        Column(_("状態")), Column(_("氏名")), Column(_("ふりがな")), Column(_("受給者証番号")),
        Column(_("市町村")), Column(_("単位"), Kind.UNITS), Column(_("総費用"), Kind.YEN),
        Column(_("本人の負担"), Kind.YEN), Column(_("給付費"), Kind.YEN),
        Column(_("理由"), width=60), Column(_("本人が払う額（助成のあと）"), Kind.YEN),
    ]  # fmt: skip
    sheet = Sheet(board.office_month.month.label, columns, _people(board, returned or {}))
    return workbook([sheet], mark=mark)


def _people(board: MonthBoard, returned: Mapping[UUID, str]) -> Iterator[Sequence[Value]]:
    for closed in (*board.closed, *board.withdrawn):
        yield (
            closed_words(closed), closed.name, closed.kana, closed.certificate_number, closed.municipality,
            closed.units, closed.total_cost_yen, closed.copayment_yen, closed.benefit_yen,
            returned.get(closed.public_id, ""),
            closed.payable_yen,
        )  # fmt: skip
    for entry in (*board.ready, *board.held, *board.not_billable):
        yield _entry(entry)


def closed_words(entry: ClosedEntry) -> str:
    """What became of a closed month."""
    if entry.is_withdrawn:
        return _("取り下げた")
    return _("締めた（訂正）") if entry.is_corrected else _("締めた")


def _entry(entry: MonthEntry) -> Sequence[Value]:
    support, sums = entry.support, entry.copayment
    told = (*entry.reasons, *entry.warnings)
    return (
        MonthState(entry.state).label, support.name, support.kana, support.certificate_number,
        support.municipality_name,
        sums.units if sums else None,
        sums.total_cost_yen if sums else None,
        sums.decided_yen if sums else None,
        sums.benefit_yen if sums else None,
        "\n".join(reason.text for reason in told),
        entry.payable_yen if sums else None,
    )  # fmt: skip
