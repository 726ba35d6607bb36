"""Any bytes: lines and values come out, what is wrong is told, nothing breaks."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.kokuhoren.checker import FileCheck
from billing.kokuhoren.readable import readable
from billing.kokuhoren.reader import read
from tests.billing.kokuhoren.cases import claim, found, records


def reasons(source: bytes) -> list[str]:
    return [str(each) for each in found(source)]


def told(source: bytes, line: int, words: str) -> bool:
    return any(each.line == line and words in each.reason for each in found(source))


def test_a_sound_file_has_no_finding():
    assert found(claim()) == []
    assert found(records()) == []
    assert found(claim(), "S2605001.CSV") == []


def test_a_file_object_is_read_as_bytes_are():
    check = FileCheck(BytesIO(claim()))
    assert list(check.findings()) == []
    assert (check.lines, check.people) == (9, 1)


def test_quotes_are_taken_off():
    row = next(read(b'2,4,J121,01,"a,b","say ""x""","",end\r\n'))
    assert row.cells == (b"J121", b"01", b"a,b", b'say "x"', b"", b"end")


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (lambda b: b.replace(b"\r\n", b"\n"), 1, "LFだけ"),
        (lambda b: b.replace(b"\r\n", b"\r"), 1, "CRだけ"),
        (lambda b: b[:-2], 9, "改行（CR LF）がありません"),
        (lambda b: b.decode("cp932").encode("utf-8"), 4, "シフトJIS"),
        (lambda b: b"\xef\xbb\xbf" + b.decode("cp932").encode("utf-8"), 1, "UTF-8（BOM付き）"),
        (lambda b: b.decode("cp932").encode("utf-16"), 1, "UTF-16"),
        (lambda b: b.replace(b'"', b""), 4, "囲んでください"),
        (lambda b: b.replace(b'",,23', b",,23"), 4, "閉じていません"),
        (lambda b: b.replace(b'",,23', b'"x,,23'), 4, "あとに文字"),
        (lambda b: b.replace(b"9300", b'93"00'), 4, "途中に"),
        (lambda b: b.replace(b"J121,05", b"J121,99"), 8, "「J121 99」というレコードは知りません"),
        (lambda b: b.replace(b"2,8,J121", b"9,8,J121"), 8, "「9」で始まる行はありません"),
        (lambda b: b.replace(b",,1\r\n", b",1\r\n"), 8, "項目は11個です（いま10個）"),
        (lambda b: b.replace(b",,1\r\n", b",,1,\r\n"), 8, "項目は11個です（いま12個）"),
        (lambda b: b.replace(b"2,5,", b"\x1a,5,"), 5, "で始まる行はありません"),
        (lambda b: b"", 0, "何も入っていません"),
        (lambda b: b + b"\r\n", 10, "エンド行より後"),
        (lambda b: b"x" * 30_000, 1, "長すぎます"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_form_is_told_at_its_line(change, line, words):
    source = change(claim())
    assert told(source, line, words), reasons(source)


def test_a_guess_at_the_encoding():
    source = claim().decode("cp932").replace("ﾐﾎﾝ ﾀﾛｳ", "見本　太郎").encode("utf-8")
    assert told(source, 4, "UTF-8で書かれているようです") or told(source, 4, "半角カナだけ")


def test_bytes_that_are_no_character_name_their_place():
    source = claim().replace(b"47ZZ01,3512", b"47ZZ01,\x81\x00")
    assert told(source, 6, "56バイト目"), reasons(source)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_answered(source):
    assert found(source)
    assert all(each.reason for each in found(source))
    assert len(list(readable(source, 1, 1000))) == len(list(read(source)))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([b"1", b"2", b"3", b",", b"\r\n", b'"', b"J121", b"01", b"J611", b"02",
                                 b"J411", b"J111", b"202604", b"99999999999999999999999", b"-", b"\xff",
                                 b"\x81", "全".encode("cp932"), b" ", b"47", b"151035"]), max_size=300))  # fmt: skip
def test_any_mixture_of_its_parts_is_answered(parts):
    source = b"".join(parts)
    assert found(source)
    assert all(line.raw is not None for line in readable(source, 1, 1000))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_file_with_anything_inside_is_answered(data):
    """Also between sound lines: the rules meet every kind of nonsense."""
    source = data.draw(st.sampled_from([claim(), records()]))
    at = data.draw(st.integers(0, len(source)))
    until = data.draw(st.integers(at, min(len(source), at + 20)))
    broken = source[:at] + data.draw(st.binary(max_size=12)) + source[until:]
    assert isinstance(found(broken), list)
    assert list(readable(broken, 1, 1000)) or not broken
