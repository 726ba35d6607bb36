"""Easy papers for the person: sentences with readings above them, days of the month read as people say them."""

from __future__ import annotations

from typing import Any

from teikyaku.furigana import segments

DAYS = (
    "ついたち", "ふつか", "みっか", "よっか", "いつか", "むいか", "なのか", "ようか", "ここのか",
    "とおか", "じゅういちにち", "じゅうににち", "じゅうさんにち", "じゅうよっか", "じゅうごにち",
    "じゅうろくにち", "じゅうしちにち", "じゅうはちにち", "じゅうくにち", "はつか",
    "にじゅういちにち", "にじゅうににち", "にじゅうさんにち", "にじゅうよっか", "にじゅうごにち",
    "にじゅうろくにち", "にじゅうしちにち", "にじゅうはちにち", "にじゅうくにち", "さんじゅうにち",
    "さんじゅういちにち",
)  # fmt: skip
# A line as a paper takes it: pieces of text, each with its reading or "".
Runs = list[dict[str, str]]


def ruby(text: str) -> Runs:
    """A line of our own words; 佐藤《さとう》 gives a reading of its own."""
    return [{"text": part, "reading": reading} for part, reading in segments(text)]


def easy_day(day: str) -> str:
    """令和9年3月2日 with the reading of its number: no list of words knows it (2日 is ふつか)."""
    month, _mark, number = day.rstrip("日").rpartition("月")
    return f"{month}月｜{number}日《{DAYS[int(number) - 1]}》"


def easy_part(title: str, lines: list[str], *, is_large: bool = False) -> dict[str, Any]:
    """One part of a paper: its heading and lines, the first line large where asked."""
    return {"title": ruby(title), "lines": [ruby(line) for line in lines], "is_large": is_large}
