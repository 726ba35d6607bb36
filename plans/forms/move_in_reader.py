"""移行の取込: the lines of one file, read by its columns; what comes in, what is wrong, what is nobody's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.rules.names import search_key
from plans.forms.move_in_births import Births
from plans.forms.move_in_cautions import (
    ages_of,
    ended_above,
    ended_without,
    failed_words,
    filled_up,
    guessed_kind_of,
    jobs_of,
    marked,
    notes_of,
    numbered,
    paused_above,
    private_letters,
    remark_words,
    taken_elsewhere,
    titled,
    whole_months,
)
from plans.forms.move_in_cells import Book, corrected
from plans.forms.move_in_codes import codes_of
from plans.forms.move_in_line import LineForm, is_recent
from plans.forms.move_in_parted import part_cells
from plans.forms.move_in_shown import in_words, is_other, left_with
from plans.forms.move_in_told import LineCells
from plans.move_in_columns import BY_FIELD, NAMES, SECOND_HALF, label_of
from plans.move_in_kept import kept_fields
from plans.move_in_row import PersonRow
from plans.rules.move_in import plain
from plans.rules.move_in_jobs import numbered_in
from plans.rules.move_in_periods import OTHER_END, ends_of, month_day
from plans.rules.move_in_sections import is_note, section_of
from plans.rules.move_in_words import (
    bare_name,
    day_text,
    has_lost,
    is_failed,
    is_legend,
    is_private,
    is_remark,
    is_sum,
    reiwa_number,
)
from teikyaku.fields import DateField
from teikyaku.sheet_files import cell_name
from teikyaku.sheet_marks import STRUCK

_HEADINGS = {plain(name) for field in ("name", "kana", "birth_date") for name in NAMES[field]}
# What can be answered for all lines of a file that do not tell it themselves.
# The days of the service before the job are rarely known; their month is.
_SERVICE_DAYS = ("service_from", "service_until")
ASKED = ("zero_category", "service_kind", "paid_by", "signed_as_use")
_WHO = ("name", "kana", "birth_date")
# Lines that are read already: one, with the one before it about the same person.
FORMS = 4
_OF_JOB = {"employed_on", "weekly_minutes", "employer_address"}
# In own words a question mark is a lost character.
_WRITTEN = (
    "name", "kana", "address", "employer", "employer_address", "service_office", "staff", "plan_goal",
)  # fmt: skip


class LineReader(LineCells):
    """Reads the lines of one file: cells by position in, a row or its faults out."""

    def __init__(
        self, columns: Mapping[str, int], book: Book, *, answers: Mapping[str, str] | None = None,
        mark: int | None = None, below: int | None = None, is_cards: bool = False, is_alone: bool = False,
        births: Births | None = None,
    ) -> None:  # fmt: skip
        """`answers`: what somebody said of the whole file, such as the category of 0 yen.

        `mark`: the column that says that a row is hidden or struck out; `below`: the one that says
        below which 【終了者】 it stands. `is_cards`: each line is a sheet of its own (個人票). `is_alone`: no
        line is about the person of the line above it. `births`: what the other sheets of the file tell.
        """
        super().__init__(columns, book, births=births, codes=codes_of(answers or {}))
        self._is_alone = is_alone or is_cards
        self._is_cards = is_cards
        self._mark = mark
        self._below = below
        self._answers = {name: (answers or {}).get(name, "") for name in ASKED}
        self._forms: dict[tuple[str, ...], LineForm] = {}

    def is_empty(self, cells: Sequence[str]) -> bool:
        """Whether nothing stands in the columns that are read; a line that parts the table is told."""
        return not section_of(cells) and not any(self.text(cells, field) for field in self.columns)

    def staff_choices(self) -> list[tuple[str, str]]:
        """Who can be 担当."""
        return self._book.staff_choices()

    def key(self, cells: Sequence[str]) -> tuple[str, date] | None:
        """Kana and birth date as people are told apart by; None where one cannot be read."""
        try:
            born = DateField().clean(day_text(self.text(cells, "birth_date")))
        except ValidationError:
            return None
        kana = search_key(bare_name(self.text(cells, "kana"))[0])
        return (kana, born) if kana else None

    def is_remark(self, cells: Sequence[str]) -> bool:
        """Whether the line is nobody's: a sum, who made the list, or the headings once more."""
        name, told = (
            self.text(cells, "name"),
            (self.text(cells, "kana"), self.text(cells, "birth_date")),
        )
        if plain(name) in _HEADINGS and all(plain(each) in {*_HEADINGS, ""} for each in told):
            return True
        if is_sum(name):
            return True
        if section_of(cells) or is_note(cells):
            return True
        first = next((cell for cell in cells if cell), "")
        kana, born = told
        # 「小計 18名」: how many people there are stands where somebody's kana would.
        is_nobody = not born and (not kana or any(mark.isdigit() for mark in kana))
        return is_nobody and any(is_remark(text) or is_legend(text) for text in (name, first))

    def remark_words(self, cells: Sequence[str]) -> str:
        """What a line is that is nobody's."""
        return remark_words(cells, has_staff="staff" in self.columns)

    def read(self, line: int, cells: Sequence[str]) -> tuple[PersonRow | None, list[list[str]]]:
        """The row, and [cell, column, value, what is expected] of all that is wrong in it.

        None where nothing of the line can come in; else the row lacks what is wrong.
        """
        if unknown := self._unknown_name(cells):
            return None, [self.fault(line, cells, "name", unknown)]
        form = self._form(cells)
        faults = [
            self.fault(line, cells, field, str(message))
            for field, messages in form.errors.items()
            for message in messages
        ]
        if form.is_refused:
            return None, faults
        return form.row(), faults + self._left_out(form)

    def _left_out(self, form: LineForm) -> list[list[str]]:
        """What was read and does not come in, for it leans on what is wrong."""
        kept = form.read_data()
        lost = [
            label_of(field)
            for field, value in form.cleaned_data.items()
            if field not in kept and value not in (None, "", (), False)
        ]
        if not lost:
            return []
        return [
            ["", "", "", _("いっしょに取り込まない項目：%(names)s") % {"names": "、".join(lost)}]
        ]

    def lost(self, line: int, cells: Sequence[str]) -> list[str]:
        """Words whose characters were lost when the file was saved, each at its cell."""
        return [
            _("%(cell)s %(label)s「%(text)s」：保存したときに失われた字があるようです（「?」）。元の字に直してください。")
            % {"cell": self._cell(position, line), "label": label_of(field), "text": self.text(cells, field)}
            for field, position in self.columns.items()
            if field in _WRITTEN and has_lost(self.text(cells, field))
        ]  # fmt: skip

    def cautions(self, cells: Sequence[str]) -> list[str]:
        """What to look at before the line comes in: rows that somebody hid or struck out, 外字."""
        return [text for text, _fields in self._cautions(cells)]

    def cautioned(self, cells: Sequence[str]) -> list[str]:
        """The fields that these ask to put right, each once."""
        return list(
            dict.fromkeys(field for _text, fields in self._cautions(cells) for field in fields)
        )

    def _cautions(self, cells: Sequence[str]) -> list[tuple[str, list[str]]]:
        found: list[tuple[str, list[str]]] = []
        mark, is_ended = self._at(self._mark, cells), bool(self.text(cells, "ended_on"))
        ends = [] if is_ended or STRUCK not in mark else ["ended_on", "end_reason"]
        found += [(text, ends) for text in marked(mark)]
        if not is_ended:
            section, ends = self._at(self._below, cells), ["ended_on", "end_reason"]
            found += [(text, ends) for text in ended_above(section)]
            leave = [] if self.text(cells, "leave_from") else paused_above(section)
            found += [(text, ["leave_from", "leave_reason"]) for text in leave]
        names = [
            field for field in ("name", "kana", "address") if is_private(self.text(cells, field))
        ]
        if names:
            found.append((private_letters([label_of(name) for name in names]), names))
        if born := self._born_elsewhere(cells):
            found.append((taken_elsewhere(self._raw(cells, "birth_date"), born), ["birth_date"]))
        failed = [field for field in self.columns if is_failed(self._raw(cells, field))]
        if born and "birth_date" in failed:
            failed.remove("birth_date")
        if failed:
            found.append((failed_words([label_of(field) for field in failed]), failed))
        found += [(text, ["name"]) for text in notes_of(self.text(cells, "name"))]
        found += [
            (text, [field])
            for field in ("name", "kana")
            for text in titled(self.text(cells, field), field)
        ]
        jobs = ["employer", "weekly_minutes"]
        told = jobs_of(*(self.text(cells, name) for name in jobs))
        found += [(text, ["employer", "employed_on", "weekly_minutes"]) for text in told]
        found += [(text, ["birth_date"]) for text in ages_of(self._cleaned(cells))]
        found += [(text, ["number"]) for text in filled_up(self.text(cells, "number"))]
        found += [
            (text, ["service_kind"])
            for text in guessed_kind_of(
                *map(partial(self.text, cells), ("service_office", "service_kind"))
            )
        ]
        found += ended_without(self._cleaned(cells).assumed)
        return [*found, *self._by_months(cells), *self._numbered(cells)]

    def _by_months(self, cells: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Of periods that are told by months alone, that they are taken as whole months."""
        names = [
            field
            for field in OTHER_END
            if self._month_day(field, self.text(cells, field)) and self._is_by_months(cells, field)
        ]
        lasts = {last for _first, last in OTHER_END.values()}
        told = (
            [label_of(n) for n in names if n not in lasts],
            [label_of(n) for n in names if n in lasts],
        )
        return [(whole_months(*told), names)] if names else []

    def _is_period(self, cells: Sequence[str], field: str) -> bool:
        """Whether the field is an end of a period that stands in one cell."""
        first, last = OTHER_END[field]
        typed = self._typed(cells, field) or self._typed(cells, last if field == first else first)
        return ends_of(typed) is not None

    def _is_by_months(self, cells: Sequence[str], field: str) -> bool:
        """Whether a month alone is taken for an end: of a period in one cell, and of the service of before."""
        return field in _SERVICE_DAYS or self._is_period(cells, field)

    def other_ends(self, cells: Sequence[str], touched: Collection[str]) -> dict[str, str]:
        """Of periods in one cell of which one end is touched, the other one as it is read."""
        found = {}
        for field in touched:
            if field not in OTHER_END or not self._is_period(cells, field):
                continue
            first, last = OTHER_END[field]
            other = last if field == first else first
            text = self.text(cells, other)
            found[other] = self._month_day(other, text) or text
        return found

    @staticmethod
    def _month_day(field: str, text: str) -> str:
        is_day = isinstance(LineForm.base_fields[field], DateField)
        return month_day(text, is_last=field == OTHER_END[field][1]) if is_day and text else ""

    def _cleaned(self, cells: Sequence[str]) -> LineForm:
        form = self._form(cells)
        if not hasattr(form, "cleaned_data"):
            form.full_clean()
        return form

    def joined(self, above: Sequence[str], cells: Sequence[str]) -> list[str] | None:
        """The cells of a second job below its person, whom they leave blank, with who it is; else None."""
        is_job = all(self.text(cells, field) for field in ("employer", "employed_on"))
        if self._is_alone or not is_job or any(self.text(cells, field) for field in _WHO):
            return None
        if self.is_remark(cells) or not all(
            self.text(above, name) for name in ("name", "birth_date")
        ):
            return None
        places = [
            self.columns[field] for field in (*_WHO, *SECOND_HALF.values()) if field in self.columns
        ]
        found = [*cells, *[""] * (max(places) + 1 - len(cells))]
        for place in places:
            found[place] = above[place] if place < len(above) else ""
        return found

    @staticmethod
    def _at(place: int | None, cells: Sequence[str]) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    def shown(
        self,
        cells: Sequence[str],
        faults: Sequence[Sequence[str]] = (),
        words: Sequence[str] = (),
    ) -> list[tuple[str, str, str, bool]]:
        """(column, as typed, as understood, whether they differ) of all that comes in of a line.

        `faults`, `words`: what the look found wrong in it, and what it said: what is on file otherwise stays.
        """
        form = self._form(cells)
        if form.is_refused:
            return []
        data = form.read_data()
        labels = {fault[1] for fault in faults}
        read = {field for field, value in data.items() if value not in (None, "", ())}
        left = left_with(read, {field for field in read if label_of(field) in labels})
        left |= kept_fields(words)
        return [
            (label_of(field), typed, understood, is_other(form.fields[field], typed, value))
            for field, value in data.items()
            if field in form.fields and field not in left
            if (understood := in_words(form.fields[field], value))
            for typed in (self.text(cells, field),)
            # That nothing is marked is worth a line where somebody wrote so.
            if value is not False or typed
        ]

    def _form(self, cells: Sequence[str]) -> LineForm:
        """The line as its form: read once for its row, its cautions and what leans on it."""
        key = tuple(cells)
        if key not in self._forms:
            if len(self._forms) >= FORMS:
                self._forms.clear()
            self._forms[key] = self._read_form(cells)
        return self._forms[key]

    def _read_form(self, cells: Sequence[str]) -> LineForm:
        data = {
            field: corrected(LineForm.base_fields[field], self._day_or_text(cells, field))
            for field in self._fields(cells)
            # What was told to an earlier release may name a column that is no more.
            if field in LineForm.base_fields
        }
        for field in OTHER_END:
            if data.get(field) and self._is_by_months(cells, field):
                data[field] = self._month_day(field, data[field]) or data[field]
        part_cells(data, self._book)
        return LineForm(data, book=self._book, **self._answers)

    def _day_or_text(self, cells: Sequence[str], field: str) -> str:
        """What stands there; 40401 is 令和4年4月1日 where a day counted by a program would be too long ago."""
        typed = self.text(cells, field)
        if field in _OF_JOB and len(numbered_in(self.text(cells, "employer"))) > 1:
            # Of two numbered jobs the first one comes in, with what is told of it.
            typed = numbered_in(typed)[0]
        return (is_recent(field) and reiwa_number(typed)) or typed

    def _numbered(self, cells: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Of days told by five digits, that they are read as a year, month and day of 令和."""
        names = [
            field
            for field in self.columns
            if is_recent(field)
            and reiwa_number(typed := self.text(cells, field))
            and corrected(LineForm.base_fields[field], typed)[:1] != "R"
        ]
        return [(numbered([label_of(name) for name in names]), names)] if names else []

    def _cell(self, position: int, line: int) -> str:
        """What people find it by: C12, or which sheet."""
        return _("%(n)s枚目") % {"n": line} if self._is_cards else cell_name(position, line)

    def fault(self, line: int, cells: Sequence[str], field: str, message: str) -> list[str]:
        """One thing that is wrong, at its cell; without a cell where the file has no such column."""
        position = self._position(cells, field)
        cell = self._cell(position, line) if position is not None else ""
        expected = message
        column = BY_FIELD.get(field)
        # Messages of some fields hold an example themselves.
        if column is not None and column.example and _("例：") not in message:
            expected = _("%(message)s 例：%(example)s") % {
                "message": message, "example": column.example
            }  # fmt: skip
        return [cell, label_of(field), self.text(cells, field), str(expected)]
