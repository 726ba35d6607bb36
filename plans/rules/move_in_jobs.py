"""移行の取込: two jobs that stand in one cell. Pure: text in, the companies out."""

from __future__ import annotations

import re

_LINES = re.compile(r"[ 　]*[\n／/][ 　]*")
_DOT = re.compile(r"[ 　]*[・･][ 　]*")
_SECOND = re.compile(r"副業|ダブルワーク|兼業|掛け?持ち|[WＷ]ワーク")
_COMPANY = re.compile(r"株式会社|有限会社|合同会社|法人|組合|[㈱㈲]|[（(][株有同福医][）)]")
_TWO_NUMBERS = re.compile(r"[0-9０-９][^0-9０-９.．:：]+[0-9０-９]")


def jobs_in(text: str, hours: str = "") -> list[str]:
    """「架空商店⏎架空清掃（副業）」 as its companies; one for what is the name of one.

    A dot stands in the names of companies too: it divides two where both are companies by their form,
    or where `hours` holds two numbers.
    """
    typed = text.strip()
    parts = [part for part in _LINES.split(typed) if part]
    if len(parts) > 1:
        return parts
    parts = [part for part in _DOT.split(typed) if part]
    is_two = all(_COMPANY.search(part) for part in parts) or _TWO_NUMBERS.search(hours.strip())
    if len(parts) > 1 and (is_two or _SECOND.search(typed)):
        return parts
    return [typed]


def is_second_job(parts: list[str]) -> bool:
    """Whether a company after the first one is said to be a second job."""
    return any(_SECOND.search(part) for part in parts[1:])
