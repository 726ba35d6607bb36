"""ふりがな: readings above the Chinese characters of our own sentences.

The words are our own lists (data/furigana*.txt): the pages for everybody use a plain vocabulary, and
a test holds every character of them against it. Longer words win over shorter ones.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
# The words of our own pages, and those of daily life that people write in records.
LISTS = (DATA / "furigana.txt", DATA / "furigana_daily.txt")
# Inside these nothing can carry a reading.
BARE = re.compile(r"<(option|textarea|title|svg|rt)\b.*?</\1>|<[^>]*>|&[#\w]+;", re.DOTALL)
KANJI = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff々]")
AFTER_A_NUMBER = "#"
OWN_READING = re.compile(
    rf"(?:[｜|](?P<marked>[^｜|《》\n]+)|(?P<kanji>(?:{KANJI.pattern})+))《(?P<reading>[^《》\n]+)》"
)


def with_furigana(html: str) -> str:
    """The HTML with `<ruby>` around every word of the list; tags and attributes stay as they are."""
    found, place = [], 0
    for bare in BARE.finditer(html):
        found += [_read(html[place : bare.start()]), bare.group()]
        place = bare.end()
    return "".join((*found, _read(html[place:])))


def reading_runs(text: str) -> list[list[str]]:
    """Plain text as [piece, reading] pairs for a paper; "" where a piece carries no reading.

    People wrote the text: where a row of characters holds one that the list does not know, the whole
    row stays without a reading. Half a word's reading (会 of 会社) would be a wrong one.
    """
    runs: list[list[str]] = []
    pattern, readings = _words()
    place = 0
    for match in pattern.finditer(text):
        runs += [[text[place : match.start()], ""]] * (match.start() > place)
        word, before = match.group(), text[: match.start()][-1:]
        counted = readings.get(AFTER_A_NUMBER + word) if before.isdigit() else None
        head, said, rest = _parts(word, counted or readings[word])
        runs += [[head, said], *([[rest, ""]] if rest else [])]
        place = match.end()
    runs += [[text[place:], ""]] * (place < len(text))
    return [
        [piece, reading if _stands_alone(runs, at) else ""]
        for at, (piece, reading) in enumerate(runs)
    ]


def _stands_alone(runs: list[list[str]], at: int) -> bool:
    """Whether no unread character touches this piece, directly or over pieces that are all kanji."""
    for step in (-1, 1):
        edge, place = runs[at][0][0 if step < 0 else -1], at + step
        while KANJI.match(edge) and 0 <= place < len(runs):
            piece, reading = runs[place]
            near = piece[-1 if step < 0 else 0]
            if not KANJI.match(near):
                break
            if not reading:
                return False
            edge, place = piece[0 if step < 0 else -1], place + step
    return True


def unread(html: str) -> set[str]:
    """Characters of the text that carry no reading yet."""
    text = re.sub(r"<ruby>.*?</ruby>", "", html, flags=re.DOTALL)
    return set(KANJI.findall(BARE.sub("", text)))


def segments(text: str) -> list[tuple[str, str]]:
    """`text` in parts, each with its reading or "".

    Read are the words of the list, and what carries its reading in the text itself, as novels do:
    漢字《かんじ》 or ｜働き方《はたらきかた》. A wrong reading would be worse than none: of the list
    only words of two characters or more are taken (会 is あ in 会う and かい in 会議) and those that
    their kana make certain (会う), and after a number only what is always read alike (not 日: 2日 is
    ふつか).
    """
    found: list[tuple[str, str]] = []
    place = 0
    for own in OWN_READING.finditer(text):
        found += _known(text[place : own.start()])
        found.append((own["marked"] or own["kanji"], own["reading"]))
        place = own.end()
    return [*found, *_known(text[place:])]


def unread_words(text: str) -> list[str]:
    """Runs of Chinese characters that carry no reading, each once, in the order of the text."""
    runs = (
        run
        for part, reading in segments(text)
        if not reading
        for run in re.findall(f"{KANJI.pattern}+", part)
    )
    return list(dict.fromkeys(runs))


def without_readings(text: str) -> str:
    """`text` without the readings that are written in it."""
    return OWN_READING.sub(lambda own: own["marked"] or own["kanji"], text)


def _known(text: str) -> list[tuple[str, str]]:
    pattern, readings = _sure_words()
    found: list[tuple[str, str]] = []
    place = 0
    for word in pattern.finditer(text):
        if word.start() > place:
            found.append((text[place : word.start()], ""))
        head, said, rest = _parts(word.group(), _reading(word, readings))
        found += [(head, said), *([(rest, "")] if rest else [])]
        place = word.end()
    if place < len(text):
        found.append((text[place:], ""))
    return found


def _read(text: str) -> str:
    pattern, readings = _words()
    return pattern.sub(lambda found: _ruby(found, readings), text)


def _ruby(found: re.Match[str], readings: dict[str, str]) -> str:
    head, said, rest = _parts(found.group(), _reading(found, readings))
    return f"<ruby>{head}<rt>{said}</rt></ruby>{rest}"


def _parts(word: str, reading: str) -> tuple[str, str, str]:
    """What carries a reading, the reading, and the kana behind it that reads itself (話した → 話, はな, した)."""
    kana = re.search(r"[ぁ-ん]*$", word)
    rest = kana.group() if kana else ""
    while rest and not reading.endswith(rest):
        rest = rest[1:]
    cut = len(rest)
    return (word[:-cut], reading[:-cut], rest) if cut else (word, reading, "")


def _reading(found: re.Match[str], readings: dict[str, str]) -> str:
    word, before = found.group(), found.string[: found.start()][-1:]
    counted = readings.get(AFTER_A_NUMBER + word) if before.isdigit() else None
    return counted or readings[word]


@cache
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    texts = (path.read_text(encoding="utf-8") for path in LISTS)
    lines = (line.split() for text in texts for line in text.splitlines())
    return _matching({line[0]: line[1] for line in lines if len(line) == 2})  # noqa: PLR2004


@cache
def _sure_words() -> tuple[re.Pattern[str], dict[str, str]]:
    """The words that are read alike in whatever sentence they stand."""
    _pattern, readings = _words()
    kanji = KANJI.pattern
    is_sure = re.compile(rf"{kanji}(?:{kanji}|[ぁ-ん])+|#[年月回円歳]")
    return _matching({word: said for word, said in readings.items() if is_sure.fullmatch(word)})


def _matching(readings: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    # Of two equally long ones, the one that stands after a number: 月 is がつ there, つき elsewhere.
    longest_first = sorted(
        readings,
        key=lambda word: (-len(word.lstrip(AFTER_A_NUMBER)), not word.startswith(AFTER_A_NUMBER)),
    )
    parts = [
        rf"(?<=\d){re.escape(word[1:])}" if word.startswith(AFTER_A_NUMBER) else re.escape(word)
        for word in longest_first
    ]
    return re.compile("|".join(parts)), readings
