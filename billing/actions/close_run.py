"""Closing a month at many offices: each office is a close of its own, and one that fails stops no other.

Read and computed for some offices at once, so that the queries do not grow with their number; written
for a few at once in one short transaction, which a kill leaves wholly done or not at all. Where the
database refuses them together, each office is closed by itself and says what is wrong. Who is closed is
skipped: safe to run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.actions.month import ToClose, close_boards, to_close
from billing.models import MonthClosing
from billing.queries.month import MonthBoard, boards_of
from plans.queries.month import uses_by_office
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of
from teikyaku.collecting import rare_collections
from teikyaku.periods import Month

T = TypeVar("T")
# By the key of an office: how many were in use and not closed before.
InUse = Mapping[int, int]
# About 1,300 people of offices of 5 to 60: what is read of them at once stays small.
OFFICES_AT_A_TIME = 64
# In one transaction: it is over in a few hundredths of a second, so that nobody waits for it.
OFFICES_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class OfficeRun:
    """What became of one office in a run."""

    by: Membership
    closing: MonthClosing | None
    """None: nothing was closed."""
    closed: int
    """How many people this run closed."""
    left: int
    """How many in use stay open: held, or not billable. Who has no report is not judged for that, unless they died."""
    problem: str = ""
    """Why the close was refused; "" where everybody was closed already, or nobody is ready."""


def close_months(*, month: Month, by: Sequence[Membership], at: datetime) -> Iterator[OfficeRun]:
    """Close the month at the office of each membership in `by`, in the order of the offices.

    Work is done as the answers are taken. Raises ValidationError before the month is over, and, before
    anything is closed, where somebody may not close at their office or an office is named twice.
    """
    on = date_of(at)
    if on <= month.last_day:
        raise ValidationError(_("月が終わってから締めます。"))
    closers = sorted(by, key=lambda each: each.office_id or 0)
    if len({each.office_id for each in closers}) < len(closers):
        raise ValidationError(_("同じ事業所が二度あります。"))
    if not all(each.office_id and each.may(Permission.MONTH_CLOSE) for each in closers):
        raise ValidationError(_("月を締める権限のない事業所があります。"))
    return _rarely_collected(_runs(month, closers, at))


def _rarely_collected(runs: Iterator[OfficeRun]) -> Iterator[OfficeRun]:
    with rare_collections():
        yield from runs


def _runs(month: Month, closers: Sequence[Membership], at: datetime) -> Iterator[OfficeRun]:
    for some in _pieces(closers, OFFICES_AT_A_TIME):
        offices = [_office(by) for by in some]
        boards = boards_of(offices, month, month, date_of(at), reported=True)
        in_use = _still_open(offices, month, [each[month] for each in boards.values()])
        for few in _pieces(some, OFFICES_TOGETHER):
            asked = [to_close(_office(by), boards.pop(_office(by).pk)[month], by) for by in few]
            yield from _closed(asked, in_use, at)


def _still_open(offices: Sequence[Office], month: Month, boards: Sequence[MonthBoard]) -> InUse:
    """By office, how many are in use in the month and were never closed."""
    closed = {row.enrolment_id for own in boards for row in (*own.closed, *own.withdrawn)}
    return uses_by_office(offices, month, closed)


def _pieces(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


def _office(by: Membership) -> Office:
    assert by.office is not None  # noqa: S101  (`close_months` lets no others in)
    return by.office


def _closed(asked: Sequence[ToClose], in_use: InUse, at: datetime) -> Iterator[OfficeRun]:
    """What became of each, closed together; where that is refused, each by itself."""
    ready = [each for each in asked if each.ready]
    try:
        closings = close_boards(ready, at=at) if ready else []
    except ValidationError:
        return (_run(each, in_use, at) for each in asked)
    found = {closing.office_id: closing for closing in closings}
    return (_answer(each, found.get(each.office.pk), in_use) for each in asked)


def _run(each: ToClose, in_use: InUse, at: datetime) -> OfficeRun:
    if not each.ready:
        return _answer(each, None, in_use)
    try:
        (closing,) = close_boards([each], at=at)
    except ValidationError as error:
        return _answer(each, None, in_use, " ".join(error.messages))
    return _answer(each, closing, in_use)


def _answer(
    each: ToClose, closing: MonthClosing | None, in_use: InUse, problem: str = ""
) -> OfficeRun:
    closed = len(each.ready) if closing is not None else 0
    return OfficeRun(each.by, closing, closed, in_use.get(each.office.pk, 0) - closed, problem)
