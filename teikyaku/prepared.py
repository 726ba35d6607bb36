"""Questions that are put into SQL once: what it costs to say a query in Python is not paid on every page.

The ORM takes 1 to 6 ms to build and compile a question with conditions inside conditions, which the
database answers in a fraction of that. A page asks the same questions for everybody; only the keys
(which office, whose people) differ. So the builder is called with places left open for the keys, and
its SQL is kept for the day and whatever else the builder was given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NoReturn
from uuid import UUID, SafeUUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Aggregate, QuerySet, Value
from django.db.models.query import FlatValuesListIterable, ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler

from teikyaku.replica import reading_alias
from teikyaku.row_making import InstanceMaker, Spelled, makes_plain_instances

# SQL kept in each process, of one question: days, months and kinds that are asked for.
KEPT = 256
# A place is a number that no key bears, so that every filter takes it for a key; for a public id it
# is written as one.
_LOWEST = -(2**62)
_WIDEST = 2**20
NOBODY = -1
# In place of how many keys a list holds.
PUBLIC, NONE = -1, -2
# A list of so many keys or more is handed over as one value; shorter ones as they are, for whose number
# the database plans.
MANY = 64
# In place of which key: all of them.
WHOLE = -1
# What follows a column: one of the keys of a list that is one value.
_AS_ONE = {
    "sqlite": "IN (SELECT value FROM json_each(%s))",
    "postgresql": "= ANY(%s::bigint[])",
}
# Days that SQLite's module has read on the way (of a column; of an expression they come as text).
_READ_ALREADY = frozenset({date, type(None)})
_HEX = re.compile(r"[0-9a-f]{32}")
Place = tuple[str, int]


class Keys(Collection[Any]):
    """The keys of one chunk: for whoever asks several questions about them, put in order once."""

    def __init__(self, keys: Iterable[Any]) -> None:
        self.listed = list(keys)

    @classmethod
    def of(cls, keys: Collection[Any]) -> Keys:
        """The same keys; as they are where somebody has put them in order already."""
        return keys if isinstance(keys, Keys) else cls(keys)

    def __len__(self) -> int:
        return len(self.listed)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.listed)

    def __contains__(self, key: object) -> bool:
        return key in self.listed

    @cached_property
    def size(self) -> int:
        """The next power of four: lists of nearly one length share their SQL."""
        size = 1
        while size < len(self.listed):
            size *= 4
        return size

    @cached_property
    def padded(self) -> list[Any]:
        """As many as `size`, the last one over and over."""
        found = self.listed or [NOBODY]
        return found + found[-1:] * (self.size - len(found))

    @cached_property
    def ordered(self) -> list[Any]:
        """Each once: one value, as PostgreSQL takes it."""
        return sorted(set(self.listed))

    @cached_property
    def text(self) -> str:
        """The same as SQLite takes it."""
        return json.dumps(self.ordered)


class _Kept:
    """One question in SQL: `places` are what the builder got, with the name and number of their key."""

    def __init__(
        self,
        queryset: QuerySet[Any],
        places: Mapping[Any, Place],
        spare: Collection[str],
        lists: Mapping[str, int],
        vendor: str,
    ) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using="default")
        self.is_empty = False
        self.converters: Any = None
        self.makers: dict[str, InstanceMaker] = {}
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:
            # Its conditions cannot meet, whatever the keys.
            self.is_empty = True
            return
        self.params = tuple(params)
        self.open: list[tuple[int, Place, bool]] = []
        for n, param in enumerate(params):
            is_hex = isinstance(param, str)  # as SQLite keeps a public id
            key = UUID(param) if is_hex and _HEX.fullmatch(param) else param
            if isinstance(key, int | UUID) and key in places:
                self.open.append((n, places[key], is_hex))
        missing = set(places.values()) - {place for _n, place, _is_hex in self.open}
        missing = {place for place in missing if place[0] not in spare}
        if missing:
            raise RuntimeError(f"a prepared question leaves keys out: {sorted(missing)}")
        self.is_text = vendor == "sqlite"
        if lists:
            self._join_lists(lists, _AS_ONE[vendor])

    def _join_lists(self, lists: Mapping[str, int], as_one: str) -> None:
        """Each list of that many keys (by its name) as one value: the database reads no thousand marks."""
        pieces, open_at = self.sql.split("%s"), {n: place for n, place, _is_hex in self.open}
        if len(pieces) != len(self.params) + 1:
            return  # a mark that is text: left as it is
        before, after = as_one.split("%s")
        sql: list[str] = [pieces[0]]
        params: list[Any] = []
        opened: list[tuple[int, Place, bool]] = []
        n = 0
        while n < len(self.params):
            name, size = _list_from(n, open_at, lists)
            if size and sql[-1].endswith(" IN ("):
                sql[-1] = sql[-1].removesuffix("IN (") + before
                sql.append(after + pieces[n + size].removeprefix(")"))
                opened.append((len(params), (name, WHOLE), False))
                params.append(None)
                n += size
                continue
            if n in open_at:
                opened.append((len(params), open_at[n], isinstance(self.params[n], str)))
            sql.append(pieces[n + 1])
            params.append(self.params[n])
            n += 1
        self.sql, self.params, self.open = "%s".join(sql), tuple(params), opened

    def asked(self, keys: Mapping[str, Keys]) -> list[Any]:
        """What iterating the queryset gives, with these keys in its places."""
        if self.is_empty:
            return []
        rows: Any = self.queryset  # the kind is Django's own, and has no public name
        made_as = rows._iterable_class
        if made_as is ValuesListIterable:
            return self.tuples(keys, own=True)
        if made_as is FlatValuesListIterable:
            return [value for (value, *_beside) in self.tuples(keys, own=True)]
        if makes_plain_instances(self.queryset):
            return self._instances(self._bound(keys))
        return self._others(self._bound(keys))

    def _instances(self, bound: tuple[Any, ...]) -> list[Any]:
        alias = reading_alias()
        connection = connections[alias]
        maker = self.makers.get(alias)
        if maker is None:
            maker = self.makers[alias] = InstanceMaker(self.compiler, self._converters(), alias)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, bound)
            rows = cursor.fetchall()
        return maker.made(rows, connection)

    def _others(self, bound: tuple[Any, ...]) -> list[Any]:
        """In Django's way: dicts, and instances with what is fetched beside them."""
        # Its own copy: another thread asks the same question with other keys on its own connection.
        compiler: SQLCompiler = copy(self.compiler)
        compiler.connection = connections[reading_alias()]
        vars(compiler)["as_sql"] = lambda *args, **kwargs: (self.sql, bound)
        vars(compiler)["get_converters"] = self._converters
        rows = self.queryset.all()
        vars(rows.query)["get_compiler"] = lambda *args, **kwargs: compiler
        return list(rows)

    def _bound(self, keys: Mapping[str, Keys]) -> tuple[Any, ...]:
        bound = list(self.params)
        for n, (name, which), is_hex in self.open:
            if which == WHOLE:
                bound[n] = keys[name].text if self.is_text else keys[name].ordered
                continue
            key = keys[name].padded[which]
            bound[n] = key.hex if is_hex else key
        return tuple(bound)

    def tuples(self, keys: Mapping[str, Keys], *, own: bool = False) -> list[tuple[Any, ...]]:
        """The rows of a queryset of `values_list`, as the database's own tuples with Python's values.

        `own`: what may be changed is each row's own.
        """
        if self.is_empty:
            return []
        connection = connections[reading_alias()]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._bound(keys))
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        if self.compiler.has_extra_select:  # columns that it is only sorted by
            rows = [row[: self.compiler.col_count] for row in rows]
        converters = self._converters()
        if not rows or not converters:
            return rows
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, (functions, expression) in converters.items():
            if functions == [getattr(connection.ops, "convert_uuidfield_value", None)]:
                columns[place] = map(_public_id, columns[place])
                continue
            is_day = functions == [getattr(connection.ops, "convert_datefield_value", None)]
            if is_day and _READ_ALREADY.issuperset(map(type, columns[place])):
                continue
            spelled = Spelled(functions, expression, connection).of_column(own=own)
            columns[place] = map(spelled, columns[place])
        return list(zip(*columns, strict=True))

    def _converters(self, _columns: Any = None) -> Any:
        """How values become Python's: the same at each turn, for each kind of database."""
        if self.converters is None:
            compiler = self.compiler
            columns: Any = [column for column, *_sql in compiler.select[: compiler.col_count]]
            self.converters = compiler.get_converters(columns)
        return self.converters


