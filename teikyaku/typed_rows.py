"""A small table on one page: rows that are typed, or read from a file and put right where they stand.

Nothing is kept between the requests: what a file holds becomes the fields of the page, each slip
stands at its own field, and what is sent at the end is what is stored, all of it or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from teikyaku.table_files import MAX_BYTES, Table, read_table

# Rows of one page: every field of each is sent back.
MOST = 120
# Titles that people write above the headings.
LINES_ABOVE = 20
PREFIX = "rows"
LINE = "line"


class TableFileForm(forms.Form):
    """The file; read once and kept nowhere."""

    file = forms.FileField(
        label=_("ファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,text/csv"}),
        help_text=_("XLSXかCSV。120行、1MBまで。読むだけで、登録するまで何も保存しません。"),
        error_messages={"required": _("ファイルを選んでください。"),
                        "empty": _("ファイルに何も入っていません。"),
                        "invalid": _("ファイルを選んでください。")},
    )  # fmt: skip

    sheet = forms.CharField(
        label=_("シート"), required=False, max_length=80,
        help_text=_("空欄なら、見出しのあるはじめのシートを読みます。"),
    )  # fmt: skip

    field_order: Sequence[str] = ("file", "sheet")
    table: Table

    def __init__(
        self, *args: Any, names: Mapping[str, Sequence[str]], required: Sequence[str], **kwargs: Any
    ) -> None:
        """`names`: for each field the headings that mean it; `required` ones must stand there."""
        super().__init__(*args, **kwargs)
        self._names, self._required = names, required

    def clean_file(self) -> Any:
        """Raises ValidationError for a file that is too large."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_t("ファイルが大きすぎます（1MBまで）。"))
        return file

    def clean(self) -> dict[str, Any]:
        """The lines of the file; what is wrong with it is told at it."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("file"):
            return data
        try:
            self.table = self._read(data["file"].read(), data.get("sheet") or "")
        except ValidationError as error:
            self.add_error("file", error)
        return data

    def _read(self, body: bytes, sheet: str) -> Table:
        found = read_table(
            body, self._names, self._required, takes_workbooks=True, head_within=LINES_ABOVE,
            sheet=sheet.strip(), fills_dittos=True,
        )  # fmt: skip
        if len(found.lines) > MOST:
            text = _t("%(most)d行より多いファイルです。分けて入れてください。")
            raise ValidationError(text % {"most": MOST})
        return found

    @property
    def unread(self) -> list[str]:
        """What of the file was not read, in words, before anything is stored."""
        if not self.is_bound or not self.is_valid():
            return []
        found = []
        if self.table.ignored:
            text = _t(
                "次の列は読んでいません：%(names)s。要る列なら、見出しを下の言い方に直して読み直してください。"
            )
            found.append(text % {"names": "、".join(self.table.ignored)})
        if self.table.others:
            text = _t(
                "シート「%(sheet)s」を読みました。ほかのシート（%(names)s）は、まだ読んでいません。登録したあと、「シート」に名前を入れて読んでください。"
            )
            names = {"sheet": self.table.sheet, "names": "、".join(self.table.others)}
            found.append(text % names)
        return found


class RowForm(forms.Form):
    """One row. A row that is left out is not looked at, and comes in nowhere."""

    line = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)
    leave_out = forms.BooleanField(label=_("この行は入れない"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "leave_out"])

    def full_clean(self) -> None:
        """What stands in a row that is left out is no slip."""
        super().full_clean()
        if self.is_bound and self.is_left_out:
            self._errors = forms.utils.ErrorDict()

    @property
    def is_left_out(self) -> bool:
        """Whether somebody said that the row does not come in."""
        return bool(self["leave_out"].data)

    @property
    def is_read(self) -> bool:
        """Whether it comes from a file."""
        return bool(self.line_text)

    @property
    def line_text(self) -> str:
        """The line of the file."""
        text = str(self[LINE].value() or "")
        return text if text.isdecimal() else ""

    @property
    def is_known(self) -> bool:
        """Whether the same stands on file already: it comes in no second time, and is no slip."""
        return False

    @property
    def note(self) -> str:
        """What the list says beside the row; "" for nothing."""
        return ""

    @property
    def told(self) -> list[tuple[str, str]]:
        """Label and what was understood of each field that somebody sees."""
        clean = self.cleaned_data
        return [
            (
                str(field.label),
                str(field.value() or "")
                if clean.get(field.name) is None
                else self.words(field.name, clean[field.name]),
            )
            for field in self.visible_fields()
            if field.name != "leave_out"
        ]

    def words(self, name: str, value: Any) -> str:
        """A clean value as the page shows it."""
        return str(value)


class BaseRows(BaseFormSet):  # type: ignore[type-arg]
    """The rows of a page; empty ones are nothing, and one at least has to be there."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data if data is None else counted(data), *args, **kwargs)

    def clean(self) -> None:
        """Something is there to store."""
        if not any(self.errors) and not self.rows:
            if any(form.has_changed() and form.is_known for form in self.forms):
                raise ValidationError(
                    _t("同じものがもう入っています。新しく登録する行はありません。")
                )
            raise ValidationError(_t("登録する行がありません。"))

    @property
    def rows(self) -> list[Any]:
        """The rows that come in, once all is valid."""
        return [
            form
            for form in self.forms
            if form.has_changed() and not form.is_left_out and not form.is_known
        ]

    def fine(self) -> list[Any]:
        """Rows of a file without a slip: shown in short, sent along."""
        return [
            form for form in self.forms if form.is_read and not form.errors and not _stays_out(form)
        ]

    def skipped(self) -> list[Any]:
        """Rows of a file that do not come in: left out by somebody, or on file already."""
        return [
            form for form in self.forms if form.is_read and not form.errors and _stays_out(form)
        ]

    @property
    def has_file(self) -> bool:
        """Whether any row comes from a file, and so can be left out."""
        return any(form.is_read for form in self.forms)

    def asked(self) -> list[Any]:
        """Rows that are typed, or have a slip."""
        return [form for form in self.forms if not form.is_read or form.errors]

    @property
    def slips(self) -> int:
        """How many fields are to be put right."""
        return sum(len(form.errors) for form in self.forms)


