"""移行の取込: where the headings of somebody's sheet stand, and what each column means.

Pure: rows of text in, positions out. Headings of several lines (merged ones above, their parts below)
are read as one path: 「就職先／備考」 is no 就職先.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plans.rules.move_in_beside import (
    OF_HERE,
    Seen,
    ends_beside,
    fitting,
    halves_beside,
    services_of_here,
    times_beside,
    told_places,
)
from plans.rules.move_in_heads import JOINT, Names, meaning, plain

__all__ = (
    "JOINT",
    "UNSEEN",
    "Head",
    "Seen",
    "find_head",
    "guess",
    "guesses",
    "head_at",
    "heading_keys",
    "known_headings",
    "plain",
    "says_for_certain",
)


@dataclass(frozen=True, slots=True)
class Head:
    """見出し: one text for each column, and the number of the last line that holds them."""

    line: int
    headings: tuple[str, ...]
    score: int = 0


_SERVICE = {"service_kind", "service_office"}
_OF_PAPER = {"number", "municipality", "cap_yen"}
_BARE_PERIOD = {"期間", "有効期間", "決定期間"}
_OF_SERVICE = {
    "事業所": "service_office", "事業所名": "service_office", "施設名": "service_office",
    "期間": "service_from", "利用期間": "service_from", "在籍期間": "service_from",
}  # fmt: skip
Rows = Sequence[tuple[int, Sequence[str]]]
UNSEEN = Seen()


def find_head(rows: Rows, names: Names) -> Head:
    """The line (or up to three) of the rows at the top whose columns mean the most; of equals the first."""
    found = [_best_at(rows, place, names) for place in range(len(rows))]
    return max(found, key=lambda head: head.score, default=Head(0, ()))


def head_at(rows: Rows, line: int, names: Names) -> Head:
    """The headings where they end in this line, as somebody has told. Raises KeyError for no line."""
    place = {number: place for place, (number, _cells) in enumerate(rows)}[line]
    return _best_at(rows, place, names)


def _best_at(rows: Rows, place: int, names: Names) -> Head:
    """Of the headings that end in this line those that mean the most; of equals those that tell columns apart.

    「期間」 below 就職先 and below 就労移行 are two, though neither path may mean more than the line alone.
    """
    return max(
        _ending_at(rows, place, names),
        key=lambda head: (head.score, len({plain(each) for each in head.headings if each})),
    )


def guess(
    headings: Sequence[str], names: Names, known: Mapping[str, str] | None = None
) -> dict[str, int]:
    """For each field the column that means it; a field goes to the first column that does.

    `known`: what the same headings meant last time, by `heading_keys`; "" for none of the fields.
    """
    return {field: position for field, (position, _sure) in guesses(headings, names, known).items()}


def guesses(
    headings: Sequence[str],
    names: Names,
    known: Mapping[str, str] | None = None,
    seen: Seen = UNSEEN,
) -> dict[str, tuple[int, bool]]:
    """The same, each with whether the heading says so for certain: what is certain goes first.

    `seen`: a few lines, by which columns without a heading of their own and guesses are judged.
    """
    meant = {plain(name): field for field, all_names in names.items() for name in all_names}
    told = known or {}
    read = []
    for position, (heading, key) in enumerate(zip(headings, heading_keys(headings), strict=True)):
        if not heading.strip():
            continue
        before = told.get(key)
        field, is_sure = (before, True) if before is not None else meaning(heading, meant)
        if field and field in names:
            read.append((not is_sure, position, field))
    read += _periods_beside(headings, read, names, told) + _use_beside(read)
    read += _paper_beside(headings, read, told)
    places = told_places(heading_keys(headings), told)
    read = services_of_here(headings, read, places)
    read += ends_beside(headings, read, places, seen) + halves_beside(headings, read, places, seen)
    read = [each for each in fitting(read, seen) if each[2] in names]
    found: dict[str, tuple[int, bool]] = {}
    for is_unsure, position, field in sorted(read):
        found.setdefault(field, (position, not is_unsure))
    found |= times_beside(headings, found, places, names)
    _drop_lone_halves(found)
    if "plan_made_on" in found and found["plan_made_on"][0] == found.get("plan_from", (-1,))[0]:
        del found["plan_from"]
    return dict(sorted(found.items(), key=lambda each: each[1][0]))


def _periods_beside(
    headings: Sequence[str], read: Sequence[tuple[bool, int, str]], names: Names,
    told: Mapping[str, str],
) -> list[tuple[bool, int, str]]:  # fmt: skip
    """A bare 事業所名 or 期間 right of the service before the job is that of the service: a guess."""
    if "service_from" not in names:
        return []
    services = {position for _unsure, position, field in read if field in _SERVICE}
    found = []
    for position, key in enumerate(heading_keys(headings)):
        field = _OF_SERVICE.get(plain(headings[position]), "")
        if field and key not in told and position - 1 in services:
            found.append((True, position, field))
            services.add(position)
    return found


def _paper_beside(
    headings: Sequence[str], read: Sequence[tuple[bool, int, str]], told: Mapping[str, str]
) -> list[tuple[bool, int, str]]:
    """A bare 期間 beside the number, the municipality or the cap is that of the certificate: a guess."""
    paper = {position for _unsure, position, field in read if field in _OF_PAPER}
    held = {position for _unsure, position, _field in read}
    return [
        (True, position, "granted_from")
        for position, key in enumerate(heading_keys(headings))
        if plain(headings[position]) in _BARE_PERIOD
        and key not in told
        and position not in held
        and {position - 2, position - 1, position + 1} & paper
    ]


def _use_beside(read: Sequence[tuple[bool, int, str]]) -> list[tuple[bool, int, str]]:
    """サービス開始 beside 前サービス開始 is that of the service here: a guess."""
    certain = {field for unsure, _position, field in read if not unsure}
    return [
        (True, position, OF_HERE[field])
        for unsure, position, field in read
        if unsure and field in certain and field in OF_HERE
    ]


def _drop_lone_halves(found: dict[str, tuple[int, bool]]) -> None:
    """A column 名 is half a name only right of the column of its first half; 住所2 is no address without 住所1."""
    for first, second in (
        ("name", "given_name"),
        ("kana", "given_kana"),
        ("address", "address_more"),
    ):
        if second in found and (first not in found or found[second][0] != found[first][0] + 1):
            del found[second]


def known_headings(headings: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    """What each heading of an earlier file meant, as `guess` takes it."""
    fields = {position: field for field, position in columns.items()}
    return {
        key: fields.get(position, "") for position, key in enumerate(heading_keys(headings)) if key
    }


def says_for_certain(heading: str, names: Names) -> bool:
    """Whether a heading by itself tells its field, and no guess."""
    return any(is_sure for _position, is_sure in guesses([heading], names).values())


def heading_keys(headings: Sequence[str]) -> list[str]:
    """What a column is remembered by: its heading, with its place where several columns share it.

    Cells that were merged over 漢字 and カナ say 氏名 twice: the next file's one 氏名 is neither.
    """
    texts = [plain(heading) for heading in headings]
    count = Counter(texts)
    seen: Counter[str] = Counter()
    found = []
    for text in texts:
        seen[text] += 1
        shared = f"{JOINT}{seen[text]}{JOINT}{count[text]}" if count[text] > 1 else ""
        found.append(text + shared if text else "")
    return found


def _ending_at(rows: Rows, place: int, names: Names) -> list[Head]:
    """The headings of this line alone, and with the one or two lines above it."""
    line, cells = rows[place]
    found = [_scored(line, tuple(cells), names)]
    for above in (place - 1, place - 2):
        if above < 0 or _is_title(rows[above][1]):
            break
        lines = [each for _number, each in rows[above : place + 1]]
        joined = lines[0]
        for below in lines[1:]:
            joined = _joined(joined, below)
        found.append(_scored(line, tuple(joined), names))
    return found


def _scored(line: int, headings: tuple[str, ...], names: Names) -> Head:
    return Head(line, headings, sum(sure for _at, sure in guesses(headings, names).values()))


def _joined(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    width = max(len(above), len(below))
    pairs = zip(_wide(_spread(above, below), width), _wide(below, width), strict=True)
    return tuple(_path(upper, lower) for upper, lower in pairs)


def _path(upper: str, lower: str) -> str:
    if not upper or not lower:
        return upper or lower
    if plain(upper.rpartition(JOINT)[2]) == plain(lower):
        return upper  # merged over both lines
    return f"{upper}{JOINT}{lower}"


def _spread(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """In CSV a merged heading stands in its first cell alone: it reaches over the parts below it."""
    found: list[str] = []
    last = ""
    for position, text in enumerate(above):
        part = below[position] if position < len(below) else ""
        last = text or (last if part else "")
        found.append(last)
    if len(below) > len(above):
        found += [last] * (len(below) - len(above))
    return found


def _wide(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _is_title(cells: Sequence[str]) -> bool:
    """Whether one text alone stands in a line: a title, also where it is merged over all columns."""
    return len({cell for cell in cells if cell}) <= 1