def _list_from(n: int, open_at: Mapping[int, Place], lists: Mapping[str, int]) -> tuple[str, int]:
    """Whose keys stand from the mark `n` on, all in their order, and how many; 0 where it is no list."""
    name, _which = open_at.get(n, ("", 0))
    size = lists.get(name, 0)
    whole = [(name, each) for each in range(size)]
    return name, size if whole == [open_at.get(n + each) for each in range(size)] else 0


def _public_id(raw: str | None) -> UUID | None:
    """A public id as SQLite keeps it. What wrote it has checked it: here it is only unfolded."""
    if raw is None:
        return None
    found = object.__new__(UUID)
    object.__setattr__(found, "int", int(raw, 16))
    object.__setattr__(found, "is_safe", SafeUUID.unknown)
    return found


class Prepared:
    """A builder of querysets whose SQL is kept; see `prepared`."""

    def __init__(
        self, build: Callable[..., QuerySet[Any]], keys: tuple[str, ...], spare: Collection[str]
    ) -> None:
        self.build, self.keys, self.spare = build, keys, spare
        self.__doc__ = build.__doc__
        self._kept = lru_cache(maxsize=KEPT)(self._prepare)

    def rows(self, **given: Any) -> list[Any]:
        """What the queryset holds (one query); `given`: all that the builder takes, by name."""
        kept, keys = self._asked(given)
        return kept.asked(keys)

    def tuples(self, **given: Any) -> list[tuple[Any, ...]]:
        """As `rows` of a queryset of `values_list`, for thousands of them: each costs a tuple and no more.

        Equal values of a column are one object: nobody may change what it holds.
        """
        kept, keys = self._asked(given)
        return kept.tuples(keys)

    def _asked(self, given: Mapping[str, Any]) -> tuple[_Kept, dict[str, Keys]]:
        keys = {name: _keys(given[name]) for name in self.keys}
        sizes = tuple(_size(given[name], each) for name, each in keys.items())
        fixed = tuple((name, value) for name, value in given.items() if name not in keys)
        return self._kept(connections[reading_alias()].vendor, sizes, fixed), keys

    def row(self, **given: Any) -> Any:
        """The only row (one query)."""
        (found,) = self.rows(**given)
        return found

    def _prepare(
        self, vendor: str, sizes: tuple[int, ...], fixed: tuple[tuple[str, Any], ...]
    ) -> _Kept:
        places: dict[Any, Place] = {}
        opened: dict[str, Any] = {}
        lists = {name: n for name, n in zip(self.keys, sizes, strict=True) if n >= MANY}
        for n, (name, size) in enumerate(zip(self.keys, sizes, strict=True)):
            if size == NONE:
                opened[name] = None
                continue
            found: list[Any] = [_LOWEST + n * _WIDEST + each for each in range(max(size, 1))]
            if size == PUBLIC:
                found = [UUID(int=2**128 - 1 - n)]
            places |= {place: (name, each) for each, place in enumerate(found)}
            opened[name] = found if size > 0 else found[0]
        # What the builder read now would be kept for everybody, as long as the process lives.
        with connections[reading_alias()].execute_wrapper(_refuse):
            return _Kept(self.build(**opened, **dict(fixed)), places, self.spare, lists, vendor)


