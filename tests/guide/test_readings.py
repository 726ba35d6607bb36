"""Readings of what people write: only where they are certain, and over the characters alone."""

import pytest

from teikyaku.furigana import reading_runs, segments, unread_words, with_furigana


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("話した", [("話", "はな"), ("した", "")]),
        ("早く会う", [("早", "はや"), ("く", ""), ("会", "あ"), ("う", "")]),
        ("会社", [("会社", "かいしゃ")]),
        ("落ち着いて", [("落ち着", "おちつ"), ("いて", "")]),
        ("一人暮らし", [("一人暮", "ひとりぐ"), ("らし", "")]),
        ("会", [("会", "")]),
        ("2日", [("2日", "")]),
    ],
)
def test_kana_behind_a_word_read_themselves(text, expected):
    assert segments(text) == expected


def test_every_way_of_printing_leaves_the_kana_bare():
    assert with_furigana("困った") == "<ruby>困<rt>こま</rt></ruby>った"
    assert reading_runs("困った") == [["困", "こま"], ["った", ""]]


def test_what_is_not_certain_is_named():
    assert unread_words("朝に困ったことを話した。") == ["朝"]
