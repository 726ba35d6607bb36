"""Lists of what ends, one query for each kind: an office's board and a ward's are made of this.

A list is a sequence by day of which only the rows of a slice are read; it can be counted by day, and
grouped by whose the ends are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar, overload
from uuid import UUID

from django.db.models import Count, QuerySet

from plans.rules.expiry import ExpiryStage, last_end_within, stage_span
from teikyaku.periods import Month, day_before, months_later

# What has ended stays in sight until it is settled: longer than any window, and what came before it.
UNSETTLED_MONTHS = 60
# Of each kind so many are read at once where list and axis are wanted; where there are more, they are
# counted by day and only a page of them is read.
READ_AT_ONCE = 500
Span = tuple[date, date]
# One thing that ends: its day, kind, whose it is, and the row that says so.
Found = tuple[date, str, int, UUID]


class HasDay(Protocol):
    """A row of a list."""

    @property
    def on(self) -> date: ...  # noqa: D102  (a protocol)


R = TypeVar("R", bound=HasDay)


def itself(day: date) -> date:
    """The stored day is the one that counts."""
    return day


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of one kind: where their day and whose they are stand, and which day counts.

    `day_of` never falls as the stored day rises, so that rows by their stored day are by day.
    """

    rows: QuerySet[Any]
    day: str
    who: str
    subject: str = "public_id"
    day_of: Callable[[date], date] = itself

    def found(self, kind: str, stop: int | None) -> list[Found]:
        """The first rows by day (one query)."""
        rows = self.first_rows(stop)
        return [(self.day_of(day), kind, who, subject) for day, who, subject in rows]

    def first_rows(self, stop: int | None) -> QuerySet[Any]:
        """The first rows by day: stored day, whose, and which row."""
        columns = (self.day, self.who, self.subject)
        return self.rows.order_by(*columns).values_list(*columns)[:stop]

    def one(self, kind: str, subject: UUID) -> tuple[Found, date] | None:
        """One end with the day that stands on its row; None where there is none (one query)."""
        row = self.rows.filter(**{self.subject: subject}).values_list(self.day, self.who).first()
        if row is None:
            return None
        return (self.day_of(row[0]), kind, row[1], subject), row[0]

    def tally(self) -> Iterator[tuple[date, int]]:
        """(day, how many) of each day (one query)."""
        rows = self.rows.order_by().values_list(self.day).annotate(n=Count("pk"))
        for day, count in rows:
            yield self.day_of(day), count


class Asked(Protocol):
    """What a list asks of one kind: a `Source`, or what stands for one."""

    def found(self, kind: str, stop: int | None) -> list[Found]: ...  # noqa: D102  (a protocol)
    def one(self, kind: str, subject: UUID) -> tuple[Found, date] | None: ...  # noqa: D102
    def tally(self) -> Iterator[tuple[date, int]]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Tally:
    """How many end on each day, of each kind, up to a day."""

    until: date
    counts: Mapping[tuple[date, str], int]
    found: tuple[Found, ...] | None = None
    """Everything that was counted, by day, where it was read to the end."""

    def between(self, span: Span, kinds: Iterator[str] | Mapping[str, Any]) -> int:
        """How many end inside `span`, of these kinds."""
        first, last = span
        wanted = set(kinds)
        return sum(
            count
            for (day, kind), count in self.counts.items()
            if kind in wanted and first <= day <= last
        )


@dataclass(frozen=True, slots=True)
class Group(Generic[R]):
    """Everything that ends for one person, by day."""

    rows: tuple[R, ...]

    @property
    def head(self) -> R:
        """The first one, which says whose they are."""
        return self.rows[0]


@dataclass(frozen=True, slots=True)
class When:
    """Which days a list shows: so many months ahead and what has passed; one month; what has passed; one stage."""

    months: int
    month: Month | None = None
    is_late: bool = False
    stage: ExpiryStage | None = None


def span_of(when: When, on: date) -> Span:
    """First and last day that are asked for; the first lies after the last where none can be."""
    first, last = first_unsettled(on), last_end_within(on, when.months)
    if when.is_late:
        last = day_before(on)
    elif when.month is not None:
        # Of the running month what lies ahead: what has passed is asked without a month.
        first, last = max(on, when.month.first_day), max(on, when.month.last_day)
    if when.stage is not None:
        nearest, farthest = stage_span(when.stage, on)
        first, last = max(first, nearest), min(last, farthest)
    return first, last


