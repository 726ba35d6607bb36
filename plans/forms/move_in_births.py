"""移行の取込: birth dates that another sheet of the same file tells of the same people.

A birth date that is put right on one sheet is wrong on each further one; so it is asked for once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from django.core.exceptions import ValidationError

from clients.rules.names import search_key
from plans.models import MoveIn, MoveInRow
from plans.rules.move_in_words import bare_name, day_text
from teikyaku.fields import EARLIEST_BIRTH, DateField

_DAY = DateField(required=False, earliest=EARLIEST_BIRTH)


class Reads(Protocol):
    """What reads the cells of one sheet."""

    def text(self, cells: Sequence[str], field: str) -> str:
        """What stands in the column of a field."""


def born_on(text: str) -> date | None:
    """The day; None where none can be read."""
    try:
        found: date | None = _DAY.clean(day_text(text))
    except ValidationError:
        return None
    return found


class Births:
    """生年月日 by name, of the other sheets; read when the first one is asked for."""

    def __init__(self, others: Iterable[tuple[MoveIn, Reads]]) -> None:
        self._others = others
        self._known: dict[str, set[tuple[str, date]]] | None = None

    def of(self, name: str, kana: str) -> date | None:
        """The one day that the other sheets tell of who is called so; None for none, or several."""
        if self._known is None:
            self._known = self._read()
        told, spoken = self._known.get(_key(name), set()), _key(kana)
        found = {born for other, born in told if not spoken or not other or other == spoken}
        return found.pop() if len(found) == 1 else None

    def _read(self) -> dict[str, set[tuple[str, date]]]:
        found: dict[str, set[tuple[str, date]]] = defaultdict(set)
        for move_in, reader in self._others:
            rows = move_in.people.exclude(state=MoveInRow.State.LEFT_OUT).exclude(cells=[])
            for cells in rows.values_list("cells", flat=True).iterator(chunk_size=500):
                name, born = reader.text(cells, "name"), born_on(reader.text(cells, "birth_date"))
                if name and born:
                    found[_key(name)].add((_key(reader.text(cells, "kana")), born))
        return found


def _key(name: str) -> str:
    return search_key(bare_name(name)[0])
