"""A table of numbers as page and workbook show it, with the bars that are drawn beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from teikyaku.periods import Month
from teikyaku.sheet_charts import Bars
from teikyaku.spreadsheets import Column, Kind, Value

WHOLE = 100
SUMMED = (Kind.YEN, Kind.UNITS, Kind.NUMBER)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and the list that it counts."""

    value: Value
    url: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell in words, with the head of its column."""

    label: str
    text: str
    is_number: bool
    url: str = ""
    is_month: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture: lengths in percent of the longest bar."""

    label: str
    words: str
    percent: int
    is_below: bool
    """Whether the number is below 0: another colour beside the minus in words."""
    more_percent: int
    before_percent: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Which columns are drawn: the number, what is added to it, the year before (None: nothing)."""

    value: int
    more: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class MoneyTable:
    """表 with its picture. The first column names the row; numbers are added up in the last line."""

    key: str
    title: str
    note: str
    empty: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    chart: Chart
    links: Sequence[tuple[str, str]] = ()
    """Lists that count the same, in words with their addresses."""

    @property
    def lines(self) -> list[list[Shown]]:
        """The rows in words."""
        return [
            [self._shown(cell, place) for place, cell in enumerate(row)] for row in self.rows
        ]  # fmt: skip

    @property
    def totals(self) -> list[Shown]:
        """The sum of each column of numbers; nothing below a single row."""
        if len(self.rows) < 2:  # noqa: PLR2004
            return []
        found = [Shown("", _("合計"), is_number=False)]
        for place, column in enumerate(self.columns[1:], 1):
            known = [row[place].value for row in self.rows]
            numbers = [each for each in known if isinstance(each, int)]
            is_sum = column.kind in SUMMED
            text = _text(sum(numbers) if numbers else None, column.kind) if is_sum else ""
            found.append(Shown(column.label, text, is_sum))
        return found

    @property
    def bars(self) -> list[Bar]:
        """The picture; no bars where every number is 0."""
        own = self.chart
        drawn = [
            (row, _int(row, own.value), abs(_int(row, own.more)), abs(_int(row, own.before)))
            for row in self.rows
        ]
        longest = max(
            (max(abs(now) + more, before) for _row, now, more, before in drawn), default=0
        )
        if not longest:
            return []
        return [
            Bar(
                label=self._shown(row[0], 0).text,
                words=self._words(row),
                percent=abs(now) * WHOLE // longest,
                is_below=now < 0,
                more_percent=more * WHOLE // longest,
                before_percent=before * WHOLE // longest,
            )
            for row, now, more, before in drawn
        ]

    @property
    def drawn(self) -> Bars | None:
        """The same picture in a workbook; None where every number is 0."""
        if not self.bars:
            return None
        own = self.chart
        if own.more is not None:
            return Bars((own.value, own.more), is_stacked=True)
        before = () if own.before is None else (own.before,)
        return Bars((own.value, *before))

    @property
    def heads(self) -> list[Shown]:
        """The heads of the columns."""
        return [Shown(each.label, "", each.kind in SUMMED) for each in self.columns]

    @property
    def value_label(self) -> str:
        """The legend of the bars."""
        return self.columns[self.chart.value].label

    @property
    def more_label(self) -> str:
        """The legend of what is added to them; empty where nothing is."""
        return self.columns[self.chart.more].label if self.chart.more is not None else ""

    @property
    def before_label(self) -> str:
        """The legend of the year before; empty where none is drawn."""
        return self.columns[self.chart.before].label if self.chart.before is not None else ""

    def _words(self, row: Sequence[Cell]) -> str:
        text = self._shown(row[self.chart.value], self.chart.value).text
        if self.columns[self.chart.value].kind is Kind.NUMBER:
            text = _("%(n)s人") % {"n": text}
        if self.chart.more is not None and _int(row, self.chart.more):
            text += "　＋ " + self._shown(row[self.chart.more], self.chart.more).text
        return text

    def _shown(self, cell: Cell, place: int) -> Shown:
        column = self.columns[place]
        return Shown(
            column.label, _text(cell.value, column.kind), column.kind in SUMMED, cell.url,
            column.kind is Kind.MONTH,
        )  # fmt: skip


def _int(row: Sequence[Cell], place: int | None) -> int:
    value = row[place].value if place is not None else None
    return value if isinstance(value, int) else 0


def _text(value: Value, kind: Kind) -> str:
    if value is None:
        return "—"
    if isinstance(value, Month):
        return value.label
    if isinstance(value, int):
        return f"{value:,}{_('円') if kind is Kind.YEN else ''}".replace("-", "−")
    return str(value)