def prepared(
    *keys: str, spare: Collection[str] = ()
) -> Callable[[Callable[..., QuerySet[Any]]], Prepared]:
    """A decorator for a builder of a queryset, which is called once for all values of its `keys`.

    A key is a number, a collection of numbers, a public id or None (which the builder gets as it is), and
    may only be compared with; everything else that is given hashes, and has SQL of its own. What the
    builder hands out hangs on its arguments alone: no clock, no setting, no table (reading one is an
    error). Each key must show in the SQL, but for those that are `spare`: some are asked without them.
    """
    return lambda build: Prepared(build, keys, spare)


def in_one_row(rows: QuerySet[Any], **counts: Aggregate) -> QuerySet[Any]:
    """What `aggregate` asks, as a queryset: one row with these counts, also where there is nothing."""
    whole = rows.order_by().annotate(all_of_it=Value(1)).values("all_of_it")
    return whole.annotate(**counts).values_list(*counts)


def _size(value: Any, keys: Keys) -> int:
    """What the SQL must know of a key: how many it is, or of which kind."""
    if value is None:
        return NONE
    if isinstance(value, UUID):
        return PUBLIC
    return keys.size if _is_many(value) else 0


def _is_many(value: Any) -> bool:
    return isinstance(value, Collection)


def _keys(value: Any) -> Keys:
    return Keys.of(value) if _is_many(value) else Keys([value])


def _refuse(*_args: Any) -> NoReturn:
    raise RuntimeError("a prepared question may not read the database while it is built")
