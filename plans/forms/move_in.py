"""移行の取込: the file, and its columns as somebody tells them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from plans.forms.move_in_mend import ASKED
from plans.forms.move_in_sections import section_lines, with_sections
from plans.move_in_columns import (
    BELOW,
    CARDS,
    COLUMNS,
    HALVES,
    HELPERS,
    MARKS,
    MORE,
    NAMES,
    OTHER_WAY,
    REQUIRED,
    SAME_FACT,
    SECOND_HALF,
    TIMES,
    WHICH,
    label_of,
)
from plans.rules.move_in import Head, find_head, guess
from plans.rules.move_in_back import BACK, is_back
from plans.rules.move_in_cards import card_of
from plans.rules.move_in_sections import is_note, section_of
from teikyaku.dittos import without_dittos
from teikyaku.sheet_files import COLUMNS as READ
from teikyaku.sheet_files import MAX_BYTES, MAX_ROWS, SheetFile, cell_name, sheets_in

NAME_LENGTH = 120
# Lines of the sheets that are kept beside the one that is taken, until somebody chooses them.
OTHER_LINES = 10_000
SAMPLE_LINES = 3
# Of a sheet that has only names: it adds to those on file.
BY_NAME = "by_name"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet and where its headings stand."""

    sheet: SheetFile
    head: Head

    @property
    def lines(self) -> int:
        """How many lines stand below the headings."""
        return sum(line > self.head.line for line, _cells in self.sheet.rows)

    @property
    def people(self) -> int:
        """How many its lines tell apart; 0 where columns for that are not found."""
        places = guess(self.head.headings, NAMES)
        if any(field not in places for field in REQUIRED):
            return 0
        wanted = [places[field] for field in REQUIRED]
        below = (cells for line, cells in self.sheet.rows if line > self.head.line)
        told = (tuple(cells[at] for at in wanted if at < len(cells)) for cells in below)
        return len({each for each in told if len(each) == len(wanted) and all(each)})


class MoveInFileForm(forms.Form):
    """移行の取込 the file of an office."""

    file = forms.FileField(
        label=_("ファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,text/csv"}),
        help_text=_("XLSXかCSV（UTF-8でもシフトJISでも）。10,000行、15MBまで。"),
        error_messages={"required": _("ファイルを選んでください。"),
                        "empty": _("ファイルに何も入っていません。"),
                        "invalid": _("ファイルを選んでください。")},
    )  # fmt: skip

    tables: list[Table]
    """The sheets that hold a table: the one to take first."""
    skipped: list[str]
    """Sheets with more lines than are kept, by name."""
    digest: str

    def __init__(self, *args: Any, known_sheets: Collection[str] = (), **kwargs: Any) -> None:
        """`known_sheets`: names of sheets that were taken before."""
        super().__init__(*args, **kwargs)
        self._known_sheets = known_sheets

    def clean_file(self) -> Any:
        """Finds the sheets and their headings; raises ValidationError that names what is wrong."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("ファイルが大きすぎます（15MBまで）。"))
        tables = _with_cards(_of_people(sheets_in(file.file)))
        first = max(tables, key=self._worth)
        if not first.head.score:
            raise ValidationError(
                _("見出しの行が見つかりません。氏名・ふりがな・生年月日などの見出しを、いちばん上に入れてください。")
            )  # fmt: skip
        if first.sheet.is_too_long:
            text = _("%(most)s行より多いファイルです。分けて取り込んでください。")
            raise ValidationError(text % {"most": f"{MAX_ROWS:,}"})
        self._keep(first, [table for table in tables if table is not first and table.lines])
        self.digest = _digest(file.file)
        return file

    def _worth(self, table: Table) -> tuple[bool, int, int, int]:
        """A sheet of a name that was taken before goes first, then the one with the most people."""
        is_known = table.sheet.name in self._known_sheets and table.head.score >= len(REQUIRED)
        return is_known, table.people, table.head.score, table.lines

    def _keep(self, first: Table, others: list[Table]) -> None:
        self.tables, self.skipped, left = [first], [], OTHER_LINES
        for table in others:
            left -= table.lines
            if table.sheet.is_too_long or left < 0:
                self.skipped.append(table.sheet.name)
            else:
                self.tables.append(table)

    def unread(self) -> list[str]:
        """What of the file was not read, in words."""
        text = _(
            "シート「%(name)s」は行が多いので、読んでいません。要るときは、そのシートだけのファイルで入れてください。"
        )
        found = [str(text % {"name": name}) for name in self.skipped]
        if beyond := self.tables[0].sheet.columns_beyond:
            text = _(
                "%(most)d列より右にある%(n)d列は、読んでいません。要る列があれば、左へ動かしてから入れ直してください。"
            )
            found.append(str(text % {"most": READ, "n": beyond}))
        return found

    @property
    def file_name(self) -> str:
        """As the person calls it, cut to what is kept."""
        return str(self.cleaned_data["file"].name)[:NAME_LENGTH]


def _of_people(sheets: list[SheetFile]) -> list[SheetFile]:
    """Without the sheets of the product's own template that only help to fill it in."""
    return [sheet for sheet in sheets if sheet.name not in HELPERS] or sheets


