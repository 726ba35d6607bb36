"""The words of a contact as a search takes them, and the piece of a note around what was found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clients.rules.names import search_key

# Characters before and after the first find.
BEFORE, AFTER = 30, 90
# Between the fields of a contact: no word is found across them.
GAP = "\n"
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a note; `is_hit` where it is what was searched."""

    text: str
    is_hit: bool


def note_key(texts: Iterable[str]) -> str:
    """Everything written of one contact, folded as names are: full width, kana, case, blanks."""
    return GAP.join(key for text in texts if (key := search_key(text)))


def words_of(typed: str) -> list[str]:
    """The words to find, folded; all of them must be there. The form asks for MOST_WORDS at most."""
    return [key for word in typed.split() if (key := search_key(word))]


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """The note around its first find, with everything found in it marked; [] where nothing is.

    Folding may change lengths, so that each character of the key remembers where it came from.
    """
    key, places = _folded(text)
    spans = sorted(_spans(key, places, words))
    if not spans:
        return []
    start = max(0, spans[0][0] - BEFORE)
    end = min(len(text), spans[0][0] + AFTER)
    found, at = [Piece("…", False)] if start else [], start
    for first, last in spans:
        if first < at or last > end:
            continue
        found += [Piece(text[at:first], False), Piece(text[first:last], True)]
        at = last
    found.append(Piece(text[at:end] + ("…" if end < len(text) else ""), False))
    return [piece for piece in found if piece.text]


def _folded(text: str) -> tuple[str, list[int]]:
    """The search key of a text, and for each of its characters the place in the text."""
    key, places = [], []
    at = 0
    while at < len(text):
        # Half-width kana carry their voicing mark behind them: ｶﾞ is one.
        step = 2 if text[at + 1 : at + 2] in ("ﾞ", "ﾟ") else 1
        for character in search_key(text[at : at + step]):
            key.append(character)
            places.append(at)
        at += step
    return "".join(key), places


def _spans(key: str, places: Sequence[int], words: Sequence[str]) -> Iterable[tuple[int, int]]:
    for word in words:
        at = key.find(word)
        while word and at >= 0:
            last = at + len(word) - 1
            yield places[at], places[last] + 1
            at = key.find(word, at + len(word))
