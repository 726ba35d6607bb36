"""移行の取込: the file, and its columns as somebody tells them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from plans.move_in_columns import COLUMNS, NAMES, REQUIRED, label_of
from plans.rules.move_in import Head, find_head
from teikyaku.sheet_files import MAX_BYTES, SheetFile, cell_name, sheets_in

NAME_LENGTH = 120
SAMPLE_LINES = 3


class MoveInFileForm(forms.Form):
    """移行の取込 the file of an office."""

    file = forms.FileField(
        label=_("ファイル"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
        help_text=_("XLSXかCSV（UTF-8でもシフトJISでも）。10,000行、15MBまで。"),
        error_messages={"required": _("ファイルを選んでください。"),
                        "empty": _("ファイルに何も入っていません。"),
                        "invalid": _("ファイルを選んでください。")},
    )  # fmt: skip

    sheet: SheetFile
    head: Head
    digest: str

    def clean_file(self) -> Any:
        """Finds the sheet and its headings; raises ValidationError that names what is wrong with it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("ファイルが大きすぎます（15MBまで）。"))
        sheets = sheets_in(file.file)
        found = [(find_head(sheet.top, NAMES), sheet) for sheet in sheets]
        self.head, self.sheet = max(found, key=lambda each: each[0].score)
        if not self.head.score:
            raise ValidationError(
                _("見出しの行が見つかりません。氏名・ふりがな・生年月日などの見出しを、いちばん上に入れてください。")
            )  # fmt: skip
        self.digest = _digest(file.file)
        return file

    @property
    def file_name(self) -> str:
        """As the person calls it, cut to what is kept."""
        return str(self.cleaned_data["file"].name)[:NAME_LENGTH]


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
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._columns: dict[str, int] = {}
        fields = {position: field for field, position in guessed.items()}
        for position, heading in enumerate(headings):
            shown = _samples(samples, position)
            if not heading and not shown:
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
                help_text=format_html(str(_("例：{}")), shown) if shown else "",
            )

    def clean(self) -> dict[str, Any]:
        """Each meaning once, and the three that tell who a line is about."""
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for name in self._columns:
            field = data.get(name)
            if not field:
                continue
            if field in taken:
                text = _(
                    "「%(label)s」の列が二つあります。どちらかを「取り込まない」にしてください。"
                )
                self.add_error(name, text % {"label": label_of(field)})
            taken.setdefault(field, name)
        missing = [label_of(field) for field in REQUIRED if field not in taken]
        if missing and not self.errors:
            text = _("%(names)s の列を選んでください。")
            raise ValidationError(text % {"names": "・".join(missing)})
        return data

    @property
    def to_tell(self) -> list[forms.BoundField]:
        """Columns that nobody knows yet, and those with an error: what there is to look at."""
        return [field for field in self if not self._is_known(field)]

    @property
    def known(self) -> list[forms.BoundField]:
        """Columns whose meaning is told by their heading: rarely looked at."""
        return [field for field in self if self._is_known(field)]

    def _is_known(self, field: forms.BoundField) -> bool:
        return bool(field.initial) and not field.errors

    def columns(self) -> dict[str, int]:
        """For each field its column."""
        return {
            self.cleaned_data[name]: position
            for name, position in self._columns.items()
            if self.cleaned_data.get(name)
        }


def _samples(rows: Sequence[Sequence[str]], position: int) -> str:
    found = [row[position] for row in rows if position < len(row) and row[position]]
    return "、".join(text[:20] for text in found[:SAMPLE_LINES])


def _choices() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for column in COLUMNS:
        groups.setdefault(str(column.group), []).append((column.field, column.names[0]))
    return [("", _("取り込まない")), *groups.items()]
