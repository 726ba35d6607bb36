"""上限額管理: the file with the figures of the other offices, before they go into the sheet's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from billing.forms.cap_management import COLUMNS as FIELDS
from billing.forms.cap_management import OTHERS, figure_fields
from billing.rules.cap_file import (
    COLUMNS,
    NAMES,
    REQUIRED,
    FileFault,
    FileLine,
    ReadFigures,
    read_figures,
)
from teikyaku.table_files import MAX_BYTES, read_table

# Titles that people write above the headings.
LINES_ABOVE = 10


class FiguresFileForm(forms.Form):
    """The file is read once and kept nowhere; `values` fill the sheet's form once nothing is wrong."""

    file = forms.FileField(
        label=_l("ほかの事業所の額のファイル"), required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
        help_text=_l("XLSXかCSV。1MBまで。読むだけで、記録するまで何も保存しません。"),
        error_messages={"empty": _l("ファイルに何も入っていません。"),
                        "invalid": _l("ファイルを選んでください。")},
    )  # fmt: skip

    def __init__(self, *args: Any, certificate: str, own_number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._certificate, self._own_number = certificate, own_number
        self.found = ReadFigures((), ())
        self.faults: tuple[FileFault, ...] = ()

    def clean_file(self) -> Any:
        """The lines of this person; raises ValidationError that says what is wrong with the file."""
        file = self.cleaned_data["file"]
        if file is None:
            raise ValidationError(_("ファイルを選んでください。"))
        if file.size > MAX_BYTES:
            raise ValidationError(_("ファイルが大きすぎます（1MBまで）。"))
        table = read_table(
            file.read(), NAMES, REQUIRED, takes_workbooks=True, head_within=LINES_ABOVE
        )
        lines = [(line.number, line.cells) for line in table.lines]
        self.found = read_figures(lines, self._certificate, self._own_number)
        self.faults = tuple(self._faults())
        if self.faults:
            text = _("直すところが%(n)dか所あります。下の表を見て直し、もう一度選んでください。")
            raise ValidationError(text % {"n": len(self.faults)})
        if not self.found.lines:
            raise ValidationError(_("この方の、ほかの事業所の行がありません。"))
        if len(self.found.lines) > OTHERS:
            raise ValidationError(_("ほかの事業所は%(n)dつまでです。") % {"n": OTHERS})
        return file

    def _faults(self) -> list[FileFault]:
        found = list(self.found.faults)
        for line in self.found.lines:
            found += _line_faults(line)
        return sorted(found, key=lambda fault: fault.line)

    @property
    def values(self) -> Mapping[str, str]:
        """The fields of the sheet's form, all of them: lines that the file lacks are emptied."""
        found = {f"office_{line}_{name}": "" for line in range(1, OTHERS + 1) for name in FIELDS}
        for number, line in enumerate(self.found.lines, 1):
            found |= {f"office_{number}_{name}": line.cells.get(name, "") for name in FIELDS}
        return found


def _line_faults(line: FileLine) -> list[FileFault]:
    """What the form's own fields say of each cell."""
    faults = []
    for name, field in figure_fields(is_asked=True).items():
        value = line.cells.get(name, "")
        if name == "rank" and not value:
            continue  # told where it was read
        try:
            field.clean(value)
        except ValidationError as error:
            faults.append(FileFault(line.line, COLUMNS[name], value, " ".join(error.messages)))
    return faults