def first_unsettled(on: date) -> date:
    """How far back a list looks for what has passed."""
    return months_later(on, -UNSETTLED_MONTHS)


def period_of(day: date, stage: ExpiryStage) -> str:
    """The heading under which an end stands in a list by day: its month, or that it has passed."""
    return stage.label if stage == ExpiryStage.LAPSED else Month.of(day).label


class EndList(Sequence[R]):
    """What ends inside `span`, by day. A paginator can hold it; `len` asks nothing where `tally` knows."""

    def __init__(
        self, sources: Mapping[str, Asked], span: Span, on: date, tally: Tally | None = None
    ) -> None:
        self.sources, self.span, self.on, self.known = sources, span, on, tally

    def __len__(self) -> int:
        return (self._known() or self.tally()).between(self.span, self.sources)

    def _known(self) -> Tally | None:
        """What was counted before, where it reaches as far as this list."""
        known = self.known
        return known if known is not None and self.span[1] <= known.until else None

    def tally(self) -> Tally:
        """How many end on each day (one query for each kind)."""
        counts = Counter[tuple[date, str]]()
        for kind, source in self.sources.items():
            for day, count in source.tally():
                counts[day, kind] += count
        return Tally(self.span[1], counts)

    def read(self) -> Tally:
        """The same from the rows themselves, so that a list within this one asks nothing more.

        One query for each kind; of a kind with more than READ_AT_ONCE two, and the rows are not kept.
        """
        found = {kind: source.found(kind, READ_AT_ONCE) for kind, source in self.sources.items()}
        if any(len(rows) == READ_AT_ONCE for rows in found.values()):
            return self.tally()
        rows = tuple(merge(*found.values()))
        return Tally(self.span[1], Counter((day, kind) for day, kind, _who, _row in rows), rows)

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...

    def __getitem__(self, index: int | slice) -> R | list[R]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        start, stop = index.start or 0, index.stop
        return self.told(list(islice(self._merged(stop), start, stop)))

    def everything(self) -> list[R]:
        """All rows by day, told at once, whatever their number: for a sheet."""
        return self.told(list(self._merged(None)))

    def by_person(self) -> ByPerson[R]:
        """The same, grouped by whose they are; who has the first end stands first."""
        groups: dict[tuple[Any, ...], list[Found]] = defaultdict(list)
        for each in self._merged(None):
            groups[self.whose(each)].append(each)
        return ByPerson(self, list(groups.values()))

    def one(self, kind: str, subject: UUID) -> tuple[Found, date] | None:
        """One end inside `span` with the day that stands on its row; None where there is none (one query)."""
        source = self.sources.get(kind)
        return source.one(kind, subject) if source else None

    def whose(self, found: Found) -> tuple[Any, ...]:
        """The key of whose an end is."""
        return (found[2],)

    def told(self, found: list[Found]) -> list[R]:
        """The rows of these ends, with what the page says of them."""
        raise NotImplementedError

    def _merged(self, stop: int | None) -> Iterator[Found]:
        known = self._known()
        if known is not None and known.found is not None:
            first, last = self.span
            return (
                each for each in known.found if first <= each[0] <= last and each[1] in self.sources
            )
        return merge(*(source.found(kind, stop) for kind, source in self.sources.items()))


class ByPerson(Sequence[Group[R]]):
    """Groups of a list; only those of a slice are told."""

    def __init__(self, ends: EndList[R], groups: list[list[Found]]) -> None:
        self.ends, self.groups = ends, groups

    def __len__(self) -> int:
        return len(self.groups)

    @overload
    def __getitem__(self, index: int) -> Group[R]: ...
    @overload
    def __getitem__(self, index: slice) -> list[Group[R]]: ...

    def __getitem__(self, index: int | slice) -> Group[R] | list[Group[R]]:
        if isinstance(index, int):
            return self[index : index + 1][0]
        wanted = self.groups[index]
        rows = iter(self.ends.told([each for group in wanted for each in group]))
        return [Group(tuple(islice(rows, len(group)))) for group in wanted]
