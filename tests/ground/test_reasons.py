"""Certainty: the letters of docs/rules.md, each with its words."""

import pytest

from teikyaku.reasons import Certainty, Reason, Step


@pytest.mark.parametrize("certainty", Certainty)
def test_every_certainty_has_words(certainty):
    assert Certainty(str(certainty)) is certainty
    assert certainty.label


def test_the_letters_are_those_of_the_register():
    assert [str(each) for each in Certainty] == ["G", "S", "M", "?"]


def test_reasons_and_steps_are_values():
    assert Reason("x", "理由") == Reason("x", "理由")
    assert len({Step("合計", "1 + 1", "2"), Step("合計", "1 + 1", "2")}) == 1
