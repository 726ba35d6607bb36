"""頭文字: what mails and calendars outside the product may say of a person instead of the name.

From the reading, by Roman letters: 「やまだ たろう」 is Y.T. People of one office with the same
letters are told apart by a number in the order in which the office came to know them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import jaconv

from teikyaku.kana import plain_kana

# More words than these say more than a mail should.
WORDS = 3
UNREADABLE = "?"


def initials(kana: str) -> str:
    """「やまだ たろう」→「Y.T.」, one word one letter 「まりあ」→「M.」; "?" for what has no reading."""
    return "".join(f"{_letter(word)}." for word in plain_kana(kana).split()[:WORDS]) or UNREADABLE


def _letter(word: str) -> str:
    roman = jaconv.kana2alphabet(word)
    return next((sign.upper() for sign in roman if sign.isascii() and sign.isalpha()), UNREADABLE)


def distinct(people: Iterable[tuple[int, str]]) -> Mapping[int, str]:
    """(key, reading) in the order of coming → key: initials, from the second on with a number.

    Who was first keeps the bare letters, so that nobody's letters change when somebody comes.
    """
    counted: Counter[str] = Counter()
    found = {}
    for key, kana in people:
        letters = initials(kana)
        counted[letters] += 1
        found[key] = letters if counted[letters] == 1 else f"{letters}{counted[letters]}"
    return found
