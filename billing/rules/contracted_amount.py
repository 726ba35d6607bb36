"""契約支給量: the contracted amount of a month as a number of days, where its words plainly say one.

A claim needs a number (docs/claim-files.md); contracts and certificates carry words. Whatever is not
plainly a number of days is left to people: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from teikyaku.periods import Month

# [M] Most certificates of this service grant the days of the month itself.
_WHOLE_MONTH = ("当該月の日数", "当該月の日数/月", "月の日数", "当月の日数")
_DAYS = re.compile(r"(?:月|1か月|1ヶ月|1ヵ月)?(\d{1,2})(?:日)?(?:/月|/1月)?")
MOST_DAYS = 31


def contracted_days(words: str, month: Month) -> Decimal | None:
    """Days a month of "23日", "5", "月23日", "当該月の日数"; None where the words are no plain number.

    Full-width digits are read; hours, minutes and numbers over 31 or of 0 are not days.
    """
    plain = "".join(unicodedata.normalize("NFKC", words).split())
    if plain in _WHOLE_MONTH:
        return Decimal(month.last_day.day)
    found = _DAYS.fullmatch(plain)
    if found is None:
        return None
    days = int(found[1])
    return Decimal(days) if 1 <= days <= MOST_DAYS else None
