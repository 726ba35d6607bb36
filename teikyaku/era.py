"""和暦: Japanese eras, read and written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from teikyaku.periods import Month

# name, letter, first day. The first day of 明治 is the day of the change of era, 1868-10-23.
ERAS = (
    ("明治", "M", date(1868, 10, 23)),
    ("大正", "T", date(1912, 7, 30)),
    ("昭和", "S", date(1926, 12, 25)),
    ("平成", "H", date(1989, 1, 8)),
    ("令和", "R", date(2019, 5, 1)),
)
EXAMPLE = "2026-04-01、令和8年4月1日、R8.4.1"
_ERA = "|".join([*(name for name, _, _ in ERAS), "[MTSHRmtshr]"])
_SEPARATED = re.compile(rf"(?P<era>{_ERA})?(?P<y>元|\d{{1,4}})[年./-](?P<m>\d{{1,2}})(?:[月./-](?P<d>\d{{1,2}})日?|月)?")
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")


class DateInputError(ValueError):
    """What was typed is no date; the message says so to the person who typed it."""


def parse_date(text: str) -> date:
    """The day that was typed in 西暦 or 和暦. Raises DateInputError with a Japanese message."""
    typed = _normal(text)
    match = _COMPACT.fullmatch(typed) or _SEPARATED.fullmatch(typed)
    if match is None or not match["d"]:
        raise DateInputError(f"日付として読めませんでした。例：{EXAMPLE}")
    year = _year(match.groupdict().get("era"), match["y"])
    return _existing(year, int(match["m"]), int(match["d"]), match.groupdict().get("era"))


def parse_month(text: str) -> Month:
    """The month that was typed in 西暦 or 和暦. Raises DateInputError with a Japanese message."""
    match = _SEPARATED.fullmatch(_normal(text))
    if match is None or match["d"]:
        raise DateInputError("月として読めませんでした。例：2026-04、令和8年4月")
    year, month = _year(match["era"], match["y"]), int(match["m"])
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise DateInputError(f"{month}月はありません。")
    return Month(year, month)


def _normal(text: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded.translate({ord(dash): "-" for dash in "‐‑‒–—―−ー"})


def _year(era: str | None, typed: str) -> int:
    number = 1 if typed == "元" else int(typed)
    if era is None:
        if number < 1868:  # noqa: PLR2004
            raise DateInputError(f"年が分かりません。元号か西暦4桁で入れてください。例：{EXAMPLE}")
        return number
    first = next(start for name, letter, start in ERAS if era in (name, letter, letter.lower()))
    if number == 0:
        raise DateInputError("0年はありません。")
    return first.year + number - 1


def _existing(year: int, month: int, day: int, era: str | None) -> date:
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise DateInputError(f"{year}年{month}月{day}日は、暦にありません。") from error
    if era:
        _check_era(era, found)
    return found


def _check_era(era: str, found: date) -> None:
    index = next(i for i, row in enumerate(ERAS) if era in (row[0], row[1], row[1].lower()))
    name, _letter, first = ERAS[index]
    if found < first:
        raise DateInputError(f"{name}は{first.year}年{first.month}月{first.day}日からです。")
    # Papers written before 2019 carry 平成 dates beyond its end; no other era runs over.
    if index + 1 < len(ERAS) and found >= ERAS[index + 1][2] and name != "平成":
        raise DateInputError(f"その日は{wareki(found)}です。元号を確かめてください。")


def _era_of(day: date) -> tuple[str, str, int]:
    for name, letter, first in reversed(ERAS):
        if day >= first:
            return name, letter, day.year - first.year + 1
    raise ValueError("before 明治")


def wareki(day: date) -> str:
    """令和8年4月1日; 元年 for a first year."""
    name, _letter, year = _era_of(day)
    return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def wareki_short(day: date) -> str:
    """R8.4.1."""
    _name, letter, year = _era_of(day)
    return f"{letter}{year}.{day.month}.{day.day}"


def wareki_month(month: Month) -> str:
    """令和8年4月."""
    name, _letter, year = _era_of(month.last_day)
    return f"{name}{'元' if year == 1 else year}年{month.month}月"


def both(day: date) -> str:
    """2026年4月1日（令和8年）."""
    name, _letter, year = _era_of(day)
    return f"{day.year}年{day.month}月{day.day}日（{name}{'元' if year == 1 else year}年）"
