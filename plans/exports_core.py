"""Files of the core system: the template to fill in, and what is wrong in a file as a workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from plans.forms.core_upload import COLUMNS
from plans.models import CoreUpload, CoreUploadRow
from teikyaku.spreadsheets import Column, Kind, Sheet, Value, workbook


def template_csv() -> bytes:
    """The headings and one made-up line, in UTF-8 with the mark that spreadsheet programs want."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.names[0] for column in COLUMNS])
    writer.writerow([column.example for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def faults_workbook(upload: CoreUpload) -> bytes:
    """One line for each fault, with the value and what is expected."""
    columns = [
        Column(_("行"), Kind.NUMBER), Column(_("受給者証番号"), width=14), Column(_("列"), width=18),
        Column(_("ファイルの値"), width=24), Column(_("直すところ"), width=70),
    ]  # fmt: skip
    return workbook([Sheet(_("取り込めない行"), columns, _lines(upload))])


def _lines(upload: CoreUpload) -> Iterator[Sequence[Value]]:
    for row in upload.rows.filter(state=CoreUploadRow.State.REFUSED).iterator():
        for column, value, reason in row.faults:
            yield (row.line, row.cells.get("number", ""), column, value, reason)
