"""Reading the table in a file of another system: bytes to lines of text, generously.

CSV, and workbooks where a page asks for them; what is wrong is told in plain words.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from teikyaku.dittos import without_dittos
from teikyaku.workbook_rows import NotAWorkbook, OfNumbers, TooMuch, is_workbook, named_sheets

MAX_BYTES = 1024 * 1024
MAX_ROWS = 2000
# A cell longer than this is no cell of these columns: somebody mixed up the files.
CELL_LENGTH = 200
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_PDF = b"%PDF"
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# How the old container names what a password has locked.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# ="0123456789": how spreadsheet programs are made to keep leading zeros.
_QUOTED = re.compile(r'^="(.*)"$')


Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file: its number as an editor shows it, and its cells by field."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines, and the headings that mean nothing here."""

    lines: list[Line]
    ignored: list[str]
    sheet: str = ""
    """The sheet that was read; "" for a file without sheets."""
    others: tuple[str, ...] = ()
    """Further sheets that have the headings."""


def read_table(
    body: bytes,
    names: Mapping[str, Sequence[str]],
    required: Sequence[str],
    *,
    takes_workbooks: bool = False,
    head_within: int = 1,
    sheet: str = "",
    fills_dittos: bool = False,
) -> Table:
    """The lines of a CSV file in UTF-8 (with or without BOM) or cp932, separated by commas or tabs.

    `names`: for each field the headings that mean it, the usual one first; `required` fields must
    have a column. Empty lines are left out. The headings stand in the first of the first
    `head_within` lines that has the required ones; where a page takes workbooks, in the first sheet
    that has them, or in the one that is called `sheet`. `fills_dittos`: 〃 is what stands above it. Raises ValidationError that names what is wrong.
    """
    if takes_workbooks and body.startswith(_XLS):
        raise ValidationError(of_old_kind(body))
    if takes_workbooks and is_workbook(body):
        try:
            sheets = named_sheets(body, MAX_ROWS + head_within)
        except (OfNumbers, TooMuch) as error:
            raise ValidationError(error.words) from error
        except NotAWorkbook as error:
            raise ValidationError(
                _(
                    "ファイルを表計算ソフトのブックとして読めません。XLSXかCSVで保存し直してください。"
                )
            ) from error
    else:
        sheets = [("", csv_rows(body, MAX_ROWS + head_within))]
    sheets = _wanted([(name, rows) for name, rows in sheets if rows], sheet)
    headed = _with_head(sheets, names, required, head_within)
    name, rows, head = headed[0]
    if len(rows) > MAX_ROWS + head + 1:
        raise ValidationError(
            _("%(most)s行より多いファイルです。分けて取り込んでください。")
            % {"most": f"{MAX_ROWS:,}"}
        )
    fields, ignored = _fields_of(rows[head][1], names, required)
    below = without_dittos(rows[head + 1 :]) if fills_dittos else rows[head + 1 :]
    lines = [_line(number, cells, fields) for number, cells in below]
    # Headings in merged cells over two rows stand in both of them.
    lines = [line for line in lines if not _is_heading(line, names, required)]
    if not lines:
        raise ValidationError(_("見出しの行だけで、取り込む行がありません。"))
    return Table(lines, ignored, name, tuple(other for other, _rows, _head in headed[1:]))


def _wanted(sheets: list[tuple[str, Rows]], sheet: str) -> list[tuple[str, Rows]]:
    """The sheet of that name first. Raises ValidationError for an empty file, and where there is none."""
    if not sheets:
        raise ValidationError(_("ファイルに何も入っていません。"))
    if sheet and sheet not in {name for name, _rows in sheets}:
        names = "、".join(name for name, _rows in sheets if name)
        text = _("シート「%(sheet)s」がありません。あるシート：%(names)s。")
        raise ValidationError(text % {"sheet": sheet, "names": names or "—"})
    return sorted(sheets, key=lambda each: bool(sheet) and each[0] != sheet)


def _is_heading(line: Line, names: Mapping[str, Sequence[str]], required: Sequence[str]) -> bool:
    return all(
        _plain(line.cells[field]) in {_plain(name) for name in names[field]} for field in required
    )


