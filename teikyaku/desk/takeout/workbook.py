"""The same rows to look at: one sheet for each kind of thing, in words. The data files are the whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from clients.models import ClientName, Employer, Enrolment, Organisation
from teikyaku.accounts.models import Membership, Municipality, Office, User
from teikyaku.clock import TOKYO
from teikyaku.desk.takeout.columns import (
    ColumnNote,
    choices_of,
    column_name,
    table_name,
)
from teikyaku.desk.takeout.file_rows import FileRows
from teikyaku.desk.takeout.rows import Row
from teikyaku.desk.takeout.tables import is_emptied, is_history
from teikyaku.desk.takeout.values import OUTSIDE_NAME, columns_of
from teikyaku.spreadsheets import CELL_LENGTH, Column, Kind, Sheet, Value, titles, workbook

# So many rows stand in one sheet; it is made in one piece (some seconds).
PAGE_ROWS = 30_000
CUT = "…（続きは data/ の中）"
YES, NO = "はい", "いいえ"
# Technical columns say nothing to who reads a sheet.
_LEFT_OUT = ("public_id", "search_text", "content", "digest")
_NAME = "氏名"


@dataclass(slots=True)
class Names:
    """The words for keys: who, where, which."""

    clients: dict[int, str]
    enrolments: dict[int, int]
    others: dict[Any, dict[int, str]]

    @classmethod
    def of(cls, office: FileRows) -> Names:
        """Read once; a person's last name that the office knows."""
        users = {row["id"]: row["name"] for row in office.of(User)}
        members = {
            row["id"]: users[row["user_id"]]
            if row["office_id"] == office.office.pk
            else OUTSIDE_NAME
            for row in office.of(Membership)
        }
        return cls(
            {row["client_id"]: row["name"] for row in office.of(ClientName)},
            {row["id"]: row["client_id"] for row in office.of(Enrolment)},
            {
                User: users, Membership: members,
                Office: {office.office.pk: office.office.name},
                Municipality: _places(office),
                Employer: {row["id"]: row["name"] for row in office.of(Employer)},
                Organisation: {row["id"]: row["name"] for row in office.of(Organisation)},
            },
        )  # fmt: skip

    def person(self, row: Row) -> str | None:
        """The name of the person of a row, where it leads to one directly."""
        client = row.get("client_id") or self.enrolments.get(row.get("enrolment_id") or 0)
        return self.clients.get(client) if client else None


def _places(office: FileRows) -> dict[int, str]:
    rows = {row["id"]: row for row in office.of(Municipality)}
    ward = Municipality.Kind.WARD
    return {
        key: f"{rows[row['city_id']]['name']}{row['name']}"
        if row["kind"] == ward and row["city_id"] in rows
        else row["name"]
        for key, row in rows.items()
    }


@dataclass(frozen=True, slots=True)
class BookPage:
    """シート of the workbook: its title, of which model (none: the table of contents), from which row on."""

    title: str
    label: str
    first: int
    rows: int


def book_pages(models_: Iterable[Any], counts: Mapping[str, int]) -> list[BookPage]:
    """After a table of contents a sheet for every table that has rows, or several for a long one.

    Histories are in the data alone.
    """
    parts = [
        (model, first, min(PAGE_ROWS, counts[model._meta.label] - first))
        for model in models_
        if not is_history(model)
        for first in range(0, counts[model._meta.label], PAGE_ROWS)
    ]
    names = titles(["目次", *(table_name(model) for model, _first, _rows in parts)])
    pages = zip(names[1:], parts, strict=True)
    return [
        BookPage(names[0], "", 0, len(parts)),
        *(BookPage(name, model._meta.label, first, rows) for name, (model, first, rows) in pages),
    ]


def page_sheet(
    office: FileRows, page: BookPage, model: Any, names: Names, pages: Iterable[BookPage]
) -> Sheet:
    """One of them, as it is written."""
    return _sheet(office, page, model, names) if model else _contents(page, pages)


