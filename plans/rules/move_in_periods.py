"""移行の取込: a period that stands in one cell, and which two fields its ends are.

Pure: text in, two texts out. What is no period stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from plans.rules.move_in_words import day_text, folded, month_text
from teikyaku.era import DateInputError, parse_date, parse_month
from teikyaku.periods import last_day_of_months

# First and last of what a sheet can tell in one cell.
PERIODS = (
    ("granted_from", "granted_until"), ("service_from", "service_until"),
    ("cap_first_month", "cap_last_month"), ("leave_from", "leave_until"),
    ("use_from", "ended_on"), ("plan_from", "plan_review_by"), ("employed_on", "left_on"),
)  # fmt: skip
OTHER_END = {first: (first, last) for first, last in PERIODS} | {
    last: (first, last) for first, last in PERIODS
}
# 「R7.10.1から1年」: how long from its first day.
_LONG = re.compile(r"([0-9]{1,2})(年|か月|ヶ月|カ月|ヵ月|ケ月|箇月)間?")
_YEAR = 12
_FISCAL = re.compile(r"(.+年)度")
# What says by itself that a period stands there; a dash stands in days too.
_SURE = re.compile(r"[~〜～∼]|から|より|→|⇒")
_OPEN = {"現在", "今", "継続", "継続中", "利用中", "在職中", "就労中", "休職中"}
_DAY_LIKE = re.compile(
    r"(?:[MTSHR明大昭平令][治正和成]?)?(?:元|[0-9]{1,4})[年./-]|[0-9]{8}", re.IGNORECASE
)
_DASH = re.compile(r"[-‐‑‒–—―−ーｰ\n]")


@lru_cache(maxsize=512)  # lines of one sheet share their days
def ends_of(text: str) -> tuple[str, str] | None:
    """「R8.4.1～R9.3.31」 as its two ends, 「R8.4.1～」 with an open one; None for what is no period."""
    typed = unicodedata.normalize("NFKC", text).strip()
    marks = list(_SURE.finditer(typed))
    if len(marks) == 1:
        first, last = _bare(typed[: marks[0].start()]), _bare(typed[marks[0].end() :])
        last = _after(first, last) or last
        first, last = _fiscal(first, is_last=False), _fiscal(last, is_last=True)
        is_period = _is_end(first) and _is_end(last) and (_is_time(first) or _is_time(last))
        return (first, last) if is_period else None
    for mark in _DASH.finditer(typed):
        first, last = _bare(typed[: mark.start()]), _bare(typed[mark.end() :])
        first, last = _fiscal(first, is_last=False), _fiscal(last, is_last=True)
        if _is_time(first) and _is_time(last):
            return first, last
    return None


def other_end(field: str) -> str:
    """The field that is the other end of a period; "" for a field that is none."""
    first, last = OTHER_END.get(field, ("", ""))
    return last if field == first else first


def seems_period(text: str) -> bool:
    """Whether a cell seems to tell more than one day, also where its ends cannot be read."""
    return bool(_SURE.search(unicodedata.normalize("NFKC", text)))


def month_day(text: str, *, is_last: bool) -> str:
    """Of a period told by months alone, 「R5.4～R7.3」, the first or last day of one; "" for anything else."""
    typed = folded(text)
    try:
        parse_date(day_text(typed))
    except DateInputError:
        pass
    else:
        return ""
    try:
        month = parse_month(month_text(typed))
    except DateInputError:
        return ""
    return (month.last_day if is_last else month.first_day).isoformat()


def _fiscal(text: str, *, is_last: bool) -> str:
    """「R4年度」 as the first or last month of that 年度, April to March; anything else as it stands."""
    match = _FISCAL.fullmatch(text)
    if match is None:
        return text
    try:
        april = parse_month(f"{match[1]}4月")
    except DateInputError:
        return text
    return str(april + 11 if is_last else april)


def _after(first: str, length: str) -> str:
    """The last day of 「1年」 or 「6か月」 from a day on; "" for anything else."""
    match = _LONG.fullmatch(length)
    if match is None:
        return ""
    try:
        begins = parse_date(day_text(first))
    except DateInputError:
        return ""
    months = int(match[1]) * (_YEAR if match[2] == "年" else 1)
    return last_day_of_months(begins, months).isoformat() if months else ""


def _bare(text: str) -> str:
    bare = folded(text).removesuffix("まで").strip("()")
    return "" if bare in _OPEN else bare


def _is_end(text: str) -> bool:
    """Nothing, or what is meant as a day: a slip in it is told at its own field."""
    return not text or bool(_DAY_LIKE.match(text))


def _is_time(text: str) -> bool:
    for read, parse in ((day_text, parse_date), (month_text, parse_month)):
        try:
            parse(read(text))
        except DateInputError:
            continue
        # 「2026-04」 is the beginning of a day as well.
        return bool(re.search(r"[0-9元].*[年./月-].*[0-9]", text)) or len(text) > len("202604")
    return False
