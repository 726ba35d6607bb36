"""Closing a month at many offices: each office is a close of its own, and one that fails stops no other.

Read and computed for some offices at once, so that the queries do not grow with their number; written
office by office, each in its own short transaction. Who is closed is skipped: safe to run again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from billing.actions.month import close_board
from billing.models import MonthClosing
from billing.queries.month import MonthBoard, boards_of
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of
from teikyaku.periods import Month

# About 1,300 people of offices of 5 to 60: what is read of them at once stays small.
OFFICES_AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class OfficeRun:
    """What became of one office in a run."""

    by: Membership
    closing: MonthClosing | None
    """None: nothing was closed."""
    closed: int
    """How many people this run closed."""
    held: int
    """How many stay open and can be claimed later."""
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
    return _runs(month, closers, at)


def _runs(month: Month, closers: Sequence[Membership], at: datetime) -> Iterator[OfficeRun]:
    for first in range(0, len(closers), OFFICES_AT_A_TIME):
        some = [(each, each.office) for each in closers[first : first + OFFICES_AT_A_TIME]]
        offices = [office for _by, office in some if office is not None]
        boards = boards_of(offices, month, month, date_of(at))
        for by, office in some:
            if office is not None:  # `close_months` lets no others in
                yield _run(office, boards.pop(office.pk)[month], by, at)


def _run(office: Office, board: MonthBoard, by: Membership, at: datetime) -> OfficeRun:
    ready, held = len(board.ready), len(board.held)
    if not ready:
        return OfficeRun(by, None, 0, held)
    try:
        closing = close_board(office=office, board=board, by=by, at=at)
    except ValidationError as error:
        return OfficeRun(by, None, 0, held, " ".join(error.messages))
    return OfficeRun(by, closing, ready, held)
