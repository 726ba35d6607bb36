"""利用者負担額の一覧: the lines of a file that other offices sent, as what a sheet's form takes. Pure.

Only the words are read here; what a figure may be is asked of the form, at its field.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing.rules.cap_management import Rank

COLUMNS: Mapping[str, str] = {
    "certificate": "受給者証番号", "number": "事業所番号", "name": "事業所の名前",
    "rank": "サービスの種類", "total": "総費用額", "before": "利用者負担額",
}  # fmt: skip
# Other headings that mean a column.
ALSO: Mapping[str, tuple[str, ...]] = {
    "certificate": ("証番号",),
    "number": ("事業所の番号", "番号"),
    "name": ("事業所名", "事業所"),
    "rank": ("種類", "サービス種類", "提供サービス", "徴収の順"),
    "total": ("総費用", "総費用額（円）", "費用総額"),
    "before": ("利用者負担額（円）", "負担額"),
}
NAMES = {field: (label, *ALSO[field], field) for field, label in COLUMNS.items()}
REQUIRED = ("number", "name", "rank", "total", "before")


@dataclass(frozen=True, slots=True)
class FileFault:
    """直すところ: the line and column of the file, what stands there, what is expected."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """One other office's figures as they were written, the kind of service as the form has it."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """What was read of one person; `others` lines were of somebody else, `own` of this office."""

    lines: tuple[FileLine, ...]
    faults: tuple[FileFault, ...]
    others: int = 0
    own: int = 0


def read_figures(
    lines: Iterable[tuple[int, Mapping[str, str]]], certificate: str, own_number: str
) -> ReadFigures:
    """The lines of one person's other offices.

    A line with another 受給者証番号 is somebody else's; one without a number is this person's.
    """
    found, faults, others, own = [], [], 0, 0
    for number, cells in lines:
        whose = _digits(cells.get("certificate", ""))
        if whose and whose != certificate:
            others += 1
            continue
        if _digits(cells.get("number", "")) == own_number:
            own += 1
            continue
        rank = _rank(cells.get("rank", ""))
        if rank is None:
            reason = f"{'・'.join(f'「{each.label}」' for each in Rank)}のどれかです。"
            faults.append(FileFault(number, COLUMNS["rank"], cells.get("rank", ""), reason))
        found.append(FileLine(number, {**cells, "rank": rank.value if rank else ""}))
    return ReadFigures(tuple(found), tuple(faults), others, own)


def _digits(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if each.isascii() and each.isdigit())


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _rank(text: str) -> Rank | None:
    """By its words; one of two that share a place is enough (就労定着支援)."""
    wanted = _plain(text)
    for each in Rank:
        words = _plain(each.label)
        if wanted and wanted in (words, *words.split("・")):
            return each
    return None
