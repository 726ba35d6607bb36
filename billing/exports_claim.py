"""XLSX of what the claims of service 47 come to, for software that sends them with other services."""

from __future__ import annotations

from django.utils.translation import gettext as _

from billing.kokuhoren.layouts import SERVICE_TYPE
from billing.queries.claim_files import ClaimSums
from teikyaku.periods import Month
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def claim_sums_workbook(month: Month, sums: list[ClaimSums], *, mark: str = "") -> bytes:
    """One line for each municipality and file of the month: the figures of its 請求書 (J111)."""
    columns = [
        Column(_("サービスの月"), Kind.MONTH), Column(_("サービス種類")), Column(_("市町村番号")),
        Column(_("支給市町村")), Column(_("ファイル"), width=18), Column(_("人数"), Kind.NUMBER),
        Column(_("単位数"), Kind.UNITS), Column(_("総費用額"), Kind.YEN),
        Column(_("給付費"), Kind.YEN), Column(_("利用者負担額（助成のあと）"), Kind.YEN),
        Column(_("自治体助成額"), Kind.YEN),
    ]  # fmt: skip
    rows = (
        (
            month, SERVICE_TYPE, each.code, each.municipality, each.file or _("まだ作っていない"),
            each.people, each.units, each.total_cost_yen, each.benefit_yen, each.copayment_yen,
            each.subsidy_yen,
        )
        for each in sums
    )  # fmt: skip
    return workbook([Sheet(_("就労定着支援の合計"), columns, rows)], mark=mark)
