"""XLSX of the closed months that today's facts would bill otherwise."""

from __future__ import annotations

from django.utils.translation import gettext as _

from billing.queries.differences import Differences
from teikyaku.spreadsheets import Column, Kind, Sheet, workbook


def differences_workbook(found: Differences, *, mark: str = "") -> bytes:
    """One line for each person's month, with what to do; yen as today less billed."""
    columns = [
        Column(_("サービスの月"), Kind.MONTH), Column(_("氏名")), Column(_("ふりがな")),
        Column(_("支給市町村")), Column(_("変わること"), width=50), Column(_("理由"), width=40),
        Column(_("給付費の差"), Kind.YEN), Column(_("本人の支払いの差"), Kind.YEN),
        Column(_("すること"), width=50),
    ]  # fmt: skip
    rows = (
        (
            row.month, row.name, row.kana, row.municipality, "\n".join(row.found.changes),
            "\n".join(reason.text for reason in row.found.reasons), row.found.benefit_yen,
            row.found.payable_yen, "\n".join(row.steps),
        )
        for row in found.rows
    )  # fmt: skip
    return workbook([Sheet(_("締めた月のくいちがい"), columns, rows)], mark=mark)
