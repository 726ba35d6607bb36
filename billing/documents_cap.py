"""利用者負担上限額管理結果票: the paper of a sheet that was made here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from billing.documents import sender_of
from billing.models import CapResult
from billing.queries.cap_management import PersonOnSheet
from teikyaku.era import wareki, wareki_month
from teikyaku.periods import Month


def cap_sheet_document(result: CapResult, person: PersonOnSheet) -> dict[str, Any]:
    """The keys of templates/documents/cap_sheet.typ, from the row as it was recorded."""
    month = Month.of(result.month)
    lines = list(result.lines.all())
    return {
        "dated": result.decided_on.isoformat(),
        "number": "",
        "issued_on": wareki(result.decided_on),
        "edition": "" if result.number == 1 else f"第{result.number}版",
        "notice": "",
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
