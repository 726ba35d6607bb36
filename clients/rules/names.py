"""Names: one search key for everything that people type.

Hiragana, katakana, half-width kana, full-width letters and blanks all lead to the same person.
"""

from __future__ import annotations

import unicodedata

import jaconv


def search_key(text: str) -> str:
    """`text` normalised for search: NFKC, katakana to hiragana, folded, without blanks.

    Rare characters (髙, 﨑, 𠮷) stay as they are where NFKC knows no equal; the kana finds them.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(jaconv.kata2hira(folded).split())
