"""移行前の請求: when one cannot be taken over. Pure.

docs/rules.md §8: what is open. What was billed elsewhere is no month of ours.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from teikyaku.periods import Month

NO_FIRST_MONTH = "先に「始め方」で、ここで請求する最初の月を決めてください。"
_NAMED = re.compile(r"(1[0-2]|[1-9])月分?")


def refusal(
    *,
    month: Month,
    first_month: Month | None,
    began: date,
    amount_yen: int,
    issued_on: date,
    due_on: date,
    on: date,
) -> tuple[str, str] | None:
    """Field and words for which it is not taken over on day `on`; None where it is.

    `began`: the first day of the use; `first_month`: the first that the office bills here.
    """
    if first_month is None:
        return "", NO_FIRST_MONTH
    here = f"ここで請求する最初の月（{first_month.label}）より前の月を入れてください。"
    slips = (
        (month >= first_month, "month", here),
        (month.last_day < began, "month", "この方の利用が始まる前の月です。"),
        (amount_yen <= 0, "amount_yen", "残っている金額を1円以上で入れてください。"),
        (issued_on > on, "issued_on", "今日までの日を入れてください。"),
        (issued_on < month.first_day, "issued_on", "サービスの月より前の日付です。"),
        (due_on < issued_on, "due_on", "発行日より前の日付です。"),
    )
    return next(((field, words) for is_so, field, words in slips if is_so), None)


def last_month_named(text: str, day: date) -> Month | None:
    """「8月分」 on a paper of `day`: the last August that had begun by then; None for any other text."""
    match = _NAMED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    is_this_year = int(match[1]) <= day.month
    return Month(day.year if is_this_year else day.year - 1, int(match[1]))
