"""A month that is over and lacks its meeting: whether a late record can still mend it (docs/rules.md §6 S)."""

from __future__ import annotations

from datetime import date

from teikyaku.periods import Month


def why_too_late(month: Month, *, starts_on: date, last_day: date | None, has_worker: bool) -> str:
    """Why no meeting of the month can be on record any more, in words; empty where one can.

    `starts_on`, `last_day`: of the office's work with the person, `last_day` None while it goes on.
    `has_worker`: a 就労定着支援員 was in post at the office on some day of the month.
    """
    if starts_on > month.last_day:
        return "この方との相談が始まる前の月です。"
    if last_day is not None and last_day < month.first_day:
        return "この方の利用が終わった後の月です。"
    if not has_worker:
        return "この月に、この事業所の就労定着支援員だった職員がいません。"
    return ""