def _stays_out(form: RowForm) -> bool:
    return form.is_left_out or form.is_known


def rows_class(form: type[RowForm], base: type[BaseRows] = BaseRows) -> Any:
    """The formset of one kind of row."""
    return formset_factory(
        form, formset=base, extra=1, max_num=MOST, absolute_max=MOST, validate_max=True
    )


def as_data(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Rows of a file as a form sends them."""
    found = {
        f"{PREFIX}-TOTAL_FORMS": str(len(rows)), f"{PREFIX}-INITIAL_FORMS": "0",
        f"{PREFIX}-MIN_NUM_FORMS": "0", f"{PREFIX}-MAX_NUM_FORMS": str(MOST),
    }  # fmt: skip
    for place, row in enumerate(rows):
        found |= {f"{PREFIX}-{place}-{name}": value for name, value in row.items()}
    return found


def counted(data: Any) -> Any:
    """What was sent, its rows counted anew where their number came broken: nothing typed is lost with it."""
    key, begun = f"{PREFIX}-TOTAL_FORMS", f"{PREFIX}-INITIAL_FORMS"
    told = str(data.get(key, ""))
    if _is_count(told) and _is_count(str(data.get(begun, ""))):
        return data
    places = (re.match(rf"{PREFIX}-(\d{{1,3}})-", name) for name in data)
    last = max((int(found[1]) for found in places if found), default=-1)
    mended = data.copy()
    mended[key], mended[begun] = told if _is_count(told) else str(min(last + 1, MOST)), "0"
    return mended


def _is_count(text: str) -> bool:
    return text.isdecimal() and len(text) <= len(str(MOST))


def has_rows(request: HttpRequest) -> bool:
    """Whether a post is about the rows, by whatever button; any other one hands in a file."""
    return any(name in request.POST for name in ("save", "more", f"{PREFIX}-TOTAL_FORMS"))


def one_more(request: HttpRequest) -> dict[str, str]:
    """What was sent, with an empty row below it."""
    data: dict[str, str] = counted({name: request.POST[name] for name in request.POST})
    key = f"{PREFIX}-TOTAL_FORMS"
    data[key] = str(min(int(data[key]) + 1, MOST))
    return data


def errors_by_row(error: ValidationError, rows: BaseRows, place: int) -> None:
    """What an action refused of one row comes back at its field, or above the row."""
    form = rows.rows[place]
    told = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, messages in told.items():
        known = name if name in form.fields else None
        for message in messages:
            form.add_error(known, message)


def instant_in(text: str) -> datetime | None:
    """The instant that a button sends back, by which rows are told that came together."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def filled(table: Table, fields: Sequence[str]) -> Iterator[dict[str, str]]:
    """The lines of a file with these fields, each with its number in the file."""
    for line in table.lines:
        yield {LINE: str(line.number), **{name: line.cells.get(name, "") for name in fields}}
