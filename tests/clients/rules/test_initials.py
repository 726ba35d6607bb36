"""Initials: what leaves the product instead of a name."""

import pytest

from clients.rules.initials import distinct, initials


@pytest.mark.parametrize(
    ("kana", "letters"),
    [
        pytest.param("やまだ たろう", "Y.T.", id="two-words"),
        pytest.param("ヤマダ　タロウ", "Y.T.", id="katakana-wide-blank"),
        pytest.param("ﾔﾏﾀﾞ ﾀﾛｳ", "Y.T.", id="half-width"),
        pytest.param("まりあ", "M.", id="one-word"),
        pytest.param("ちば つばさ", "C.T.", id="chi-tsu"),
        pytest.param("しみず ふみ", "S.F.", id="shi-fu"),
        pytest.param("じん ぢえ", "J.J.", id="ji"),
        pytest.param("ゔぃくとる おう", "V.O.", id="foreign"),
        pytest.param("グエン ヴァン ナム", "G.V.N.", id="three-words"),
        pytest.param("あ い う え", "A.I.U.", id="no-more-than-three"),
        pytest.param("Maria Santos", "M.S.", id="latin"),
        pytest.param("山田 たろう", "?.T.", id="no-reading"),
        pytest.param("ー", "?.", id="a-dash-alone"),
        pytest.param("", "?", id="nothing"),
    ],
)
def test_letters_come_from_the_reading(kana, letters):
    assert initials(kana) == letters


def test_the_second_with_the_same_letters_gets_a_number_and_the_first_keeps_hers():
    people = [(7, "やまだ たろう"), (3, "よしだ ともこ"), (9, "さとう はな"), (1, "ゆき てつ")]
    assert distinct(people) == {7: "Y.T.", 3: "Y.T.2", 9: "S.H.", 1: "Y.T.3"}
    assert distinct(people[:1]) == {7: "Y.T."}
