"""口座振替: the records byte by byte, what cannot be written, what a result file may hold."""

from __future__ import annotations

from datetime import date

import pytest

from billing.rules.direct_debit import (
    LENGTH,
    Account,
    DebitFileError,
    as_written,
    data,
    file_bytes,
    header,
    problem_of,
    read_results,
    trailer,
    unwritable,
)

OWN = Account("0001", "カクウ", "001", "ホンテン", "1", "1234567")
HEAD = header("0123456789", "シャカイフクシホウジン ミナト", date(2026, 6, 27), OWN)
ROW = data(OWN, "ﾀｶﾊｼ ﾖｼﾛｳ", 4150, 12, is_first=True)


def answered(code="1", *, rows=(ROW,), total=4150, ends_lines=False):
    """The file as a bank sends it back."""
    back = [row[:111] + code + row[112:] for row in rows]
    return file_bytes(HEAD, back, total, ends_lines=ends_lines)


def test_each_field_of_the_header_in_its_place():
    assert len(HEAD) == len(HEAD.encode("cp932")) == LENGTH
    assert HEAD[:14] == "19100123456789"
    assert HEAD[14:54] == "ｼﾔｶｲﾌｸｼﾎｳｼﾞﾝ ﾐﾅﾄ".ljust(40)
    assert HEAD[54:62] == "06270001"
    assert HEAD[62:77] == "ｶｸｳ".ljust(15)
    assert HEAD[77:80] == "001"
    assert HEAD[80:95] == "ﾎﾝﾃﾝ".ljust(15)
    assert HEAD[95:] == "11234567".ljust(25)


def test_each_field_of_a_debit_in_its_place():
    assert len(ROW) == len(ROW.encode("cp932")) == LENGTH
    assert ROW[:5] == "20001"
    assert ROW[5:20] == "ｶｸｳ".ljust(15)
    assert ROW[20:23] == "001"
    assert ROW[23:42] == "ﾎﾝﾃﾝ".ljust(19)
    assert ROW[42:50] == "11234567"
    assert ROW[50:80] == "ﾀｶﾊｼ ﾖｼﾛｳ".ljust(30)
    assert ROW[80:91] == "00000041501"
    assert ROW[91:] == "00000000000000000012" + "0" + " " * 8
    assert data(OWN, "ｱ", 1, 1, is_first=False)[90] == "0"


def test_trailer_and_end():
    assert trailer(2, 8300) == ("8" + "000002" + "000000008300" + "0" * 36).ljust(LENGTH)
    plain = file_bytes(HEAD, [ROW], 4150, ends_lines=False)
    assert len(plain) == 4 * LENGTH
    assert plain[-LENGTH:] == b"9".ljust(LENGTH)
    lines = file_bytes(HEAD, [ROW], 4150, ends_lines=True)
    assert lines.count(b"\r\n") == 4
    assert lines.replace(b"\r\n", b"") == plain


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("みほん　たろう", "ﾐﾎﾝ ﾀﾛｳ"),
        ("ジョー", "ｼﾞﾖ-"),
        ("ﾊﾟｰﾃｨ", "ﾊﾟ-ﾃｲ"),
        ("カ）ミナト", "ｶ)ﾐﾅﾄ"),
        ("abc", "ABC"),
    ],
)
def test_how_a_name_is_written(text, written):
    assert as_written(text) == written
    assert unwritable(text) == ""


def test_what_cannot_be_written_is_named():
    assert unwritable("髙橋ヶ") == "髙橋ヶ"
    assert "髙" in problem_of("口座名義", "髙ハシ", 30)
    assert problem_of("口座名義", "ガ" * 15, 30) == ""
    assert "30文字" in problem_of("口座名義", "ガ" * 16, 30)


@pytest.mark.parametrize("ends_lines", [False, True])
@pytest.mark.parametrize("code", list("0123489"))
def test_a_result_is_read_back(code, ends_lines):
    (line,) = read_results(answered(code, ends_lines=ends_lines))
    assert (line.customer, line.amount_yen, line.code) == (12, 4150, code)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "結果ファイルではありません"),
        (b"x" * 100, "120バイト"),
        (b"x" * 360, "結果ファイルではありません"),
        (b"x" * 359 + b"\x81", "文字が読めません"),
        (answered("7"), "結果コード「7」"),
        (answered("0", total=4151), "トレーラレコードの合計"),
        (answered("0", rows=(ROW[:80] + "x" * 10 + ROW[90:],)), "数字ではありません"),
    ],
)
def test_what_is_no_result_says_why(body, why):
    with pytest.raises(DebitFileError, match=why):
        read_results(body)
