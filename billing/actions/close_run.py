"""Closing a month at many offices: each office is a close of its own, and one that fails stops no other.

Read and computed for some offices at once, so that the queries do not grow with their number; written
for a few at once in one short transaction, which a kill leaves wholly done or not at all. Where the
database refuses them together, each office is closed by itself and says what is wrong. Who is closed is
skipped: safe to run again. Several processes share the offices of a large run; offices that serve one
person stay with one process, so that the outcome does not hang on who is quicker. Where one of these
breaks off, its offices are tried again one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from billing.actions.month import ToClose, close_boards, close_month, to_close
from billing.models import MonthClosing, PersonMonth
from billing.queries.month import MonthBoard, boards_of
from billing.rules.close_pieces import pieces_of
from plans.queries.month import offices_sharing, uses_by_office
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of
from teikyaku.collecting import rare_collections
from teikyaku.periods import Month
from teikyaku.processes import Lost, can_share, shared_out

T = TypeVar("T")
# By the key of an office: how many were in use and not closed before.
InUse = Mapping[int, int]
# A run on its way from a process: the columns of its closing, how many closed and left, the problem.
Sent = tuple[tuple[Any, ...] | None, int, int, str]
# About 1,300 people of offices of 5 to 60: what is read of them at once stays small.
OFFICES_AT_A_TIME = 64
# In one transaction: it is over in a few hundredths of a second, so that nobody waits for it.
OFFICES_TOGETHER = 64
# A process of its own pays from so many offices on; with fewer it costs more than it spares.
OFFICES_A_PROCESS = 128
# Writing is a quarter of the work, and on SQLite one writes at a time: more would wait for each other.
WRITERS_ON_SQLITE = 4


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


def close_months(
    *, month: Month, by: Sequence[Membership], at: datetime, processes: int = 1
) -> Iterator[OfficeRun]:
    """Close the month at the office of each membership in `by`, in the order of the offices.

    Work is done as the answers are taken. With more than one of `processes` a large run is shared out
    among them, and the answers come as pieces of it are done. Raises ValidationError before the month is
    over, and, before anything is closed, where somebody may not close at their office or an office is
    named twice.
    """
    on = date_of(at)
    if on <= month.last_day:
        raise ValidationError(_("月が終わってから締めます。"))
    closers = sorted(by, key=lambda each: each.office_id or 0)
    if len({each.office_id for each in closers}) < len(closers):
        raise ValidationError(_("同じ事業所が二度あります。"))
    if not all(each.office_id and each.may(Permission.MONTH_CLOSE) for each in closers):
        raise ValidationError(_("月を締める権限のない事業所があります。"))
    count = _worth(processes, len(closers))
    if count > 1 and can_share():
        return _rarely_collected(_shared_runs(month, closers, at, count))
    return _rarely_collected(_runs(month, closers, at))


def close_as_notified(*, month: Month, by: Membership, at: datetime) -> OfficeRun:
    """As `close_months` at one office where staffing and 届出 contradict each other and that was looked at."""
    office = _office(by)
    try:
        closing = close_month(office=office, month=month, by=by, at=at, as_notified=True)
    except ValidationError as error:
        return OfficeRun(by, None, 0, 0, " ".join(error.messages))
    rows = PersonMonth.objects.filter(closing__office=office, month=month.first_day)
    left = uses_by_office([office], month, rows.values_list("enrolment", flat=True))
    return OfficeRun(by, closing, closing.person_months.count(), left.get(office.pk, 0))


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


# --- Several processes ------------------------------------------------------------------------------


def _shared_runs(
    month: Month, closers: Sequence[Membership], at: datetime, count: int
) -> Iterator[OfficeRun]:
    by_office = {_office(by).pk: by for by in closers}
    pieces = [
        [by_office[office] for office in piece]
        for piece in pieces_of(list(by_office), offices_sharing(month), OFFICES_AT_A_TIME)
    ]

    def work(piece: list[Membership]) -> list[Sent]:
        return [_sent(run) for run in _runs(month, piece, at)]

    alone: list[list[Membership]] = []
    for piece, answer in shared_out(pieces, work, count):
        if not isinstance(answer, Lost):
            yield from map(_received, piece, answer)
            continue
        for run in _lost(month, piece, at):
            if run.problem and len(piece) > 1:
                alone.append([run.by])
            else:
                yield run
    # One office was the cause: by itself it harms no other. One process keeps their order.
    for (by,), answer in shared_out(alone, work, 1):
        yield from (
            _lost(month, [by], at) if isinstance(answer, Lost) else map(_received, [by], answer)
        )


def _worth(processes: int, offices: int) -> int:
    """Of the processes that may be used, how many are worth it."""
    found = min(processes, offices // OFFICES_A_PROCESS)
    return min(found, WRITERS_ON_SQLITE) if connection.vendor == "sqlite" else found


def _sent(run: OfficeRun) -> Sent:
    row = run.closing
    names = [field.attname for field in MonthClosing._meta.concrete_fields]
    values = None if row is None else tuple([getattr(row, name) for name in names])
    return values, run.closed, run.left, run.problem


def _received(by: Membership, sent: Sent) -> OfficeRun:
    values, closed, left, problem = sent
    names = [field.attname for field in MonthClosing._meta.concrete_fields]
    row = None if values is None else MonthClosing.from_db("default", names, values)
    return OfficeRun(by, row, closed, left, problem)


def _lost(month: Month, piece: Sequence[Membership], at: datetime) -> Iterator[OfficeRun]:
    """What a process left behind that died: some of its offices may be closed, each wholly."""
    offices = [_office(by) for by in piece]
    rows = PersonMonth.objects.filter(closing__office__in=offices, month=month.first_day)
    in_use = uses_by_office(offices, month, rows.values_list("enrolment", flat=True))
    closings = MonthClosing.objects.filter(office__in=offices, month=month.first_day, closed_at=at)
    found = {row.office_id: row for row in closings.annotate(people=Count("person_months"))}
    told = _(
        "締めている途中で止まりました。もう一度動かしても止まるときは、エラーの記録を見てください。"
    )
    for by in piece:
        row, left = found.get(_office(by).pk), in_use.get(_office(by).pk, 0)
        yield OfficeRun(by, row, row.people if row else 0, left, "" if row else told)


# --- One process ------------------------------------------------------------------------------------


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
