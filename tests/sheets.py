"""A messy workbook as an office keeps it: a title, merged headings of two lines, both calendars."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from teikyaku.era import wareki_short
from teikyaku.periods import Month, last_day_of_months

HEADS = (
    ("氏名", ""), ("フリガナ", ""), ("生年月日", ""), ("携帯", ""), ("障害種別", ""),
    ("就労", "勤務先"), ("就労", "入社日"), ("就労", "クローズ就労"),
    ("就職前のサービス", "サービス種別"), ("就職前のサービス", "開始日"), ("就職前のサービス", "終了日"),
    ("受給者証", "市町村"), ("受給者証", "番号"), ("受給者証", "期間開始"), ("受給者証", "期間終了"),
    ("受給者証", "交付日"), ("上限月額", ""), ("相談開始日", ""), ("契約日", ""), ("サービス提供開始日", ""), ("担当者", ""),
    ("面談", "前回面談日"), ("面談", "頻度"), ("個別支援計画", "作成日"), ("個別支援計画", "見直し"), ("備考", ""),
    ("利用終了日", ""), ("終了理由", ""), ("退職日", ""), ("離職理由", ""), ("休職", "開始"), ("休職", "終了"),
)  # fmt: skip
FIELDS = (
    "name", "kana", "birth_date", "phone", "disabilities", "employer", "employed_on",
    "must_not_contact", "service_kind", "service_from", "service_until", "municipality", "number",
    "granted_from", "granted_until", "issued_on", "cap_yen", "consulted_from", "signed_on", "use_from", "staff",
    "last_met_on", "pace_months", "plan_made_on", "plan_review_by", "note",
    "ended_on", "end_reason", "left_on", "left_reason", "leave_from", "leave_until",
)  # fmt: skip
# The line of the first person in the workbook: a title, an empty line, two lines of headings.
FIRST = 5


def wide(text: str) -> str:
    """Full-width digits, as input methods leave them."""
    return text.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})


def person(today: date, nth: int, **changes: Any) -> dict[str, Any]:
    """Somebody who has used the service for eight months, met last month."""
    month = Month.of(today)
    employed = (month - 15).first_day
    granted = (month - 8).first_day
    made = (month - 2).first_day + timedelta(days=4)
    found = {
        "name": f"移行　{'一二三四五六七八九十'[nth % 10]}郎{nth}",
        "kana": f"ｲｺｳ {'いろはにほへとちりぬ'[nth % 10]}{'あいうえおかきくけこ'[nth // 10 % 10]}ろう",
        "birth_date": f"昭和{wide(str(50 + nth % 10))}年4月{nth % 27 + 1}日",
        "phone": "０９０－１１１１－２２２２",
        "disabilities": "精神・知的",
        "employer": "架空物産",
        "employed_on": employed,
        "must_not_contact": "○" if nth % 2 else "",
        "service_kind": "就労移行支援",
        "service_from": wareki_short((month - 30).first_day),
        "service_until": employed - timedelta(days=1),
        "municipality": "中央区",
        "number": wide(f"{5_550_000_000 + nth}"),
        "granted_from": wareki_short(granted),
        "granted_until": last_day_of_months(granted, 12).strftime("%Y/%m/%d"),
        "issued_on": granted - timedelta(days=10),
        "cap_yen": "９，３００円",
        "consulted_from": "",
        "signed_on": granted,
        "use_from": granted,
        "staff": "",
        "last_met_on": (month - 1).first_day + timedelta(days=6),
        "pace_months": "毎月",
        "plan_made_on": made,
        "plan_review_by": "",
        "note": "むずかしい漢字①",
    }
    return found | changes


def workbook_of(*people: dict[str, Any]) -> bytes:
    """The workbook with these people, and a second sheet that is none of it."""
    book = Workbook()
    page: Any = book.active
    page.title = "名簿"
    page.append(["定着支援　利用者一覧"])
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS))
    page.append([])
    page.append([upper for upper, _lower in HEADS])
    page.append([lower for _upper, lower in HEADS])
    _merge_heads(page)
    for each in people:
        page.append([each.get(field, "") for field in FIELDS])
    page.append(["", "", ""])
    book.create_sheet("メモ").append(["ここは関係ありません"])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _merge_heads(page: Any) -> None:
    """Headings as programs leave them: one text over its parts, or over both lines."""
    start = 0
    for position in range(1, len(HEADS) + 1):
        is_same = (
            position < len(HEADS) and HEADS[position][0] == HEADS[start][0] and HEADS[start][1]
        )
        if is_same:
            continue
        for column in range(start + 2, position + 1):
            page.cell(3, column).value = None
        if position - start > 1:
            page.merge_cells(start_row=3, start_column=start + 1, end_row=3, end_column=position)
        if not HEADS[start][1]:
            page.merge_cells(start_row=3, start_column=start + 1, end_row=4, end_column=start + 1)
        start = position


def csv_of(*people: dict[str, Any], encoding: str = "cp932") -> bytes:
    """The same as CSV with one line of headings, as programs of this country save it."""
    names = {
        "name": "利用者名", "kana": "ふりがな", "birth_date": "生年月日", "phone": "電話番号",
        "employer": "会社名", "employed_on": "就職日",
    }  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names.values())
    for each in people:
        writer.writerow([each.get(field, "") for field in names])
    return text.getvalue().encode(encoding)
