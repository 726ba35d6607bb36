"""移行の取込: columns that are told by what stands beside them: ends of one period, halves of one name.

Pure: headings and a few lines in, guesses out. Nothing here is certain: each is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from plans.rules.move_in_heads import is_lone_service, is_plan, is_whole_period, plain
from plans.rules.move_in_periods import PERIODS

__all__ = (
    "Read",
    "Seen",
    "ends_beside",
    "fitting",
    "halves_beside",
    "services_of_here",
    "times_beside",
    "told_places",
)

# Whether it is unsure, which column, and what it means.
Read = tuple[bool, int, str]
# First and last of two columns below one heading; of a plan the day when it was made begins it.
_LAST = dict(PERIODS) | {"plan_made_on": "plan_review_by"}
_WAVES = set("~〜～∼-‐–—−ー→⇒から")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー・\s]+")
_LIST, _TIMES = "network_months", ("network_second", "network_third", "network_fourth")
_TIME = re.compile(r"[(（第]*[1-4①-④一二三四](?:回目?)?[)）]*")
# What the days of a service are that nothing says is one of before.
OF_HERE = {"service_from": "use_from", "service_until": "ended_on"}
_SERVICE = {"service_kind", "service_office"}


@dataclass(frozen=True, slots=True)
class Seen:
    """見本: a few lines of the table, and whether a text can be what a field holds."""

    rows: Sequence[Sequence[str]] = ()
    fits: Callable[[str, str], bool] = lambda _field, _text: True

    def values(self, position: int) -> list[str]:
        """Whatever stands in a column."""
        found = (row[position] for row in self.rows if position < len(row))
        return [text for text in found if text.strip()]

    def can_be(self, position: int, field: str) -> bool:
        """Whether anything in a column can be of the field; also where nothing stands there."""
        found = self.values(position)
        return not found or any(self.fits(field, text) for text in found)

    def is_wave(self, position: int) -> bool:
        """Whether nothing but 「〜」 stands in a column."""
        found = self.values(position)
        return bool(found) and all(set(text.strip()) <= _WAVES for text in found)


def ends_beside(
    headings: Sequence[str], read: Collection[Read], told: Collection[int], seen: Seen
) -> list[Read]:
    """Two columns below one 「支給決定期間」 are its beginning and its end."""
    first_of = {position: field for _unsure, position, field in sorted(read, reverse=True)}
    found: list[Read] = []
    for position, heading in enumerate(headings):
        first = first_of.get(position) or ("plan_made_on" if is_plan(heading) else "")
        if first == "plan_from" and "plan_made_on" not in first_of.values():
            # A plan has begun on the day when it was made, where no other day is told.
            first = "plan_made_on"
        last = _LAST.get(first)
        if last is None or not is_whole_period(heading):
            continue
        beside = _beside(headings, position, told, seen)
        if beside is not None and _has_own(beside, headings, last, seen):
            found += [(True, position, first), (True, beside, last)]
    return found


def halves_beside(
    headings: Sequence[str], read: Collection[Read], told: Collection[int], seen: Seen
) -> list[Read]:
    """Two columns below one 「氏名」 are 姓 and 名, or the name and its kana."""
    known = {field: position for _unsure, position, field in sorted(read, reverse=True)}
    found: list[Read] = []
    for field, second in (("name", "given_name"), ("kana", "given_kana")):
        position = known.get(field)
        if position is None or second in known:
            continue
        beside = _beside(headings, position, told, seen)
        if beside is None or beside != position + 1:
            continue
        pairs = _pairs(position, beside, seen)
        if not pairs:
            continue
        is_kana = all(_KANA.fullmatch(_wide(text)) for _first, text in pairs)
        if field == "name" and is_kana and not _kana_elsewhere(known, beside):
            found.append((True, position + 1, "kana"))
        elif all(_is_half(first) and _is_half(text) for first, text in pairs):
            found.append((True, position + 1, second))
    return found


def times_beside(
    headings: Sequence[str], found: Mapping[str, tuple[int, bool]], told: Collection[int],
    names: Collection[str],
) -> dict[str, tuple[int, bool]]:  # fmt: skip
    """「地域連携会議 1回目」 and 「2回目」 are one list: the columns called alike but for their number."""
    first, _sure = found.get(_LIST, (-1, False))
    taken = {position for position, _is_sure in found.values()}
    if first < 0 or not _TIME.search(plain(headings[first])):
        return {}
    wanted = _TIME.sub("", plain(headings[first]))
    alike = [
        position
        for position, heading in enumerate(headings)
        if position not in taken and position not in told
        and _TIME.search(plain(heading)) and _TIME.sub("", plain(heading)) == wanted
    ]  # fmt: skip
    free = [field for field in _TIMES if field in names and field not in found]
    return {field: (position, False) for field, position in zip(free, alike, strict=False)}


def services_of_here(
    headings: Sequence[str], read: Sequence[Read], told: Collection[int]
) -> list[Read]:
    """「サービス開始日」 where the sheet tells no service of before beside it is the first day of use here."""
    certain = {field for unsure, _position, field in read if not unsure}
    services = {position for _unsure, position, field in read if field in _SERVICE}
    found = []
    for unsure, position, field in read:
        here = OF_HERE.get(field)
        is_open = position not in told and is_lone_service(headings[position])
        is_before = bool(services) and (not unsure or _is_near(position, services, read))
        if here is None or here in certain or not is_open or is_before:
            found.append((unsure, position, field))
        else:
            found.append((True, position, here))
    return found


def fitting(read: Collection[Read], seen: Seen) -> list[Read]:
    """Without guesses of which no value fits."""
    return [each for each in read if not each[0] or seen.can_be(each[1], each[2])]


def told_places(keys: Sequence[str], told: Mapping[str, str]) -> set[int]:
    """The columns whose meaning somebody told in an earlier file."""
    return {position for position, key in enumerate(keys) if key and key in told}


def _is_near(position: int, services: Collection[int], read: Collection[Read]) -> bool:
    """Whether it stands in the block of the service of before."""
    block = set(services) | {at for _unsure, at, field in read if field in OF_HERE}
    while position - 1 in block:
        position -= 1
        if position in services:
            return True
    return position + 1 in services


def _beside(
    headings: Sequence[str], position: int, told: Collection[int], seen: Seen
) -> int | None:
    """The next column that has no heading of its own, over a 「〜」 between them; None for none."""
    for each in range(position + 1, min(position + 3, len(headings))):
        text, typed = plain(headings[each]), headings[each].strip()
        is_between = (bool(typed) and set(typed) <= _WAVES) or seen.is_wave(each)
        if is_between and each == position + 1:
            continue
        is_free = not text or text == plain(headings[position])
        return each if is_free and each not in told else None
    return None


def _has_own(beside: int, headings: Sequence[str], last: str, seen: Seen) -> bool:
    """Whether ends stand there: a column without a heading may hold anything."""
    if plain(headings[beside]) or not seen.rows:
        return seen.can_be(beside, last)
    return bool(seen.values(beside)) and seen.can_be(beside, last)


def _pairs(position: int, beside: int, seen: Seen) -> list[tuple[str, str]]:
    """What stands in both columns; nothing where a cell is merged over both."""
    rows = [row for row in seen.rows if beside < len(row)]
    found = [(row[position].strip(), row[beside].strip()) for row in rows]
    found = [(first, second) for first, second in found if first and second]
    return found if all(first != second for first, second in found) else []


def _kana_elsewhere(known: Mapping[str, int], beside: int) -> bool:
    return known.get("kana", beside) != beside


def _is_half(text: str) -> bool:
    return len(text.split()) == 1 and not any(mark.isdigit() for mark in text)


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
