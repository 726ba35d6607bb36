"""口座振替: the records byte by byte, what cannot be written, what a result file may hold."""

from __future__ import annotations

from datetime import date

import pytest

from billing.rules.direct_debit import (
    LENGTH,
    Account,
    DebitFileError,
    Novelty,
    as_written,
    bank_rest,
    data,
    file_bytes,
    header,
    next_debit_day,
    novelty_of,
    problem_of,
    read_results,
    trailer,
    unwritable,
)

OWN = Account("0001", "カクウ", "001", "ホンテン", "1", "1234567")
HEAD = header("0123456789", "シャカイフクシホウジン ミナト", date(2026, 6, 27), OWN)
ROW = data(OWN, "ﾀｶﾊｼ ﾖｼﾛｳ", 4150, 12, Novelty.FIRST)


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
    assert data(OWN, "ｱ", 1, 1, Novelty.KNOWN)[90] == "0"


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
        ("ヰヱヵヶヮゎ", "ｲｴｶｹﾜﾜ"),
        ("ｶ−￥¥", "ｶ-\\\\"),
    ],
)
def test_how_a_name_is_written(text, written):
    assert as_written(text) == written
    assert unwritable(text) == ""


def test_what_cannot_be_written_is_named():
    assert unwritable("髙橋・") == "髙橋･"
    assert unwritable("É") == "◌\u0301"
    assert "髙" in problem_of("口座名義", "髙ハシ", 30)
    assert problem_of("口座名義", "ガ" * 15, 30) == ""
    assert "30文字" in problem_of("口座名義", "ガ" * 16, 30)


@pytest.mark.parametrize("ends_lines", [False, True])
@pytest.mark.parametrize("code", list("0123489"))
def test_a_result_is_read_back(code, ends_lines):
    (line,) = read_results(answered(code, ends_lines=ends_lines)).lines
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


@pytest.mark.parametrize("end", [b"\x1a", b"\x1a\r\n", b"\r\n\x1a", b"\r\n"])
def test_an_end_of_file_is_no_record(end):
    assert len(read_results(answered("0") + end).lines) == 1


def told(body, paid):
    """As a bank fills in what it debited and what not, in the trailer."""
    at = 2 * LENGTH + 19
    return body[:at] + paid.encode() + body[at + len(paid) :]


def test_what_the_trailer_says_is_compared_where_it_says_it():
    right = told(answered("0"), "000001" + "000000004150" + "000000" + "0" * 12)
    assert read_results(right).lines[0].code == "0"
    rest = told(answered("1"), "000000" + "0" * 12 + "000001" + "000000004150")
    assert read_results(rest).lines[0].code == "1"
    for body in (
        told(answered("1"), "000001" + "000000004150" + "000000" + "0" * 12),
        told(answered("0"), "000001" + "000000004151" + "000000" + "0" * 12),
    ):
        with pytest.raises(DebitFileError, match="振替済みと不能"):
            read_results(body)


def test_whose_result_of_which_day():
    found = read_results(answered("0"))
    assert found.is_of(HEAD)
    assert not found.is_of(header("9999999999", "ミナト", date(2026, 6, 27), OWN))
    assert not found.is_of(header("0123456789", "ミナト", date(2026, 7, 27), OWN))
    body = answered("0")
    blank = body[:4] + b" " * 10 + body[14:54] + b"0000" + body[58:]
    assert read_results(blank).is_of(header("9999999999", "ミナト", date(2026, 7, 27), OWN))


@pytest.mark.parametrize(
    ("former", "before", "code"),
    [
        pytest.param("", False, "1", id="the-first"),
        pytest.param("", True, "0", id="known-from-other-software"),
        pytest.param(ROW, False, "0", id="as-before"),
        pytest.param(ROW[:43] + "7654321" + ROW[50:], False, "2", id="another-number"),
        pytest.param(ROW[:1] + "0002" + ROW[5:], True, "2", id="another-bank"),
        pytest.param(ROW[:42] + "2" + ROW[43:], False, "2", id="another-kind"),
        pytest.param(ROW[:50] + "ﾊﾊ".ljust(30) + ROW[80:], False, "0", id="another-holder"),
    ],
)
def test_what_the_bank_is_told_of_an_account(former, before, code):
    assert novelty_of(OWN, former, was_debited_before=before) == code


@pytest.mark.parametrize(
    ("on", "usual", "lead", "day"),
    [
        pytest.param(date(2026, 11, 2), 27, 0, date(2026, 11, 27), id="a-working-day"),
        pytest.param(date(2026, 11, 27), 27, 0, date(2026, 12, 28), id="never-the-same-day"),
        pytest.param(date(2026, 11, 26), 27, 0, date(2026, 11, 27), id="tomorrow"),
        pytest.param(date(2026, 11, 28), 27, 0, date(2026, 12, 28), id="a-sunday-moves-on"),
        pytest.param(date(2026, 6, 1), 27, 0, date(2026, 6, 29), id="a-saturday-moves-on"),
        pytest.param(date(2026, 11, 20), 27, 8, date(2026, 12, 28), id="too-late-to-send"),
        pytest.param(date(2026, 11, 19), 27, 8, date(2026, 11, 27), id="the-last-day-to-send"),
        pytest.param(date(2027, 2, 1), 31, 0, date(2027, 3, 1), id="a-short-month-and-a-sunday"),
        pytest.param(date(2026, 12, 29), 31, 0, date(2027, 1, 4), id="the-turn-of-the-year"),
        pytest.param(date(2026, 12, 28), 29, 0, date(2026, 12, 29), id="banks-work-on-the-29th"),
    ],
)
def test_the_next_debit_day(on, usual, lead, day):
    assert next_debit_day(on, usual, lead) == day
    assert bank_rest(day) == ""