def _with_cards(sheets: list[SheetFile]) -> list[Table]:
    """The tables; sheets of one person each (個人票) are together one table, a line for each of them."""
    found = {sheet.name: card_of(sheet.top, NAMES) for sheet in sheets}
    cards = [card for card in found.values() if card]
    tables = [_table(sheet) for sheet in sheets if not found[sheet.name]]
    if not cards:
        return tables
    labels = list(dict.fromkeys(label for card in cards for label in card))
    rows = [
        (number, [card.get(label, "") for label in labels]) for number, card in enumerate(cards, 1)
    ]
    return [Table(SheetFile(CARDS, rows), Head(0, tuple(labels), len(labels))), *tables]


def _table(sheet: SheetFile) -> Table:
    """The sheet with its headings, dittos written out, and a column of marks where rows have some."""
    head = _head(sheet)
    if is_back(head.headings):
        # Each line stands by itself there: nothing in it leans on the one above.
        return Table(sheet, head)
    top = [row for row in sheet.rows if row[0] <= head.line]
    below = [row for row in sheet.rows if row[0] > head.line]
    parting = section_lines(below)
    rows = without_dittos(row for row in below if row[0] not in parting)
    rows = sorted([*rows, *((n, list(cells)) for n, cells in below if n in parting)])
    headings, rows = with_sections(head.headings, rows)
    head = replace(head, headings=headings)
    # A line that parts the table is known by its one text: nothing is written beside it.
    marks = {
        line: sheet.marks[line]
        for line, cells in rows
        if line in sheet.marks and not (section_of(cells) or is_note(cells))
    }
    if marks:
        width = max(len(head.headings), *(len(cells) for _line, cells in rows))
        blanks = [""] * (width - len(head.headings))
        head = replace(head, headings=(*head.headings, *blanks, MARKS))
        rows = [
            (
                line,
                [*cells, *[""] * (width - len(cells)), marks[line]] if line in marks else cells,
            )
            for line, cells in rows
        ]
    return Table(replace(sheet, rows=[*top, *rows]), head)


def _head(sheet: SheetFile) -> Head:
    """The headings; where none are known, the first line."""
    line, cells = sheet.top[0]
    if is_back(cells):
        return Head(line, tuple(cells), len(cells))
    found = find_head(sheet.top, NAMES)
    return found if found.score else Head(line, tuple(cells))


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while block := file.read(1 << 20):
        found.update(block)
    file.seek(0)
    return found.hexdigest()


