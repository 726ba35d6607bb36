"""一つの値を確かめる: width, characters and form of what stands in a field, from its bytes alone.

Written apart from `fields`, which writes them: what that gets wrong is to be found here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator

from billing.kokuhoren.findings import Finding
from billing.kokuhoren.layouts import CONTROL, Field, Kind, Use
from billing.kokuhoren.reader import Row

_DIGITS = re.compile(rb"[0-9]+")
_NUMBER = re.compile(rb"0|[1-9][0-9]*")
_SIGNED = re.compile(rb"0|-?[1-9][0-9]*")
# Capitals, digits, half-width kana (one byte from A1 to DF) and blanks between two names.
_TEXT = re.compile(rb"[0-9A-Z\xa1-\xdf]+( +[0-9A-Z\xa1-\xdf]+)*")
# Two bytes each; from F040 on stands what somebody defined for themselves, up to F9FC.
_WIDE = re.compile(rb"([\x81-\x9f\xe0-\xef\xfa-\xfc][\x40-\x7e\x80-\xfc])*")
_OWN = re.compile(rb"([\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc])*")
_YEARS = range(1868, 2200)
_MONTH_DIGITS, _DATE_DIGITS = 6, 8
_LONGEST_SHOWN = 40


def field_findings(row: Row) -> Iterator[Finding]:
    """What is wrong in each value of a line whose record is known and whose fields are as many."""
    if row.record is None or len(row.cells) != len(row.record.fields):
        return
    for field, value in zip(row.record.fields, row.cells, strict=True):
        if not value and field.use != Use.ALWAYS:
            continue
        reason = _reason(row.key, field, value)
        if reason:
            shown = row.text(field.position)[:_LONGEST_SHOWN]
            told = f"「{shown}」：{reason}" if shown else reason
            is_doubt = field.use == Use.NEVER and value != b""
            yield Finding(row.line, field.name, told, is_doubt)


def _reason(key: str, field: Field, value: bytes) -> str:
    if not value:
        return "空欄にできない項目です。"
    if field.use == Use.NEVER:
        return "就労定着支援では空欄の項目です。"
    if len(value) > field.size:
        return f"{field.size}バイトまでの項目です（いま{len(value)}バイト）。"
    if key == CONTROL and field.kind == Kind.CODE and not value.strip(b"0"):
        return "" if field.fixed in ("", "0") else f"いつも「{field.fixed}」の項目です。"
    reason = _form(field, value)
    if not reason and field.fixed and value != field.fixed.encode():
        return f"いつも「{field.fixed}」の項目です。"
    return reason


_FORMS = {
    Kind.TEXT: (_TEXT, "英大文字・数字・半角カナだけの項目です。"),
    Kind.NUMBER: (_NUMBER, "0以上の整数の項目です（前に0を付けません）。"),
    Kind.SIGNED: (_SIGNED, "整数の項目です（前に0を付けません）。"),
    Kind.UNIT_PRICE: (_NUMBER, "前に0を付けない数字の項目です。"),
    Kind.AMOUNT: (_NUMBER, "前に0を付けない数字の項目です。"),
}


def _form(field: Field, value: bytes) -> str:
    if field.kind == Kind.KANJI:
        return _kanji(value)
    if field.kind in _FORMS:
        pattern, reason = _FORMS[field.kind]
        return "" if pattern.fullmatch(value) else reason
    if not _DIGITS.fullmatch(value):
        return "数字だけの項目です。"
    if len(value) != field.size:
        return f"数字{field.size}桁の項目です（いま{len(value)}桁）。"
    return _of_calendar(field, value)


def _of_calendar(field: Field, value: bytes) -> str:
    if field.kind == Kind.MONTH and not is_month(value):
        return "年月（YYYYMM）ではありません。"
    if field.kind == Kind.DATE and not is_date(value):
        return "日付（YYYYMMDD）ではありません。"
    return ""


def _kanji(value: bytes) -> str:
    if _WIDE.fullmatch(value):
        return ""
    if _OWN.fullmatch(value):
        return "外字があります。ふつうの文字に直してください。"
    return "全角文字だけの項目です。"


def is_month(value: bytes) -> bool:
    """Whether the digits are a year and month."""
    if len(value) != _MONTH_DIGITS or not value.isdigit():
        return False
    return int(value[:4]) in _YEARS and 1 <= int(value[4:]) <= 12  # noqa: PLR2004


def is_date(value: bytes) -> bool:
    """Whether the digits are a day of the calendar."""
    if len(value) != _DATE_DIGITS or not value.isdigit() or not is_month(value[:6]):
        return False
    return 1 <= int(value[6:]) <= monthrange(int(value[:4]), int(value[4:6]))[1]
