"""項目: one value as it stands in a claim file, or the reason why it cannot stand there.

Nothing is cut off and nothing is replaced in silence: a value that does not fit stops the file and
names the person, the field and the value. Widths are bytes of CP932.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from billing.kokuhoren.layouts import Field, Kind, Record, Use
from teikyaku.periods import Month

ENCODING = "cp932"
Value = str | int | date | Month | Decimal | None

_TEXT_OTHER = re.compile("[^A-Z0-9 ｡-ﾟ]")
_QUOTED = re.compile(r'[," ]')
_WIDE = 2
_HALF_KANA = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF61, 0xFFA0)}
# 氏名カナ of J121:01 and J411:01: optional, one byte a character.
KANA_BYTES = 25
_SMALLEST_HIRAGANA, _LARGEST_HIRAGANA, _TO_KATAKANA = "ぁ", "ゖ", 0x60
# Standing marks become joining ones, which half-width kana write behind the letter.
_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a"})


class ValueDoesNotFit(ValueError):
    """A value that the file cannot hold: whose, which field of which record, the value, and why."""

    def __init__(
        self, person: str, record: Record, field: Field, value: Value, reason: str
    ) -> None:
        self.person = person
        self.record = record.key
        self.field = field.name
        self.value = "" if value is None else str(value)
        self.reason = reason
        shown = f"「{self.value}」" if self.value else "空欄"
        super().__init__(
            f"{person}：{record.label}（{record.key}）の「{field.name}」が{shown}です。{reason}"
        )


class _Reason(Exception):
    """Why one value does not fit, before it is known whose it is."""


def encoded(person: str, record: Record, field: Field, value: Value) -> bytes:
    """The bytes of one value, quoted where it must be; empty for None.

    `person` names whose record it is in the error. Raises ValueDoesNotFit.
    """
    text = _text(person, record, field, value)
    return quoted(text).encode(ENCODING) if text else b""


def _text(person: str, record: Record, field: Field, value: Value) -> str:
    if value is None or value == "":
        if field.fixed:
            return field.fixed
        if field.use == Use.ALWAYS:
            raise ValueDoesNotFit(person, record, field, value, "空欄にできない項目です。")
        return ""
    try:
        if field.use == Use.NEVER:
            raise _Reason("就労定着支援では空欄にする項目です。")
        return _checked(field, _WRITE[field.kind](field, value))
    except _Reason as why:
        raise ValueDoesNotFit(person, record, field, value, str(why)) from None


def _checked(field: Field, text: str) -> str:
    if field.fixed and text != field.fixed:
        raise _Reason(f"いつも「{field.fixed}」の項目です。")
    size = len(text.encode(ENCODING))
    if size > field.size:
        raise _Reason(f"{field.size}バイトまでの項目です（いま{size}バイト）。")
    return text


def quoted(text: str) -> str:
    """In quotes where it holds a comma, a quote, a blank or a two-byte character; else as it is."""
    if not _QUOTED.search(text) and len(text.encode(ENCODING)) == len(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def half_kana(text: str) -> str:
    """A reading in half-width kana, capitals and digits, one blank between its words.

    Hiragana and katakana of every width are read; 濁点 stand behind their letter, small kana and ー
    stay what they are. What has no half-width form (ヰ, ヱ, ヮ, ヵ, ヶ, ヽ) stays and is named by `encoded`.
    """
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).upper()
    letters = unicodedata.normalize("NFD", " ".join(plain.split()))
    return "".join(_half(letter) for letter in letters)


def is_kana_too_long(text: str) -> bool:
    """Whether a reading that could be written has more bytes than 氏名カナ holds."""
    half = half_kana(text)
    return len(half) > KANA_BYTES and not _TEXT_OTHER.search(half)


def kana_that_fits(text: str) -> str:
    """The reading, or nothing where it is too long: the field may stay empty, and no name is cut."""
    return "" if is_kana_too_long(text) else text


def _half(letter: str) -> str:
    if _SMALLEST_HIRAGANA <= letter <= _LARGEST_HIRAGANA:
        letter = chr(ord(letter) + _TO_KATAKANA)
    return _HALF_KANA.get(letter, letter)


# --- One function for each kind ------------------------------------------------------------------


def _as_text(field: Field, value: Value) -> str:
    if not isinstance(value, str):
        raise _Reason("文字の項目です。")
    others = "".join(dict.fromkeys(_TEXT_OTHER.findall(value)))
    if others:
        raise _Reason(f"{_named(others)}は書けません。英大文字・数字・半角カナの項目です。")
    if value != value.strip():
        raise _Reason("前か後ろに空白があります。")
    return value


def _as_kanji(field: Field, value: Value) -> str:
    if not isinstance(value, str):
        raise _Reason("文字の項目です。")
    others = "".join(dict.fromkeys(letter for letter in value if not _is_wide(letter)))
    if others:
        raise _Reason(f"{_named(others)}は書けません。全角文字だけの項目です。")
    return value


def _is_wide(letter: str) -> bool:
    """Two bytes in CP932, and no character that somebody defined for themselves (外字)."""
    if unicodedata.category(letter) == "Co":
        return False
    try:
        return len(letter.encode(ENCODING)) == _WIDE
    except UnicodeEncodeError:
        return False


def _named(letters: str) -> str:
    """The characters in quotes; what cannot be seen by its name."""
    seen = "".join(letter for letter in letters if letter.isprintable() and letter != " ")
    names = [f"「{seen}」"] if seen else []
    names += ["半角の空白"] if " " in letters else []
    names += ["改行やタブなどの制御文字"] if any(not each.isprintable() for each in letters) else []
    return "と".join(names)


def _as_code(field: Field, value: Value) -> str:
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()):
        raise _Reason("数字だけの項目です。")
    if len(value) != field.size:
        raise _Reason(f"数字{field.size}桁の項目です（いま{len(value)}桁）。")
    return value


def _as_number(field: Field, value: Value) -> str:
    if _whole(value) < 0:
        raise _Reason("0以上の整数の項目です。")
    return str(value)


def _as_signed(field: Field, value: Value) -> str:
    return str(_whole(value))


def _whole(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Reason("整数の項目です。")
    return value


def _as_date(field: Field, value: Value) -> str:
    if not isinstance(value, date):
        raise _Reason("日付の項目です。")
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def _as_month(field: Field, value: Value) -> str:
    if not isinstance(value, Month):
        raise _Reason("年月の項目です。")
    return f"{value.year:04d}{value.month:02d}"


def _as_decimal(decimals: int) -> Callable[[Field, Value], str]:
    """Without a point: 10.00 yen with 3 decimal digits is 10000."""

    def write(field: Field, value: Value) -> str:
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise _Reason("数値の項目です。")
        whole_digits = field.size - decimals
        try:
            shifted = Decimal(value).scaleb(decimals)
            fits = shifted == shifted.to_integral_value()
        except InvalidOperation:
            raise _Reason("数値の項目です。") from None
        if not fits or not 0 <= shifted < 10**field.size:
            raise _Reason(f"整数{whole_digits}桁・小数{decimals}桁までの0以上の項目です。")
        return str(int(shifted))

    return write


_WRITE: dict[Kind, Callable[[Field, Value], str]] = {
    Kind.TEXT: _as_text,
    Kind.CODE: _as_code,
    Kind.NUMBER: _as_number,
    Kind.SIGNED: _as_signed,
    Kind.KANJI: _as_kanji,
    Kind.DATE: _as_date,
    Kind.MONTH: _as_month,
    Kind.UNIT_PRICE: _as_decimal(3),
    Kind.AMOUNT: _as_decimal(2),
}
