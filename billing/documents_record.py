"""サービス提供実績記録票 as plain JSON: the sheet to sign; templates never query."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from billing.queries.service_records import RecordDay, RecordSheet
from billing.rules.claim_calendar import WEEKDAYS
from teikyaku.accounts.models import Office
from teikyaku.era import wareki, wareki_month

BEFORE_CLOSE = "締め前"
WITHDRAWN = "取り下げ"
# Lines to write on by hand, so that a sheet can be signed before everything is on file.
LEAST_LINES = 4


def record_document(
    sheet: RecordSheet, office: Office, on: date, sample: str = ""
) -> dict[str, Any]:
    """One sheet: the keys of templates/documents/parts/record.typ; `sample` as on every paper of the money."""
    days = [_day(day) for day in sheet.days]
    return {
        "issued_on": wareki(on),
        "edition": _edition(sheet),
        "notice": sample,
        "office": {
            "name": office.name, "number": office.number, "corporation": office.corporation,
        },
        "person": {
            "name": sheet.name,
            "kana": sheet.kana,
            "certificate_number": sheet.certificate_number,
            "municipality": sheet.municipality,
        },
        "month": wareki_month(sheet.month),
        "contracted_amount": sheet.contracted_amount,
        "days": days,
        "empty_lines": 0 if sheet.is_closed else max(1, LEAST_LINES - len(days)),
        "counted": sheet.counted,
        "first_use_on": wareki(sheet.first_use_on) if sheet.first_use_on else "",
        "shared_on": _shared_on(sheet),
    }  # fmt: skip


def _shared_on(sheet: RecordSheet) -> str:
    if sheet.report_shared_on is None:
        return ""
    answered = "（市町村の回答）" if sheet.is_report_day_answered else ""
    return wareki(sheet.report_shared_on) + answered


def _edition(sheet: RecordSheet) -> str:
    if sheet.is_withdrawn:
        return WITHDRAWN
    return "" if sheet.is_closed else BEFORE_CLOSE


def _day(day: RecordDay) -> dict[str, Any]:
    return {
        "day": day.on.day,
        "weekday": WEEKDAYS[day.on.weekday()],
        "times": list(day.times),
        "ways": list(day.ways),
        "places": list(day.places),
        "staff": list(day.staff),
        "remarks": list(day.remarks),
    }


def records_document(
    sheets: Sequence[RecordSheet], office: Office, on: date, sample: str = ""
) -> dict[str, Any]:
    """Several sheets in one file: the keys of templates/documents/service_records.typ."""
    return {
        "dated": on.isoformat(),
        "office": {"name": office.name},
        "month": wareki_month(sheets[0].month),
        "sheets": [record_document(sheet, office, on, sample) for sheet in sheets],
    }
