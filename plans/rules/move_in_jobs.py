"""移行の取込: two jobs that stand in one cell. Pure: text in, the companies out."""

from __future__ import annotations

import re

_LINES = re.compile(r"[ 　]*[\n／/][ 　]*")
_DOT = re.compile(r"[ 　]*[・･][ 　]*")
_SECOND = re.compile(r"副業|ダブルワーク|兼業|掛け?持ち|[WＷ]ワーク")
_COMPANY = re.compile(r"株式会社|有限会社|合同会社|法人|組合|[㈱㈲]|[（(][株有同福医][）)]")
# 「①スーパー ②清掃」: each circled number begins another one.
_CIRCLED = re.compile(r"[\s／/・、,]*[①-⑨][ 　]*")
_BREAK = re.compile(r"[ 　]*\n\s*")
# Forms that stand in front of a name, or behind it: the cell was too narrow, and the name is one.
_FORM = r"(?:(?:株式|有限|合同|合資)会社|(?:社会福祉|医療|一般社団|一般財団|特定非営利活動|NPO|ＮＰＯ|学校)法人|[㈱㈲]|[（(][株有同福医][）)])"
_WRAPPED = re.compile(rf"(?P<front>^{_FORM})[ 　]*\n\s*|[ 　]*\n\s*(?P<back>{_FORM}$)")
# 「25・8」 is of two jobs; 「5日 20時間」 and 「9時~17時」 are of one.
_TWO_NUMBERS = re.compile(r"[0-9０-９][ 　]*(?:時間|[hH])?[ 　]*[・･／/\n]\s*[0-9０-９]")


def jobs_in(text: str, hours: str = "") -> list[str]:
    """「架空商店⏎架空清掃（副業）」 as its companies; one for what is the name of one.

    A dot stands in the names of companies too: it divides two where both are companies by their form,
    or where `hours` holds two numbers. A break beside 株式会社 and its like divides nothing.
    """
    typed = _unwrapped(text)
    if len(parts := numbered_in(typed)) > 1:
        return parts
    parts = [part for part in _LINES.split(typed) if part]
    if len(parts) > 1:
        return parts
    parts = [part for part in _DOT.split(typed) if part]
    is_two = all(_COMPANY.search(part) for part in parts) or _TWO_NUMBERS.search(hours.strip())
    if len(parts) > 1 and (is_two or _SECOND.search(typed)):
        return parts
    return [typed]


def numbered_in(text: str) -> list[str]:
    """「①R6.10.1 ②R8.2.1」 as what stands behind each circled number; the text itself for any other."""
    typed = text.strip()
    if not typed.startswith("①") or "②" not in typed:
        return [typed]
    return [part.strip() for part in _CIRCLED.split(typed)[1:]]


def in_one_line(text: str) -> str:
    """「株式会社⏎架空商店」 as one name: what stands in it stays, a break elsewhere is a blank."""
    return _BREAK.sub(" ", _unwrapped(text))


def _unwrapped(text: str) -> str:
    """Without the break beside 株式会社 and its like."""
    return _WRAPPED.sub(lambda found: (found["front"] or "") + (found["back"] or ""), text.strip())


def is_second_job(parts: list[str], typed: str = "") -> bool:
    """Whether a company after the first one is said to be a second job; `typed`: the cell with its ① and ②."""
    return len(numbered_in(typed)) > 1 or any(_SECOND.search(part) for part in parts[1:])
