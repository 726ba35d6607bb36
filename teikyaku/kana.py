"""Readings in one spelling: of people in our care and of staff alike."""

from __future__ import annotations

import unicodedata

import jaconv


def plain_kana(text: str) -> str:
    """A reading as it is stored, shown and sorted: half-width and katakana become hiragana, blanks single."""
    return " ".join(jaconv.kata2hira(unicodedata.normalize("NFKC", text)).split())
