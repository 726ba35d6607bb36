"""国保連の支払い as XLSX: one line a claim, and the sums by municipality."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from billing.queries.claim_payment_sums import MunicipalityClaims
from billing.queries.claim_payments import ClaimPaymentRow
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def claim_payments_workbook(
    rows: Iterable[ClaimPaymentRow], sums: Iterable[MunicipalityClaims], *, mark: str = ""
) -> bytes:
    """The list as it is filtered, and what each municipality was asked for and paid."""
    people = [
        Column(_("処理した月"), Kind.MONTH), Column(_("サービスの月"), Kind.MONTH),
        Column(_("氏名")), Column(_("ふりがな")), Column(_("受給者証番号")),
        Column(_("支給市町村")), Column(_("請求した額"), Kind.YEN),
        Column(_("うち自治体助成"), Kind.YEN), Column(_("支払決定額"), Kind.YEN),
        Column(_("過誤調整"), Kind.YEN), Column(_("残り"), Kind.YEN), Column(_("状態")),
        Column(_("支払日"), Kind.DATE), Column(_("請求ファイルを作った日"), Kind.DATE),
        Column(_("作ってからの日数"), Kind.NUMBER),
    ]  # fmt: skip
    places = [
        Column(_("処理した月"), Kind.MONTH), Column(_("支給市町村")),
        Column(_("人数"), Kind.NUMBER), Column(_("支払い待ち"), Kind.NUMBER),
        Column(_("請求した額"), Kind.YEN), Column(_("支払決定額"), Kind.YEN),
        Column(_("残り"), Kind.YEN),
    ]  # fmt: skip
    return workbook(
        [
            Sheet(_("国保連の支払い"), people, (_person(row) for row in rows)),
            Sheet(_("市町村ごと"), places, (_place(row) for row in sums)),
        ],
        mark=mark,
    )


def _person(row: ClaimPaymentRow) -> Sequence[Value]:
    own = row.settlement
    return (
        row.processing_month, row.month, row.name, row.kana, row.certificate_number,
        row.municipality, own.expected_yen, own.subsidy_yen, own.paid_yen, own.deducted_yen,
        own.open_yen, str(own.state.label),
        row.paid_on, row.claimed_on, row.age_days,
    )  # fmt: skip


def _place(row: MunicipalityClaims) -> Sequence[Value]:
    return (
        row.processing_month, row.municipality, row.people, row.waiting, row.expected_yen,
        row.paid_yen, row.open_yen,
    )  # fmt: skip
