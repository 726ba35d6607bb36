"""What stands in a line of somebody's list, cell by cell: by column, by name, by the other sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from plans.forms.move_in_births import Births, born_on
from plans.forms.move_in_by_name import BY_NAME, called_so, choice_of, on_file, unknown_words
from plans.forms.move_in_cells import Book
from plans.move_in_columns import MORE, SECOND_HALF, WHICH
from plans.rules.move_in_periods import OTHER_END, ends_of
from plans.rules.move_in_words import is_failed


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

        Of a period in one cell its own end, of a name in two columns both halves, and of a list all its columns.
        """
        typed = self._typed(cells, field)
        if field == "birth_date" and (born := self._born_elsewhere(cells)):
            return born.isoformat()
        if field in BY_NAME and field not in self.columns:
            return on_file(self._called_so(cells), field)
        if field in SECOND_HALF:
            return " ".join(filter(None, (typed, self._typed(cells, SECOND_HALF[field]))))
        if field in MORE:
            told = (typed, *(self._typed(cells, each) for each in MORE[field]))
            return "、".join(dict.fromkeys(each for each in told if each))
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

    def _called_so(self, cells: Sequence[str]) -> list[tuple[str, date]]:
        """Who on file has the name of the line, or the one of them who was chosen on the page."""
        found = self.namesakes(cells)
        chosen = self._typed(cells, WHICH.field)
        return [each for each in found if choice_of(each) == chosen] if chosen else found

    def namesakes(self, cells: Sequence[str]) -> list[tuple[str, date]]:
        """Kana and birth date of everybody on file who has the name of the line; none where the sheet tells both."""
        if set(BY_NAME) <= set(self.columns):
            return []
        return called_so(
            self._book, self.text(cells, "name"), *(self._typed(cells, each) for each in BY_NAME)
        )

    def _unknown_name(self, cells: Sequence[str]) -> str:
        is_told = set(BY_NAME) <= set(self.columns) or not self.text(cells, "name")
        return "" if is_told else unknown_words(self._called_so(cells))

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
        names = [field for field in BY_NAME if field not in self.columns]
        return [*self.columns, *ends, *names]