class ColumnsForm(forms.Form):
    """列の対応: for each column of the file what it means."""

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        samples: Sequence[Sequence[str]],
        guessed: Mapping[str, int],
        unsure: Collection[str] = (),
        answers: Mapping[str, str] | None = None,
        is_told: bool = False,
        **kwargs: Any,
    ) -> None:
        """`unsure`: fields whose column is a guess; `answers`: what was said of the whole file.

        `is_told`: the columns were told before.
        """
        super().__init__(*args, **kwargs)
        self._columns: dict[str, int] = {}
        self._unsure = {guessed[field] for field in unsure}
        fields = {position: field for field, position in guessed.items()}
        for position, heading in enumerate(headings):
            shown = _samples(samples, position)
            if heading in {*BACK, BELOW, MARKS, *WHICH.names} or not (heading or shown):
                continue
            name = f"column_{position}"
            self._columns[name] = position
            letter = cell_name(position, 1).rstrip("1")
            self.fields[name] = forms.ChoiceField(
                label=_("%(letter)s列　%(heading)s")
                % {"letter": letter, "heading": heading or _("（見出しなし）")},
                choices=_choices(),
                required=False,
                initial=fields.get(position, ""),
                # Words of a file: help is drawn as it stands.
                help_text=_help(shown, is_unsure=position in self._unsure),
            )
        for field, (name, made) in ASKED.items():
            if field not in guessed:
                self.fields[name] = made(answers or {})
        self._answered = set(answers or {})
        # What was answered elsewhere, of words or of lines that lack it, is not asked here and stays.
        self._kept = {k: v for k, v in (answers or {}).items() if k not in self.fields}
        if not {"kana", "birth_date"} <= set(guessed):
            self.fields[BY_NAME] = _by_name(is_chosen="name" in guessed and is_told)

    def clean(self) -> dict[str, Any]:
        """Each meaning once, and the three that tell who a line is about.

        A name that is told of two columns is the two halves of it (姓 and 名), in their order.
        """
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for name in self._columns:
            field = data.get(name)
            if not field:
                continue
            field = self._of_list(field, taken)
            data[name] = field
            if field in taken and self._is_half(data, field, taken[field], name):
                field = data[name] = SECOND_HALF[field]
            elif field in taken:
                self.add_error(name, self._twice(field, taken[field]))
            taken.setdefault(field, name)
        for first, second in SECOND_HALF.items():
            if second in taken and first not in taken:
                text = _("「%(label)s」の列も選んでください。二つをつなげて読みます。")
                self.add_error(taken[second], text % {"label": label_of(first)})
        wanted = ("name",) if data.get(BY_NAME) else REQUIRED
        missing = [label_of(field) for field in wanted if field not in taken]
        if missing and not self.errors:
            text = _("%(names)s の列を選んでください。")
            more = _("列のない表なら、下の「氏名だけで足す」に印を付けてください。")
            can_go = BY_NAME in self.fields and "name" in taken
            raise ValidationError(text % {"names": "・".join(missing)} + (more if can_go else ""))
        return data

    @staticmethod
    def _of_list(field: str, taken: Mapping[str, str]) -> str:
        """A further column of a list is the next one of it, in their order, whichever was chosen."""
        for first, more in MORE.items():
            if field in (first, *more):
                return next((each for each in (first, *more) if each not in taken), first)
        return field

    def _is_half(self, data: Mapping[str, Any], field: str, first: str, second: str) -> bool:
        """Whether two columns of one name, side by side, are the halves of it."""
        chosen = {data.get(name) for name in self._columns}
        is_beside = self._columns[second] == self._columns[first] + 1
        return is_beside and field in SECOND_HALF and SECOND_HALF[field] not in chosen

    def _twice(self, field: str, first: str) -> str:
        """What to do where two columns are told to be the same."""
        text = _(
            "「%(label)s」の列が二つあります（もう一つは%(first)s）。値を読むほうの列だけを「%(label)s」にし、ほかの列は「取り込まない」にしてください。"
        )
        told = text % {"label": label_of(field), "first": self.fields[first].label}
        if field not in SECOND_HALF:
            return str(told)
        half = _("姓と名が別の列なら、名のほうを「%(half)s」にしてください。")
        return f"{told}{half % {'half': label_of(SECOND_HALF[field])}}"

    @property
    def to_tell(self) -> list[forms.BoundField]:
        """Columns that nobody knows for certain, and those with an error: what there is to look at."""
        return [
            field for field in self if field.name in self._columns and not self._is_known(field)
        ]

    @property
    def whole(self) -> list[forms.BoundField]:
        """What is asked once for the whole file, where the file does not say it itself."""
        asked = [*(name for name, _made in ASKED.values()), BY_NAME]
        return [self[name] for name in asked if name in self.fields]

    def answers(self) -> dict[str, str]:
        """What was said of the whole file; "" where an answer was taken back."""
        names = [field.name for field in self.whole if field.name != BY_NAME]
        told = {name: self.cleaned_data.get(name) or "" for name in names}
        said = {name: value for name, value in told.items() if value or name in self._answered}
        return {**self._kept, **said}

    @property
    def known(self) -> list[forms.BoundField]:
        """Columns whose meaning is told by their heading: rarely looked at."""
        return [field for field in self if self._is_known(field)]

    def _is_known(self, field: forms.BoundField) -> bool:
        position = self._columns.get(field.name)
        is_sure = position is not None and position not in self._unsure
        return is_sure and bool(field.initial) and not field.errors

    def columns(self) -> dict[str, int]:
        """For each field its column."""
        return {
            self.cleaned_data[name]: position
            for name, position in self._columns.items()
            if self.cleaned_data.get(name)
        }


def _by_name(*, is_chosen: bool) -> forms.BooleanField:
    """Asked where nothing but the name tells who a line is about."""
    return forms.BooleanField(
        label=_("氏名だけで足す（ふりがなか生年月日の列がない表）"),
        required=False,
        initial=is_chosen,
        help_text=_(
            "この事業所に登録のある方で、同じ氏名の方が一人だけのとき、その方に足します。新しい方は入りません。"
        ),
    )


def _samples(rows: Sequence[Sequence[str]], position: int) -> str:
    found = [row[position] for row in rows if position < len(row) and row[position]]
    return "、".join(text[:20] for text in found[:SAMPLE_LINES])


def _help(shown: str, *, is_unsure: bool) -> str:
    sample = format_html(str(_("例：{}")), shown) if shown else ""
    if not is_unsure:
        return sample
    return format_html("{}{}", _("見出しからの推測です。確かめてください。"), sample)


def _choices() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    beside = {each.field: each for each in (*HALVES, *OTHER_WAY)}
    for column in COLUMNS:
        group = groups.setdefault(str(column.group), [])
        group.append((column.field, column.names[0]))
        if more := beside.get(SECOND_HALF.get(column.field) or SAME_FACT.get(column.field, "")):
            group.append((more.field, more.names[0]))
        group += [
            (each.field, each.names[0])
            for each in TIMES
            if each.field in MORE.get(column.field, ())
        ]
    return [("", _("取り込まない")), *groups.items()]
