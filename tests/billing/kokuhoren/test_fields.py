"""One value in a file: its bytes, or why it does not fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.kokuhoren.fields import ValueDoesNotFit, encoded, half_kana, quoted
from billing.kokuhoren.layouts import Field, Kind, Record, Use, record
from teikyaku.periods import Month
from teikyaku.reasons import Certainty

ATTRIBUTES = {Kind.TEXT: "alnum", Kind.KANJI: "kanji", Kind.NUMBER: "number", Kind.SIGNED: "number"}


def one(kind: Kind, size: int, value, use: Use = Use.SOMETIMES, fixed: str = "") -> bytes:
    field = Field(
        1, "項目", ATTRIBUTES.get(kind, "code"), size, "", kind, "", use, fixed,
        Certainty.SOURCE, "",
    )  # fmt: skip
    return encoded("見本 太郎", Record("J121:01", (field,)), field, value)


@pytest.mark.parametrize(
    ("kind", "size", "value", "expected"),
    [
        (Kind.TEXT, 10, "A1ｱ", b"A1\xb1"),
        (Kind.TEXT, 3, "ｱ ｲ", b'"\xb1 \xb2"'),
        (Kind.KANJI, 8, "会議　有", '"会議　有"'.encode("cp932")),
        (Kind.CODE, 2, "09", b"09"),
        (Kind.CODE, 6, "000000", b"000000"),
        (Kind.NUMBER, 3, 0, b"0"),
        (Kind.NUMBER, 3, 999, b"999"),
        (Kind.SIGNED, 3, -85, b"-85"),
        (Kind.DATE, 8, date(2026, 4, 1), b"20260401"),
        (Kind.MONTH, 6, Month(2026, 4), b"202604"),
        (Kind.UNIT_PRICE, 5, Decimal("10.00"), b"10000"),
        (Kind.UNIT_PRICE, 5, Decimal("11.20"), b"11200"),
        (Kind.UNIT_PRICE, 5, Decimal("99.999"), b"99999"),
        (Kind.AMOUNT, 5, Decimal("31"), b"3100"),
        (Kind.AMOUNT, 5, Decimal("4.5"), b"450"),
        (Kind.TEXT, 3, None, b""),
        (Kind.KANJI, 3, "", b""),
    ],
)
def test_a_value_as_bytes(kind, size, value, expected):
    assert one(kind, size, value) == expected


@pytest.mark.parametrize(
    ("kind", "size", "value", "why"),
    [
        (Kind.TEXT, 2, "ABC", "2バイトまで"),
        (Kind.TEXT, 9, "abc", "「abc」"),
        (Kind.TEXT, 9, "ア", "「ア」"),
        (Kind.TEXT, 9, "A'", "「'」"),
        (Kind.TEXT, 9, 'A"', '「"」'),
        (Kind.TEXT, 9, "A\t", "制御文字"),
        (Kind.TEXT, 9, " A", "空白"),
        (Kind.TEXT, 9, 5, "文字の項目"),
        (Kind.KANJI, 4, "会議室", "4バイトまで（いま6バイト）".replace("（", "の項目です（")),
        (Kind.KANJI, 40, "Aさん", "「A」"),
        (Kind.KANJI, 40, "会議 有", "半角の空白"),
        (Kind.KANJI, 40, "会議\n有", "制御文字"),
        (Kind.KANJI, 40, "ｶﾞ", "「ｶﾞ」"),
        (Kind.KANJI, 40, "𠮷田", "「𠮷」"),
        (Kind.KANJI, 40, "\ue000", "書けません"),
        (Kind.KANJI, 40, 1, "文字の項目"),
        (Kind.CODE, 2, "9", "数字2桁"),
        (Kind.CODE, 2, "0a", "数字だけ"),
        (Kind.CODE, 2, "０１", "数字だけ"),
        (Kind.CODE, 2, 12, "数字だけ"),
        (Kind.NUMBER, 3, -1, "0以上"),
        (Kind.NUMBER, 3, 1000, "3バイトまで"),
        (Kind.NUMBER, 3, 1.5, "整数"),
        (Kind.NUMBER, 3, True, "整数"),
        (Kind.NUMBER, 3, Decimal("1"), "整数"),
        (Kind.SIGNED, 3, -100, "3バイトまで"),
        (Kind.DATE, 8, "20260401", "日付"),
        (Kind.MONTH, 6, date(2026, 4, 1), "年月"),
        (Kind.UNIT_PRICE, 5, Decimal("100"), "整数2桁・小数3桁"),
        (Kind.UNIT_PRICE, 5, Decimal("10.0001"), "整数2桁・小数3桁"),
        (Kind.UNIT_PRICE, 5, Decimal("-1"), "0以上"),
        (Kind.UNIT_PRICE, 5, 10.0, "数値"),
        (Kind.UNIT_PRICE, 5, Decimal("NaN"), "整数2桁"),
        (Kind.UNIT_PRICE, 5, Decimal("Infinity"), "整数2桁"),
        (Kind.AMOUNT, 5, Decimal("1000"), "整数3桁・小数2桁"),
    ],
)
def test_a_value_that_does_not_fit(kind, size, value, why):
    with pytest.raises(ValueDoesNotFit) as caught:
        one(kind, size, value)
    assert why in caught.value.reason
    assert caught.value.person == "見本 太郎"
    assert caught.value.field == "項目"
    assert caught.value.value == str(value)


def test_what_may_be_empty_and_what_is_always_the_same():
    with pytest.raises(ValueDoesNotFit, match="空欄です。空欄にできない項目です"):
        one(Kind.CODE, 2, None, Use.ALWAYS)
    with pytest.raises(ValueDoesNotFit, match="空欄にする項目"):
        one(Kind.CODE, 2, "01", Use.NEVER)
    assert one(Kind.CODE, 2, None, Use.ALWAYS, "47") == b"47"
    with pytest.raises(ValueDoesNotFit, match="いつも「47」"):
        one(Kind.CODE, 2, "48", Use.ALWAYS, "47")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABC", "ABC"), ("ｱ", "ｱ"), ("", ""), ("a,b", '"a,b"'), ('a"b', '"a""b"'), ('a "b', '"a ""b"'),
        ("a b", '"a b"'), ("全角", '"全角"'), ("　", '"　"'), ("-85", "-85"),
    ],
)  # fmt: skip
def test_quotes(text, expected):
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("やまだ　たろう", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ヤマダ タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "ﾔﾏﾀﾞ ﾀﾛｳ"),
        ("か\u3099っきょう", "ｶﾞｯｷｮｳ"),
        ("か゛", "ｶﾞ"),
        ("ぱーてぃ", "ﾊﾟｰﾃｨ"),
        ("ヴィクトル・ファン", "ｳﾞｨｸﾄﾙ･ﾌｧﾝ"),
        ("ゔ", "ｳﾞ"),
        ("ヷン", "ﾜﾞﾝ"),
        ("グエン　ティ　フオン", "ｸﾞｴﾝ ﾃｨ ﾌｵﾝ"),
        ("メアリー", "ﾒｱﾘｰ"),
        ("ジョン・スミス", "ｼﾞｮﾝ･ｽﾐｽ"),
        ("  すずき   いち ", "ｽｽﾞｷ ｲﾁ"),
        ("をとめ", "ｦﾄﾒ"),
        ("Ｊｏｈｎ", "JOHN"),
        ("", ""),
        ("ゐだ", "ヰﾀﾞ"),
        ("みつヶの", "ﾐﾂヶﾉ"),
        ("すゞき", "ｽゝﾞｷ"),
    ],
)
def test_half_width_kana(reading, expected):
    assert half_kana(reading) == expected


def test_every_katakana_is_written_or_named():
    kana = [chr(code) for code in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB))]
    assert [each for each in kana if refusal(each)] == [*"ゎゐゑゕゖヮヰヱヵヶヸヹ"]
    assert all("書けません" in refusal(each) for each in kana if refusal(each))


def refusal(letter: str) -> str:
    """Why a name with this letter is not written; empty where it is."""
    shape = record("J121:01")
    try:
        encoded("", shape, shape.field(8), half_kana(letter))
    except ValueDoesNotFit as fault:
        return fault.reason
    return ""
