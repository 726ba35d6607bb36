"""和暦: days and months in Japanese eras, read generously and written in one way.

People copy dates from papers, so both calendars, every width, separator and abbreviation in use are
read; what cannot be a day is refused in words that say what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from teikyaku.periods import Month, day_before


class Era(NamedTuple):
    """元号."""

    name: str
    letter: str
    starts_on: date


# 明治 was counted from the New Year of the old calendar, but proclaimed on 1868-10-23: that day of
# the change (改元) is the usual first day, and no living person's paper carries an earlier one.
ERAS = (
    Era("明治", "M", date(1868, 10, 23)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("令和", "R", date(2019, 5, 1)),
)
FIRST_DAY = ERAS[0].starts_on
# Later than any period counted from a real day; beyond it month sums would leave the calendar.
LAST_DAY = date(2199, 12, 31)
# Papers printed before 2019 carry 平成 dates beyond its end (平成33年3月31日). No other era does.
_ERA_THAT_RUNS_OVER = "平成"

DAY_EXAMPLES = "2026-04-01、令和8年4月1日、R8.4.1"
MONTH_EXAMPLES = "2026-04、令和8年4月、R8.4"

_ERA = "|".join([*(era.name for era in ERAS), "[明大昭平令]", "[MTSHR]"])
_YEAR = rf"(?P<era>{_ERA})?(?P<year>元|[0-9]{{1,4}})"
_MONTH_PATTERNS = (
    re.compile(rf"{_YEAR}[年./-](?P<month>[0-9]{{1,2}})(月分?)?", re.IGNORECASE),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})"),
)
_DAY_PATTERNS = (
    re.compile(
        rf"{_YEAR}[年./-](?P<month>[0-9]{{1,2}})[月./-](?P<day>[0-9]{{1,2}})日?", re.IGNORECASE
    ),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(
        r"(?P<era>[MTSHR])(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})", re.IGNORECASE
    ),
)
# 11/20, 11月20日: papers of the same weeks are dated without a year.
_YEARLESS = re.compile(r"(?P<month>[0-9]{1,2})[月./-](?P<day>[0-9]{1,2})日?")
_HALF_A_YEAR = 184
_REMARK = re.compile(r"\(([^()]*)\)")
_REMARK_YEAR = re.compile(rf"{_YEAR}年?", re.IGNORECASE)
_WEEKDAYS = "月火水木金土日"
_REMARK_WEEKDAY = re.compile(rf"([{_WEEKDAYS}])(曜日?)?")
_SPELLINGS = str.maketrans({**dict.fromkeys("‐‑‒–—―−ーｰ", "-"), "・": ".", "。": "."})


class DateInputError(ValueError):
    """What was typed is no day or month; the message says so to the person who typed it."""


def parse_date(text: str, near: date | None = None) -> date:
    """The day that was typed in 西暦 or 和暦, 1868-10-23 to 2199-12-31.

    With `near`, a day without its year (11/20, 11月20日) is the one nearest to it. Raises
    DateInputError with a Japanese message.
    """
    typed, remarks = _without_remarks(text)
    match = _first_match(_DAY_PATTERNS, typed)
    if match is None:
        if yearless := _YEARLESS.fullmatch(typed):
            return _nearest(int(yearless["month"]), int(yearless["day"]), near, remarks)
        if _first_match(_MONTH_PATTERNS, typed):
            raise DateInputError(f"何日かを入れてください。例：{DAY_EXAMPLES}")
        raise DateInputError(f"日付として読めませんでした。例：{DAY_EXAMPLES}")
    era, month = _month_of(match, DAY_EXAMPLES)
    found = _day_of(month, int(match["day"]))
    if not FIRST_DAY <= found <= LAST_DAY:
        raise DateInputError(
            f"{FIRST_DAY.year}年{FIRST_DAY.month}月{FIRST_DAY.day}日から{LAST_DAY.year}年までの"
            "日付を入れてください。"
        )
    if era is not None:
        _check_era(era, found, found)
    for remark in remarks:
        _check_remark(remark, found)
    return found


def _nearest(month: int, day: int, near: date | None, remarks: list[str]) -> date:
    """The day of this month and day that lies nearest to `near`."""
    if near is None:
        raise DateInputError(f"年も入れてください。例：{DAY_EXAMPLES}")
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise DateInputError(f"{month}月はありません。1月から12月までで入れてください。")
    years = (near.year, near.year - 1, near.year + 1)
    found = [date(y, month, day) for y in years if 1 <= day <= Month(y, month).last_day.day]
    nearest = min(found, key=lambda each: abs((each - near).days), default=None)
    if nearest is None or abs((nearest - near).days) > _HALF_A_YEAR:
        nearest = _day_of(Month(near.year, month), day)  # a 29 February of another year is a slip
    for remark in remarks:
        _check_remark(remark, nearest)
    return nearest


def parse_month(text: str) -> Month:
    """The month that was typed in 西暦 or 和暦. Raises DateInputError with a Japanese message."""
    typed = _normal(text)
    match = _first_match(_MONTH_PATTERNS, typed)
    if match is None:
        if _first_match(_DAY_PATTERNS, typed):
            raise DateInputError(f"月だけを入れてください。例：{MONTH_EXAMPLES}")
        raise DateInputError(f"月として読めませんでした。例：{MONTH_EXAMPLES}")
    era, month = _month_of(match, MONTH_EXAMPLES)
    if not Month.of(FIRST_DAY) <= month <= Month.of(LAST_DAY):
        raise DateInputError(
            f"{FIRST_DAY.year}年{FIRST_DAY.month}月から{LAST_DAY.year}年までの月を入れてください。"
        )
    if era is not None:
        _check_era(era, month.first_day, month.last_day)
    return month


def _normal(text: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded.translate(_SPELLINGS)


def _without_remarks(text: str) -> tuple[str, list[str]]:
    """What is in brackets apart: a weekday, or the year of the other calendar as we print it."""
    typed = _normal(text)
    return _REMARK.sub("", typed), _REMARK.findall(typed)


def _first_match(patterns: tuple[re.Pattern[str], ...], typed: str) -> re.Match[str] | None:
    return next((match for each in patterns if (match := each.fullmatch(typed))), None)


def _month_of(match: re.Match[str], examples: str) -> tuple[Era | None, Month]:
    parts = match.groupdict()
    era = _era_named(parts.get("era"))
    year = _western_year(era, parts["year"])
    if year < FIRST_DAY.year and len(parts["year"]) == len(str(FIRST_DAY.year)):
        raise DateInputError(f"{FIRST_DAY.year}年より前の日付は入れられません。")
    if year < FIRST_DAY.year:
        raise DateInputError(f"年は西暦4桁か、元号を付けて入れてください。例：{examples}")
    month = int(parts["month"])
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise DateInputError(f"{month}月はありません。1月から12月までで入れてください。")
    return era, Month(year, month)


def _era_named(typed: str | None) -> Era | None:
    if not typed:
        return None
    return next(era for era in ERAS if typed.upper() in (era.name, era.name[0], era.letter))


def _western_year(era: Era | None, typed: str) -> int:
    number = 1 if typed == "元" else int(typed)
    if era is None:
        return number
    if number == 0:
        raise DateInputError(f"{era.name}0年はありません。最初の年は{era.name}元年です。")
    # Years of four digits behind an era leave the calendar; the range check names the limits.
    return min(era.starts_on.year + number - 1, date.max.year)


def _day_of(month: Month, day: int) -> date:
    last = month.last_day.day
    if not 1 <= day <= last:
        raise DateInputError(f"{month.label}{day}日はありません。{month.label}は{last}日までです。")
    return date(month.year, month.month, day)


def _check_era(era: Era, first: date, last: date) -> None:
    """Refuse a day or month (its first and last day) that lies wholly outside the era named."""
    whole_month = first != last
    if last < era.starts_on:
        edge = f"{era.name}は{_plain(era.starts_on)}からです。"
    elif era.name != _ERA_THAT_RUNS_OVER and first > _last_day_of(era):
        edge = f"{era.name}は{_plain(_last_day_of(era))}までです。"
    else:
        return
    right = wareki_month(Month.of(first)) if whole_month else wareki(first)
    raise DateInputError(f"{edge}{right}ではありませんか。")


def _last_day_of(era: Era) -> date:
    return next(
        (day_before(later.starts_on) for one, later in pairwise(ERAS) if one == era), LAST_DAY
    )


def _check_remark(remark: str, found: date) -> None:
    """Refuse a remark in brackets that contradicts the day: one of the two is a slip."""
    if weekday := _REMARK_WEEKDAY.fullmatch(remark):
        right = _WEEKDAYS[found.weekday()]
        if weekday[1] != right:
            raise DateInputError(f"{_plain(found)}は{right}曜日です。日付を確かめてください。")
    elif year := _REMARK_YEAR.fullmatch(remark):
        if _western_year(_era_named(year["era"]), year["year"]) != found.year:
            raise DateInputError("西暦と和暦の年が合いません。どちらかを直してください。")
    else:
        raise DateInputError(f"日付として読めませんでした。例：{DAY_EXAMPLES}")


def _plain(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _era_of(day: date) -> tuple[Era, int]:
    for era in reversed(ERAS):
        if day >= era.starts_on:
            return era, day.year - era.starts_on.year + 1
    raise ValueError(f"no era is kept for {day}")


def _era_year(day: date) -> str:
    era, year = _era_of(day)
    return f"{era.name}{'元' if year == 1 else year}年"


def wareki(day: date) -> str:
    """令和8年4月1日; 元年 for a first year. Raises ValueError before 1868-10-23, as all below."""
    return f"{_era_year(day)}{day.month}月{day.day}日"


def wareki_short(day: date) -> str:
    """R8.4.1."""
    era, year = _era_of(day)
    return f"{era.letter}{year}.{day.month}.{day.day}"


def wareki_month(month: Month) -> str:
    """令和8年4月; a month in which the era changed bears the new one."""
    return f"{_era_year(month.last_day)}{month.month}月"


def both(day: date) -> str:
    """2026年4月1日（令和8年）."""
    return f"{_plain(day)}（{_era_year(day)}）"


def year_label(year: int) -> str:
    """2026年（令和8年）; a year in which the era changed bears the new one."""
    return f"{year}年（{_era_year(date(year, 12, 31))}）"


def fiscal_year_label(year: int) -> str:
    """2026年度（令和8年度）; a year in which the era changed bears the new one, as offices write it."""
    return f"{year}年度（{fiscal_year_era(year)}）"


def fiscal_year_era(year: int) -> str:
    """令和8年度, of the fiscal year 2026; where room is scarce it stands below the year."""
    return f"{_era_year(date(year, 12, 31))}度"
