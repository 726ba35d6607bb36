"""移行の取込: municipalities that sheets name and nobody has registered yet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from clients.rules.names import search_key
from plans.models import MoveIn, MoveInRow
from plans.move_in_columns import UNKNOWN_PLACE, label_of
from plans.queries.move_in import KEPT_DAYS
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.rules.municipality import bare_name

Faults = Sequence[Sequence[str]]
_FIELDS = ("municipality", "lives_in")
# What an administrator is shown is the name of a place, or its number: whatever else a cell holds is not.
_NAME = re.compile(r"[^\W\d_]{2,14}[市区町村]|[0-9]{6}")


@dataclass(frozen=True, slots=True)
class PlaceWanted:
    """登録を待つ市区町村: its name as offices write it, and which offices wait for it."""

    name: str
    offices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownPlace:
    """登録にない市区町村 of a file, as its lines write it."""

    name: str
    lines: int
    first: int
    """The first line with it."""


def unknown_places(faults: Collection[tuple[int, Faults]]) -> list[UnknownPlace]:
    """The municipalities of a file that are not registered; `faults`: by line."""
    found: dict[str, list[int]] = {}
    for line, wrong in faults:
        for name in unknown_in(wrong):
            found.setdefault(name, []).append(line)
    places = [UnknownPlace(name, len(lines), min(lines)) for name, lines in found.items()]
    return sorted(places, key=lambda place: (-place.lines, place.first))


def places_wanted(at: datetime) -> tuple[PlaceWanted, ...]:
    """What offices wait for, as long as the lines of their files lie here (two queries).

    Names alone: nobody's line. A place that is registered by now is none.
    """
    lines = (
        MoveInRow.objects.filter(move_in__in=_lying(at).values("pk"))
        .exclude(faults=[])
        .exclude(state=MoveInRow.State.LEFT_OUT)
        .order_by()
    )
    found: dict[str, set[str]] = {}
    for office, faults in lines.values_list("move_in__office__name", "faults").iterator():
        for name in unknown_in(faults):
            if _NAME.fullmatch(unicodedata.normalize("NFKC", name)):
                found.setdefault(name, set()).add(office)
    known = _known() if found else set()
    return tuple(
        PlaceWanted(name, tuple(sorted(offices)))
        for name, offices in sorted(found.items())
        if not {search_key(name), search_key(bare_name(name))} & known
    )


def _lying(at: datetime) -> QuerySet[MoveIn]:
    """The files whose lines are not cleared away: not settled, or settled in these days.

    Asked first, so that the lines of years are not read through, and none of these days is passed over.
    """
    since = at - timedelta(days=KEPT_DAYS)
    return MoveIn.objects.filter(
        Q(outcome="", recorded_at__gte=since) | Q(outcome_at__gte=since)
    ).order_by()


def unknown_in(faults: Faults) -> set[str]:
    """The municipalities of one line that are not registered, as it writes them."""
    labels = {label_of(field) for field in _FIELDS}
    return {
        value
        for _cell, label, value, expected in faults
        if value and label in labels and expected.startswith(str(UNKNOWN_PLACE))
    }


def _known() -> set[str]:
    rows = Municipality.objects.paying()
    return {search_key(text) for row in rows for text in (row.full_name, row.name, row.code)}
