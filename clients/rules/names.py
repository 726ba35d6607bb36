"""Names: one search key for everything that people type.

Hiragana, katakana, half-width kana, full-width letters and blanks all lead to the same person.
"""

from __future__ import annotations

import unicodedata

import jaconv

# 異体字 common in names, each with the character that keyboards offer first.
_COMMON = {
    "高": "髙", "崎": "﨑碕嵜", "吉": "𠮷", "浜": "濵濱", "辺": "邉邊", "斎": "齋", "斉": "齊",
    "沢": "澤", "島": "嶋嶌", "徳": "德", "恵": "惠", "真": "眞", "広": "廣", "国": "國",
    "桜": "櫻", "竜": "龍", "滝": "瀧", "黒": "黑", "桑": "桒", "富": "冨",
    "館": "舘", "曽": "曾", "渕": "淵", "寿": "壽", "栄": "榮", "芦": "蘆", "条": "條",
    "関": "關", "柳": "栁", "土": "𡈽", "角": "⻆", "巌": "巖",
}  # fmt: skip
VARIANTS = str.maketrans(
    {rare: common for common, rares in _COMMON.items() for rare in rares if rare != common}
)


def search_key(text: str) -> str:
    """`text` normalised for search: NFKC, katakana to hiragana, folded, without blanks.

    Variants of a character that people cannot always type (髙, 﨑, 𠮷) are found by the common one,
    and the common one by them. For search only: a name is shown as its bearer writes it.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(VARIANTS)
    return "".join(jaconv.kata2hira(folded).split())