def columns_workbook(notes: Iterable[ColumnNote]) -> bytes:
    """The descriptions of the columns."""
    labels = ("表", "ファイル", "列", "名前", "型", "選択肢", "つながる先", "個人の情報", "説明")
    rows = (
        (
            note.table, note.file, note.column, note.name, note.type,
            _cut("、".join(f"{code}＝{word}" for code, word in note.choices.items())),
            note.refers_to, YES if note.personal else NO, note.note,
        )
        for note in notes
    )  # fmt: skip
    return workbook([Sheet("列の説明", [Column(label) for label in labels], rows)])


def files_workbook(entries: Iterable[tuple[str, str, int, str, str]]) -> bytes:
    """The list of files: name, what it is, bytes, SHA-256, and why it lacks."""
    columns = [
        Column("ファイル", width=50), Column("何か", width=30),
        Column("大きさ（バイト）", Kind.NUMBER), Column("SHA-256", width=66),
        Column("入らなかった理由", width=40),
    ]  # fmt: skip
    return workbook([Sheet("ファイルの一覧", columns, entries)])


def _contents(page: BookPage, pages: Iterable[BookPage]) -> Sheet:
    rows = [
        (each.title, each.rows, f"data/{each.label.lower()}.jsonl") for each in pages if each.label
    ]
    columns = [Column("シート", width=30), Column("件数", Kind.NUMBER), Column("データ", width=40)]
    return Sheet(page.title, columns, rows)


def _sheet(office: FileRows, page: BookPage, model: Any, names: Names) -> Sheet:
    columns = [
        column
        for column in columns_of(model)
        if column.name not in _LEFT_OUT and not is_emptied(model, column)
    ]
    has_person = {column.name for column in columns} & {"client", "enrolment"}
    cells = [cell for column in columns for cell in _cells(column, names)]
    heads = [head for head, _value in cells]
    rows = (
        [
            *([names.person(row)] if has_person else []),
            *(value(row) for _head, value in cells),
        ]
        for row in office.of(model, page.first, page.rows)
    )  # fmt: skip
    return Sheet(page.title, [*([Column(_NAME)] if has_person else []), *heads], rows)


Cell = tuple[Column, Callable[[Row], Value]]


def _cells(column: models.Field[Any, Any], names: Names) -> list[Cell]:
    """One column as it is read: a code also in its word, a key also in its name."""
    if column.is_relation:
        return _key_cells(column, names)
    name, key = column_name(column), column.attname
    if words := choices_of(column):
        return [
            (Column(name), lambda row: words.get(str(row[key])) if row[key] != "" else None),
            (Column(f"{name}（コード）"), lambda row: _text(row[key])),
        ]
    if isinstance(column, models.DateField) and not isinstance(column, models.DateTimeField):
        return [(Column(name, Kind.DATE), lambda row: row[key])]
    if isinstance(column, models.IntegerField | models.DecimalField):
        kind = Kind.YEN if key.endswith("_yen") else Kind.NUMBER
        return [(Column(name, kind), lambda row: row[key])]
    return [(Column(name), lambda row: _text(row[key]))]


def _key_cells(column: models.Field[Any, Any], names: Names) -> list[Cell]:
    name, key = column_name(column), column.attname
    number: Cell = (Column(f"{name}（番号）", Kind.NUMBER), lambda row: row[key])
    known = names.others.get(column.related_model)
    if not known:
        return [number]
    return [(Column(name), lambda row: known.get(row[key])), number]


def _text(value: Any) -> Value:
    if value in (None, "", [], {}):
        return None
    return _cut(_words(value))


def _words(value: Any) -> str:
    match value:
        case bool():
            return YES if value else NO
        case datetime():
            return f"{value.astimezone(TOKYO):%Y/%m/%d %H:%M:%S}"
        case bytes() | memoryview():
            return f"（{len(value):,}バイト。data/ の中）"
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def _cut(text: str) -> str:
    return text if len(text) <= CELL_LENGTH else text[: CELL_LENGTH - len(CUT)] + CUT