def _with_head(
    sheets: Sequence[tuple[str, Rows]], names: Mapping[str, Sequence[str]],
    required: Sequence[str], within: int,
) -> list[tuple[str, Rows, int]]:  # fmt: skip
    """The sheets with headings and where they stand; where there is none, the likeliest row of the first."""
    meant = _meanings(names)
    found = []
    for name, rows in sheets:
        for position, (_number, cells) in enumerate(rows[:within]):
            if set(required) <= {meant.get(_plain(cell)) for cell in cells}:
                found.append((name, rows, position))
                break
    if found:
        return found
    name, rows = sheets[0]
    known = [
        len({meant.get(_plain(cell)) for cell in cells} - {None}) for _n, cells in rows[:within]
    ]
    # What lacks is told of the line that means the most, not of a title above it.
    return [(name, rows, known.index(max(known)))]


def csv_rows(body: bytes, most: int) -> Rows:
    """The lines that hold something, and one more than `most` at the most."""
    text = _text_of(body)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = "\t" if "\t" in first_line and "," not in first_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: Rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
            if len(rows) > most:
                break
    except csv.Error as error:
        message = _("%(line)d行目のあたりが、CSVとして読めません（引用符が閉じていないなど）。")
        raise ValidationError(message % {"line": reader.line_num}) from error
    return rows


def refuse_other_kinds(body: bytes) -> None:
    """Say it of a picture or a document that it is none, whatever its name says."""
    if body.startswith(_PICTURES) or body.startswith(_PDF):
        raise ValidationError(
            _(
                "表のファイルではありません（写真・PDFなど）。表計算ソフトで開ける、XLSXかCSVのファイルを選んでください。"
            )
        )


def of_old_kind(body: bytes) -> str:
    """What is said of a workbook of the old kind, or of one that a password has locked."""
    if _LOCKED in body:
        return _(
            "パスワードのかかったファイルです。表計算ソフトで開いてパスワードを外し、XLSXで保存し直してください。"
        )
    return _(
        "古い形式（.xls）のファイルです。表計算ソフトで開いて「名前を付けて保存」から「Excel ブック（.xlsx）」を選び、入れ直してください。"
    )


def _text_of(body: bytes) -> str:
    refuse_other_kinds(body)
    if body.startswith((_XLSX, _XLS)):
        raise ValidationError(
            _("表計算ソフトのファイルです。「CSV（コンマ区切り）」で保存してから選んでください。")
        )
    if body.startswith(_UTF16):
        raise ValidationError(
            _(
                "文字コードがUTF-16です。「CSV UTF-8」または「CSV（コンマ区切り）」で保存してください。"
            )
        )
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise ValidationError(
        _("文字コードを読めません。UTF-8かシフトJIS（cp932）のCSVにしてください。")
    )


def _plain(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).split()).rstrip("*※").casefold()


def _meanings(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {_plain(name): field for field, all_names in names.items() for name in all_names}


def _fields_of(
    headings: Sequence[str], names: Mapping[str, Sequence[str]], required: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    """Where each field stands. Raises ValidationError naming headings that lack or come twice."""
    meant = _meanings(names)
    fields: dict[str, int] = {}
    ignored, twice = [], []
    for position, heading in enumerate(headings):
        field = meant.get(_plain(heading))
        if field is None:
            if heading.strip():
                ignored.append(heading.strip()[:CELL_LENGTH])
        elif field in fields:
            twice.append(names[field][0])
        else:
            fields[field] = position
    missing = [names[field][0] for field in required if field not in fields]
    errors = []
    if missing:
        text = _(
            "見出しの行に、次の列がありません：%(names)s。見本のファイルの見出しと比べてください。"
        )
        errors.append(text % {"names": "、".join(missing)})
    if twice:
        text = _("見出しの行に、同じ列が二つあります：%(names)s。")
        errors.append(text % {"names": "、".join(dict.fromkeys(twice))})
    if errors:
        raise ValidationError(errors)
    return fields, ignored


def _line(number: int, cells: Sequence[str], fields: Mapping[str, int]) -> Line:
    found = {}
    for field, position in fields.items():
        text = cells[position].strip() if position < len(cells) else ""
        quoted = _QUOTED.match(text)
        found[field] = (quoted[1] if quoted else text)[:CELL_LENGTH]
    return Line(number, found)
