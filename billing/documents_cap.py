"""利用者負担上限額管理結果票 of a sheet that was made here, and 利用者負担額一覧 for who manages elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from billing.documents import sender_of
from billing.models import CapResult
from billing.queries.cap_management import PersonOnSheet
from billing.queries.cap_reports import SERVICE, CapReport
from teikyaku.accounts.models import Office
from teikyaku.era import wareki, wareki_month
from teikyaku.periods import Month

_CANCELLED = "この結果票は、{on}に取り消しました。この結果票による上限額の管理は、なかったものとしてお取り扱いください。"


def cap_sheet_document(
    result: CapResult,
    person: PersonOnSheet,
    cancelled_on: date | None = None,
    sample: str = "",
) -> dict[str, Any]:
    """The keys of templates/documents/cap_sheet.typ, from the row as it was recorded.

    `cancelled_on`: the day on which the sheet that was sent was cancelled. `sample`: that the figures
    come from a sample table.
    """
    month = Month.of(result.month)
    lines = list(result.lines.all())
    return {
        "dated": result.decided_on.isoformat(),
        "number": "",
        "issued_on": wareki(result.decided_on),
        "edition": _edition(result, is_cancelled=cancelled_on is not None),
        "notice": "\n".join(filter(None, (_cancelled(cancelled_on), sample))),
        "replaces": None,
        "replaced_by": None,
        "office": asdict(sender_of(result.enrolment.office)),
        "month": wareki_month(month),
        "person": {
            "name": person.name,
            "certificate_number": person.certificate_number,
            "municipality": person.municipality,
        },
        "cap_yen": result.cap_yen,
        "outcome": result.outcome,
        "outcome_label": result.get_outcome_display(),
        "lines": [
            {
                "position": line.position,
                "number": line.office_number,
                "name": line.office_name,
                "total_cost_yen": line.total_cost_yen,
                "before_yen": line.before_yen,
                "after_yen": line.after_yen,
            }
            for line in lines
        ],
        "total": {
            "total_cost_yen": sum(line.total_cost_yen for line in lines),
            "before_yen": sum(line.before_yen for line in lines),
            "after_yen": sum(line.after_yen for line in lines),
        },
    }


def _cancelled(on: date | None) -> str:
    return _CANCELLED.format(on=wareki(on)) if on else ""


def _edition(result: CapResult, *, is_cancelled: bool) -> str:
    if is_cancelled:
        return "取り消し"
    return "" if result.number == 1 else f"第{result.number}版"


def cap_reports_document(
    office: Office,
    month: Month,
    reports: Sequence[CapReport],
    due_on: date | None,
    on: date,
    sample: str = "",
) -> dict[str, Any]:
    """The keys of templates/documents/cap_reports.typ: a page of its own for each managing office.

    `sample`: that the figures come from a sample table.
    """
    return {
        "dated": on.isoformat(),
        "number": "",
        "issued_on": wareki(on),
        "edition": "",
        "notice": sample,
        "replaces": None,
        "replaced_by": None,
        "office": asdict(sender_of(office)),
        "month": wareki_month(month),
        "due_on": wareki(due_on) if due_on else "",
        "service": SERVICE,
        "reports": [
            {
                "number": report.number,
                "name": report.manager,
                "lines": [
                    {key: value for key, value in asdict(line).items() if key != "kana"}
                    for line in report.lines
                ],
                "total_cost_yen": _summed(line.total_cost_yen for line in report.lines),
                "before_yen": _summed(line.before_yen for line in report.lines),
            }
            for report in reports
        ],
    }


def _summed(values: Iterable[int | None]) -> int | None:
    """None where one of them is not known."""
    found = list(values)
    known = [value for value in found if value is not None]
    return sum(known) if len(known) == len(found) else None
