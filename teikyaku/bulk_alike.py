"""Rows that many owners have alike, by one INSERT … SELECT: each kind of block goes to the database once.

Of the lines of a thousand people's months most are the same but for whose they are. Row by row, their
words would be bound a thousand times; so they come as a short table, and beside it who has which block.
For frozen and append-only models only, as `teikyaku.bulk`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection, models, transaction

from teikyaku.bulk import MARKS, refuse_history
from teikyaku.bulk_spelling import Spelling

# Whose block is which, as one value.
_OWNERS = {
    "sqlite": "SELECT CAST(key AS INTEGER), value FROM json_each(%s)",
    "postgresql": "SELECT key::bigint, value::int FROM jsonb_each_text(%s::jsonb)",
}


class Block(NamedTuple):
    """Rows that several owners have alike."""

    owners: Collection[int]
    """The keys of the owners, each in one block only."""
    rows: Sequence[Mapping[str, Any]]
    """What each of them gets, by field, without the owner: every row names the same fields."""


@transaction.atomic
def insert_alike(model: type[models.Model], owner: str, blocks: Iterable[Block]) -> None:
    """Insert the rows of each block for each of its owners, all or none; `owner` names the foreign key.

    Nothing may be a row's own but its owner and its key. Raises TypeError for a field that is left out and
    has a default to be asked for each row, ValueError for an owner in two blocks, else as `insert_rows`.
    """
    refuse_history(model)
    spelling = Spelling(model)
    piece: list[Block] = []
    marks = 0
    seen: set[int] = set()
    for block in blocks:
        if len(block.owners) > len(new := set(block.owners) - seen):
            raise ValueError(f"{model.__name__}: an owner stands in two blocks")
        seen |= new
        more = len(block.rows) * (len(spelling.fields) + 1)
        if marks + more > MARKS and piece:
            _insert(spelling, owner, piece)
            piece, marks = [], 0
        piece.append(block)
        marks += more
    if piece:
        _insert(spelling, owner, piece)


def _insert(spelling: Spelling, owner: str, blocks: Sequence[Block]) -> None:
    """By one statement."""
    own, quote = spelling.place(owner), connection.ops.quote_name
    _refuse_own_values(spelling, owner, blocks)
    fields = [field for n, field in enumerate(spelling.fields) if n != own]
    whole = spelling.of([row for block in blocks for row in block.rows])
    values = list(zip(*(column for n, column in enumerate(whole) if n != own), strict=True))
    numbers = [n for n, block in enumerate(blocks) for _row in block.rows]
    columns = ", ".join(quote(str(each.column)) for each in (spelling.fields[own], *fields))
    names = ", ".join(f"c{n}" for n in range(len(fields)))
    # Owner by owner and row by row, as if each had been saved: keys go up in the order of the lines, and
    # the index of the owner grows at its end. SQLite reads the tables of a cross join in their order.
    sql = (
        f"INSERT INTO {quote(spelling.model._meta.db_table)} ({columns}) "  # noqa: S608  (quoted names)
        f"WITH block (number, place, {names}) AS (VALUES {_marks(fields, len(values))}), "
        f"owned (owner, block) AS ({_OWNERS[connection.vendor]}) "
        f"SELECT owner, {names} FROM owned CROSS JOIN block WHERE block.number = owned.block "
        "ORDER BY owner, place"
    )
    bound = chain.from_iterable(
        (n, place, *row) for place, (n, row) in enumerate(zip(numbers, values, strict=True))
    )
    owned = {key: n for n, block in enumerate(blocks) for key in block.owners}
    with connection.cursor() as cursor:
        cursor.execute(sql, [*bound, json.dumps(dict(sorted(owned.items())))])


def _marks(fields: Sequence[Any], count: int) -> str:
    """So many rows of marks; PostgreSQL is told the types once, which it cannot guess from a value."""
    first = plain = ", ".join(["%s"] * (len(fields) + 2))
    if connection.vendor == "postgresql":
        # A text cast to varchar(80) would be cut there without a word; the column refuses it.
        kinds = [
            "integer",
            "integer",
            *("text" if kind.startswith("varchar") else kind for kind in map(_kind, fields)),
        ]
        first = ", ".join(f"%s::{kind}" for kind in kinds)
    return ", ".join(f"({each})" for each in [first, *[plain] * (count - 1)])


def _kind(field: Any) -> str:
    return str(field.cast_db_type(connection))


def _refuse_own_values(spelling: Spelling, owner: str, blocks: Sequence[Block]) -> None:
    """What each row would have of its own cannot be given once for all of a block."""
    given = {name for block in blocks for row in block.rows for name in row}
    for field in spelling.fields:
        left_out = field.name != owner and not {field.name, field.attname} & given
        if left_out and field.has_default() and callable(field.default):
            raise TypeError(f"{spelling.model.__name__}.{field.name} is each row's own")
