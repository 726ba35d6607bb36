"""One search key for everything that people type."""

import pytest

from clients.rules.names import VARIANTS, search_key


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("高橋", "髙橋", id="ladder-high"),
        pytest.param("山崎", "山﨑", id="standing-saki"),
        pytest.param("吉田", "𠮷田", id="earth-yoshi"),
        pytest.param("渡辺", "渡邉", id="be-1"),
        pytest.param("渡邊", "渡辺", id="be-2"),
        pytest.param("さいとう", "サイトウ", id="katakana"),
        pytest.param("ｻｲﾄｳ", "さいとう", id="half-width"),
        pytest.param("佐 藤", "佐藤", id="blank"),
        pytest.param("ＡＢｃ", "abC", id="letters"),
    ],
)
def test_both_ways_lead_to_the_same(typed, stored):
    assert search_key(typed) == search_key(stored)


def test_different_names_stay_different():
    assert len({search_key(name) for name in ("斎藤", "斉藤", "西東", "さいとう")}) == 4


def test_no_variant_leads_to_a_variant():
    assert not set(VARIANTS.values()) & {chr(code) for code in VARIANTS}
