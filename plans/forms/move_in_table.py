"""移行の取込: which sheet of a file is taken, and in which line its headings end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import MoveIn, MoveInRow
from plans.queries.move_in import other_sheets
from teikyaku.sheet_files import LINES_ABOVE

HEADINGS_SHOWN = 5
State = MoveInRow.State


class TableForm(forms.Form):
    """表の場所: which sheet of the file, and in which line its headings end."""

    sheet = forms.ChoiceField(label=_("シート"), widget=forms.RadioSelect)
    head = forms.TypedChoiceField(label=_("見出しの行"), coerce=int)

    def __init__(
        self, *args: Any, sheets: Sequence[tuple[str, str]], lines: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`sheets`: (public id, name with its headings) each; `lines`: (number, what stands there)."""
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = list(sheets)  # type: ignore[attr-defined]
        self.fields["head"].choices = list(lines)  # type: ignore[attr-defined]


def table_form(row: MoveIn, data: Any = None) -> TableForm:
    """Which sheet and which line of headings, as they are taken now."""
    sheets = sorted([row, *other_sheets(row)], key=lambda sheet: sheet.pk)
    top = list(row.rows.order_by("line").values_list("line", "cells", "state")[:LINES_ABOVE])
    above = [line for line, _cells, state in top if state == State.ABOVE]
    lines = [(line, _line_words(line, cells)) for line, cells, _state in top]
    if not above:
        # A file that was taken before its headings were kept.
        lines.insert(0, (0, str(_("いまのまま"))))
    return TableForm(
        data, sheets=[(str(sheet.public_id), _sheet_words(sheet)) for sheet in sheets], lines=lines,
        initial={"sheet": str(row.public_id), "head": max(above, default=0)},
    )  # fmt: skip


def _line_words(line: int, cells: list[str]) -> str:
    # A text that is merged over several columns stands in each of them.
    shown = "・".join([cell for cell in dict.fromkeys(cells) if cell][:HEADINGS_SHOWN])
    return str(_("%(line)d行目　%(cells)s") % {"line": line, "cells": shown[:60]})


def _sheet_words(sheet: MoveIn) -> str:
    shown = "・".join([each for each in dict.fromkeys(sheet.headings) if each][:HEADINGS_SHOWN])
    text = _("%(name)s（%(n)s行）　%(headings)s")
    name = sheet.sheet or sheet.file_name
    return str(text % {"name": name, "n": f"{sheet.row_count:,}", "headings": shown[:60]})
