"""Readings, sums, telephone numbers and years as people type them, and what is told where they slip."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from teikyaku.fields import EARLIEST_BIRTH, DateField, KanaField, PhoneField, YenField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("やまだ たろう", "やまだ たろう"), ("ヤマダ　タロウ", "ヤマダ　タロウ"), ("ﾀｶﾊｼ ｻﾌﾞﾛｳ", "ﾀｶﾊｼ ｻﾌﾞﾛｳ"),
        ("すらゔぁ", "すらゔぁ"), ("マリー・アンヌ", "マリー・アンヌ"), ("プラー", "プラー"),
        ("マリ-", "マリー"), (" さくら ", "さくら"),
    ],
)  # fmt: skip
def test_a_reading(typed, kept):
    assert KanaField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("漢字", "漢字"),
        ("やまだ 太郎", "太郎"),
        ("yamada", "英字"),
        ("やまだ123", "数字"),
        ("ymd1亜", "英字・数字・亜"),
        ("ymd1/亜", "英字・数字・亜・記号（/）"),
    ],
)
def test_what_is_no_reading_is_named(typed, others):
    with pytest.raises(ValidationError, match=f"ひらがなかカタカナ.*「{others}」"):
        KanaField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "yen"),
    [("¥12,345", 12_345), ("￥１２，３４５", 12_345), ("9,300円", 9_300), ("0", 0), (" 500 ", 500)],
)
def test_a_sum(typed, yen):
    assert YenField().clean(typed) == yen


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-5", "マイナスの金額"), ("△5,000", "マイナスの金額"), ("千", "円の数字だけ"), ("1.5", "円の数字だけ"),
        ("100000000", "99,999,999円まで"), ("9" * 10_000, "99,999,999円まで"),
        ("９" * 16, "99,999,999円まで"), ("-" + "9" * 10_000, "0円以上"), ("千" * 10_000, "円の数字だけ"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_sum_is_said(typed, words):
    with pytest.raises(ValidationError, match=words):
        YenField().clean(typed)


def test_a_sum_above_nothing():
    with pytest.raises(ValidationError, match=r"^\['1円以上で入れてください。'\]$"):
        YenField(min_value=1).clean("0")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("025-000-0000", "025-000-0000"), ("０９０ー１２３４ー５６７８", "090-1234-5678"),
        ("(025)000-0000", "(025)000-0000"), ("+81 25-000-0000", "+8125-000-0000"),
    ],
)  # fmt: skip
def test_a_telephone_number(typed, kept):
    assert PhoneField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1", "いま1桁"), ("000-0000", "いま7桁"), ("123456789012345", "いま15桁"), ("9012345678", "市外局番の0から"),
        ("+1", "国番号"), ("-", "数字とハイフン"), ("電話", "数字とハイフン"), ("025+000-0000", "数字とハイフン"),
    ],
)  # fmt: skip
def test_what_is_no_telephone_number(typed, words):
    with pytest.raises(ValidationError, match=words):
        PhoneField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1800-01-01", "1868年より前"), ("1899-12-31", "1900年より前"), ("明治30年1月1日", "1900年より前"),
        ("85-01-01", "西暦4桁か、元号"),
    ],
)  # fmt: skip
def test_a_birth_too_early(typed, words):
    with pytest.raises(ValidationError, match=words):
        DateField(earliest=EARLIEST_BIRTH).clean(typed)


def test_the_first_birth_that_can_be_meant():
    assert DateField(earliest=EARLIEST_BIRTH).clean("1900-01-01") == date(1900, 1, 1)
    assert DateField().clean("1899-12-31") == date(1899, 12, 31)
