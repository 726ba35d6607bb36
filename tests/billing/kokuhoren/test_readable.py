"""A file as people read it."""

from __future__ import annotations

import pytest

from billing.kokuhoren.layouts import record
from billing.kokuhoren.readable import readable, said
from tests.billing.kokuhoren.cases import caps, claim, records


@pytest.mark.parametrize(
    ("key", "position", "text", "expected"),
    [
        ("J121:01", 3, "202604", "令和8年4月"),
        ("J121:01", 3, "202613", "202613"),
        ("J121:01", 3, "186801", "1868年1月"),
        ("J121:02", 8, "20190430", "平成31年4月30日"),
        ("J121:02", 8, "18680101", "1868年1月1日"),
        ("J121:02", 8, "20190431", "20190431"),
        ("J121:01", 12, "9300", "9,300円"),
        ("J121:01", 12, "九", "九"),
        ("J121:01", 10, "23", "23（その他）"),
        ("J121:01", 10, "99", "99"),
        ("J121:03", 8, "-85", "-85単位"),
        ("J121:03", 9, "1", "1回"),
        ("J121:04", 11, "10170", "10.170円"),
        ("J121:04", 9, "2", "2日"),
        ("J121:05", 8, "3100", "31.00"),
        ("J111:01", 7, "12", "12件"),
        ("J411:01", 4, "3", "3（取消し）"),
        ("J611:02", 90, "1", "1（Ⅰ）"),
    ],
)
def test_a_value_in_words(key, position, text, expected):
    assert said(key, record(key).field(position), text) == expected


def test_a_line_beside_its_bytes():
    line = next(readable(claim(), 4, 1))
    assert (line.line, line.label) == (4, "明細書（J121:01）")
    assert line.raw.startswith('2,4,J121,01,202604,151035,1599900015,9100000011,,"ﾐﾎﾝ ﾀﾛｳ",,23')
    assert [value.position for value in line.values] == [
        3, 4, 5, 6, 8, 10, 11, 12, 13, 20, 21, 22, 27, 28,
    ]  # fmt: skip
    assert {value.name: value.value for value in line.values}["支給決定者氏名カナ"] == "ﾐﾎﾝ ﾀﾛｳ"


def test_a_part_of_a_file():
    assert [line.line for line in readable(records(), 2, 2)] == [2, 3]
    assert list(readable(caps(), 99, 5)) == []
    assert [line.label for line in readable(caps(), 1, 1)] == ["コントロール行"]


def test_what_is_not_known_is_shown_as_it_is():
    lines = list(readable(b"2,2,J999,01,x\r\n2,3,J121,05,a,b,c,d,e,f,g,h,i,j\r\n", 1, 9))
    assert (lines[0].label, lines[0].values) == ("知らないレコード", ())
    assert lines[1].values[-1].name == "余分な値"
