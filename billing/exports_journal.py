"""XLSX of the journal: one line an event, then the sums of the accounts. Nobody is named."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.rules.journal import JournalLine, NamesOn, account_sums
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def journal_workbook(lines: Sequence[JournalLine], names: NamesOn, *, mark: str = "") -> bytes:
    """仕訳 with both accounts, called as on their day, and the yen on either side, for accounting software."""
    columns = [
        Column(_("日付"), Kind.DATE), Column(_("借方科目")), Column(_("借方金額"), Kind.YEN),
        Column(_("貸方科目")), Column(_("貸方金額"), Kind.YEN), Column(_("摘要"), width=40),
        Column(_("番号"), width=28),
    ]  # fmt: skip
    rows = (
        (
            each.on, names(each.on)[each.debit], each.yen, names(each.on)[each.credit], each.yen, each.text,
            each.reference,
        )
        for each in lines
    )  # fmt: skip
    sums = [
        Column(_("科目")), Column(_("何の科目か"), width=32), Column(_("借方"), Kind.YEN),
        Column(_("貸方"), Kind.YEN), Column(_("差"), Kind.YEN),
    ]  # fmt: skip
    totals = (
        (each.name, each.account.label, each.debit_yen, each.credit_yen, each.balance_yen)
        for each in account_sums(lines, names)
    )
    sheets = [Sheet(_("仕訳"), columns, rows), Sheet(_("科目ごとの合計"), sums, totals)]
    return workbook(sheets, mark=mark)
