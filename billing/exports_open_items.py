"""XLSX of what was open on a day: every invoice, the sums by month and age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from billing.queries.open_items import OpenItem, age_sums, month_sums
from billing.rules.open_items import Age
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def open_items_workbook(items: Sequence[OpenItem], on: date, *, mark: str = "") -> bytes:
    """未入金 as of `on`: one line an invoice, then by age, then by month."""
    columns = [
        Column(_("基準日"), Kind.DATE), Column(_("サービスの月"), Kind.MONTH), Column(_("氏名")),
        Column(_("ふりがな")), Column(_("請求書の番号"), width=26), Column(_("発行日"), Kind.DATE),
        Column(_("支払期限"), Kind.DATE), Column(_("請求額"), Kind.YEN), Column(_("残り"), Kind.YEN),
        Column(_("期限からの日数"), Kind.NUMBER), Column(_("区分")),
    ]  # fmt: skip
    rows = (
        (
            on, item.month, item.name, item.kana, item.number, item.issued_on, item.due_on,
            item.amount_yen, item.open_yen, item.days_late, item.age.label,
        )
        for item in items
    )  # fmt: skip
    ages = [Column(_("区分")), Column(_("件数"), Kind.NUMBER), Column(_("残り"), Kind.YEN)]
    months = [
        Column(_("サービスの月"), Kind.MONTH), Column(_("件数"), Kind.NUMBER),
        *(Column(age.label, Kind.YEN) for age in Age), Column(_("合計"), Kind.YEN),
    ]  # fmt: skip
    return workbook(
        [
            Sheet(_("未入金"), columns, rows),
            Sheet(_("期限ごと"), ages, ((s.label, s.count, s.yen) for s in age_sums(items))),
            Sheet(
                _("月ごと"), months,
                ((s.month, s.count, *s.by_age, s.yen) for s in month_sums(items)),
            ),
        ],
        mark=mark,
    )  # fmt: skip
