"""地域連携会議 of before the move: months that were used elsewhere, as people write them. Pure.

docs/rules.md §7: (Ⅰ) and (Ⅱ) together once a month and 4 times a year. Which year is meant is [?].
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from teikyaku.era import DateInputError, parse_date, parse_month
from teikyaku.periods import Month

KINDS = {"": "", "1": "Ⅰ", "2": "Ⅱ", "I": "Ⅰ", "II": "Ⅱ"}
_COUNT = re.compile(r"(?:年に)?([0-9]{1,2})回?")
# A month, then which of the two it was, in any brackets or none. NFKC makes Ⅱ to II.
_ONE = re.compile(r"(.*?(?:[月日]|[0-9]))[(（「]?(I{1,2})?[)）」]?")
# 「R8.6に1回」 is one month: no month is counted twice.
_ONCE = re.compile(r"(?:に|[(:])?1回[)]?$")
_BETWEEN = re.compile(r"[、,，;；\n]+")
WORDS = "「2026-05、2026-09(Ⅱ)」のように、月を並べてください。月が分からないときは「2回」のように入れます。"


class NotRead(ValueError):
    """A text that is neither months nor a count; the message says what is read."""


@dataclass(frozen=True, slots=True)
class NetworkBefore:
    """使った月 with their kind ("" where nobody knows), and how many more without their month."""

    months: tuple[tuple[Month, str], ...] = ()
    unknown: int = 0

    @property
    def text(self) -> str:
        """2026-05Ⅰ、2026-09: as it is stored, and read again."""
        return "、".join(f"{month}{kind}" for month, kind in self.months)

    @property
    def words(self) -> str:
        """2026年5月（Ⅰ）、移行前に1回（月は不明）."""
        told = [f"{month.label}{f'（{kind}）' if kind else ''}" for month, kind in self.months]
        if self.unknown:
            told.append(f"月の分からないもの{self.unknown}回")
        return "、".join(told)


NONE = NetworkBefore()


def read_months(text: str) -> NetworkBefore:
    """The months of a cell (a day is its month), or a bare count. Raises NotRead."""
    spaced = unicodedata.normalize("NFKC", text or "").strip()
    typed = spaced.replace(" ", "")
    if not typed:
        return NetworkBefore()
    if match := _COUNT.fullmatch(typed):
        return NetworkBefore((), int(match[1]))
    found = [each for part in _BETWEEN.split(spaced) if part.strip() for each in _of(part)]
    return NetworkBefore(tuple(sorted(found)))


def _of(part: str) -> list[tuple[Month, str]]:
    """One month, or several between blanks: 「R8.9.1 R8.3.4」. Raises NotRead."""
    try:
        return [_one(part.replace(" ", ""))]
    except NotRead:
        return [_one(each) for each in part.split()]


def _one(part: str) -> tuple[Month, str]:
    from_words = _ONE.fullmatch(_ONCE.sub("", part))
    if from_words is None:
        raise NotRead(WORDS)
    kind = KINDS[from_words[2] or ""]
    try:
        return Month.of(parse_date(from_words[1])), kind
    except DateInputError:
        pass
    try:
        return parse_month(from_words[1]), kind
    except DateInputError as error:
        raise NotRead(WORDS) from error


def refusal(before: NetworkBefore, first_here: Month | None, on: Month, limit: int) -> str:
    """Why it cannot be so; "" where it can. `limit`: how many a year."""
    months = [month for month, _kind in before.months]
    if twice := [month for month, count in Counter(months).items() if count > 1]:
        return f"{twice[0].label}が2回あります。（Ⅰ）と（Ⅱ）を合わせて、月に1回までです。"
    if first_here is not None and any(month >= first_here for month in months):
        return (
            f"ここで請求する最初の月（{first_here.label}）より前の月だけを入れてください。"
            "そのあとの会議は、面談の記録に入れます。"
        )
    if any(month > on for month in months):
        return "これからの月は入れられません。"
    if before.unknown > limit or _most_a_year(months) > limit:
        return f"（Ⅰ）と（Ⅱ）を合わせて、1年に{limit}回までです。"
    return ""


def _most_a_year(months: Sequence[Month]) -> int:
    return max(Counter(month.fiscal_year for month in months).values(), default=0)
