"""What stands in a line of somebody's list, cell by cell: by column, by name, by the other sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.rules.names import search_key
from plans.forms.move_in_births import Births, born_on
from plans.forms.move_in_cells import Book
from plans.move_in_columns import SECOND_HALF
from plans.rules.move_in_periods import OTHER_END, ends_of
from plans.rules.move_in_words import (
    bare_name,
    day_text,
    is_failed,
)
from teikyaku.fields import DateField

_BY_NAME = ("kana", "birth_date")


class LineCells:
    """The cells of the lines of one file, by the field that their column is read as."""

    def __init__(
        self,
        columns: Mapping[str, int],
        book: Book,
        *,
        births: Births | None,
        codes: Mapping[tuple[str, str], str],
    ) -> None:
        """`births`: what the other sheets of the file tell; `codes`: what a code of a column was said to mean."""
        self.columns, self._book = dict(columns), book
        self._births, self._codes = births, codes

    def text(self, cells: Sequence[str], field: str) -> str:
        """What stands in the column of a field; "" where there is none.

        Of a period in one cell its own end, and of a name in two columns both halves.
        """
        typed = self._typed(cells, field)
        if field == "birth_date" and (born := self._born_elsewhere(cells)):
            return born.isoformat()
        if field in _BY_NAME and field not in self.columns:
            return self._on_file(cells, field)
        if field in SECOND_HALF:
            return " ".join(filter(None, (typed, self._typed(cells, SECOND_HALF[field]))))
        pair = OTHER_END.get(field)
        if pair is None:
            return typed
        found = ends_of(typed or self._typed(cells, pair[field == pair[0]]))
        return found[field == pair[1]] if found else typed

    def _born_elsewhere(self, cells: Sequence[str]) -> date | None:
        """Of a birth date that cannot be read, what another sheet of the file tells of the person."""
        told = self._raw(cells, "birth_date")
        if self._births is None or not told or born_on(self._typed(cells, "birth_date")):
            return None
        return self._births.of(self.text(cells, "name"), self.text(cells, "kana"))

    def _on_file(self, cells: Sequence[str], field: str) -> str:
        """Of a sheet without such a column what is on file of the one person of that name; "" for none, or several."""
        found = self._called_so(cells)
        if len(found) != 1:
            return ""
        kana, born = found[0]
        return kana if field == "kana" else born.isoformat()

    def _called_so(self, cells: Sequence[str]) -> list[tuple[str, date]]:
        """Who on file has the name of the line, and what else it tells of who it is."""
        told_kana, told_born = (self._typed(cells, field) for field in _BY_NAME)
        try:
            born = DateField(required=False).clean(day_text(told_born))
        except ValidationError:
            born = None
        return [
            (kana, day)
            for kana, day in self._book.named(bare_name(self.text(cells, "name"))[0])
            if not told_kana or search_key(bare_name(told_kana)[0]) == search_key(kana)
            if not told_born or day == born
        ]

    def _unknown_name(self, cells: Sequence[str]) -> str:
        """Why a line that has only a name is nobody's; "" where it is somebody's, or tells who it is."""
        name = bare_name(self.text(cells, "name"))[0]
        count = len(self._called_so(cells))
        if not name or count == 1 or set(_BY_NAME) <= set(self.columns):
            return ""
        if count:
            return _(
                "この氏名の方が、この事業所の登録に何人かいます。ふりがなと生年月日の列を足してください。"
            )
        return _(
            "この氏名の方が、この事業所の登録に見つかりません。登録の氏名に直してください。"
            "新しい方は、ふりがなと生年月日の列を足した表で入れてください。"
        )

    def _typed(self, cells: Sequence[str], field: str) -> str:
        """What stands there; nothing where a formula has failed (#REF!)."""
        found = self._raw(cells, field)
        return "" if is_failed(found) else self._codes.get((field, found), found)

    def _raw(self, cells: Sequence[str], field: str) -> str:
        position = self.columns.get(field)
        return cells[position] if position is not None and position < len(cells) else ""

    def _position(self, cells: Sequence[str], field: str) -> int | None:
        """The column of a field, or the one that tells the other end of its period too."""
        pair = OTHER_END.get(field)
        if field not in self.columns and pair is not None and self.text(cells, field):
            return self.columns.get(pair[field == pair[0]])
        return self.columns.get(field)

    def _fields(self, cells: Sequence[str]) -> list[str]:
        """Whatever the line tells something of."""
        ends = [
            field for field in OTHER_END if field not in self.columns and self.text(cells, field)
        ]
        names = [field for field in _BY_NAME if field not in self.columns]
        return [*self.columns, *ends, *names]
