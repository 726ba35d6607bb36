"""XLSX of cap management: the file in which other offices' figures come, and one's own for others."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from billing.queries.cap_reports import SERVICE, CapReport
from billing.rules.cap_file import COLUMNS
from billing.rules.cap_management import Rank
from teikyaku.periods import Month
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook

_KINDS = {"total": Kind.YEN, "before": Kind.YEN}
_WIDTHS = {"name": 30, "rank": 30}


def figures_template() -> bytes:
    """One line for each office that served a person; an example, and the kinds of service."""
    kinds = [each.label for each in Rank]
    choices = f"'{_('選択肢')}'!$A$2:$A${len(kinds) + 1}"
    columns = [
        Column(label, _KINDS.get(name, Kind.TEXT), _WIDTHS.get(name, 16),
               choices if name == "rank" else "")
        for name, label in COLUMNS.items()
    ]  # fmt: skip
    example: list[Sequence[Value]] = [
        ("1234567890", "1599900949", "架空作業所", Rank.DAY.label, 82_000, 8_200)
    ]
    return workbook(
        [
            Sheet(_("ほかの事業所の額"), columns, []),
            Sheet(_("記入例"), columns, example),
            Sheet(_("選択肢"), [Column(COLUMNS["rank"], width=40)], [(each,) for each in kinds]),
        ]
    )


def reports_workbook(month: Month, reports: Sequence[CapReport], *, mark: str = "") -> bytes:
    """利用者負担額一覧: one sheet for each managing office, so that none reads another's people."""
    columns = [
        Column(_("サービスの月"), Kind.MONTH), Column(_("受給者証番号")), Column(_("氏名")),
        Column(_("市町村")), Column(_("サービス")), Column(_("総費用額"), Kind.YEN),
        Column(_("利用者負担額"), Kind.YEN), Column(_("備考"), width=40),
    ]  # fmt: skip
    sheets = (
        Sheet(
            report.manager or report.number,
            columns,
            [
                (
                    month, line.certificate_number, line.name, line.municipality, SERVICE,
                    line.total_cost_yen, line.before_yen, line.note,
                )
                for line in report.lines
            ],
        )
        for report in reports
    )  # fmt: skip
    return workbook(sheets, mark=mark)
