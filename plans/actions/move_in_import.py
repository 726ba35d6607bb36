"""移行の取込: the lines of a confirmed file come in, some in one transaction, each as a step of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.actions.move_in_desk import Told
from plans.actions.move_in_look import COMING, Reader, faults_of, left_of, twice_of
from plans.actions.move_in_people import take_in
from plans.actions.move_in_whom import whom_further
from plans.models import MoveIn, MoveInRow
from plans.move_in_row import Person, PersonRow
from teikyaku.accounts.actions.trail import Trail, at_once, gathered
from teikyaku.accounts.models import Membership, OfficeStart
from teikyaku.clock import date_of
from teikyaku.figures import FigureError
from teikyaku.rehearsal import once, without_savepoints

# Lines of one transaction: for so long whoever else writes waits on SQLite.
TOGETHER = 10
State, Choice = MoveInRow.State, MoveInRow.Choice
Taken = tuple[Person, Enrolment, Told]


@dataclass(frozen=True, slots=True)
class Run:
    """What the lines of one transaction share."""

    held: MoveIn
    reader: Reader
    by: Membership
    trail: Trail


@transaction.atomic
def import_some(
    *, move_in: MoveIn, reader: Reader, by: Membership, at: datetime, until: float
) -> bool:
    """The next lines, as many as go until then (of `monotonic`), at least one; whether there were any.

    Two at once share them: the second one waits here and finds what is left.
    """
    held = (
        MoveIn.objects.select_for_update(of=("self",)).select_related("office").get(pk=move_in.pk)
    )
    # Two files of one office at the same time: who stands in both is found by the second one.
    OfficeStart.objects.select_for_update().filter(office=held.office_id).first()
    if held.outcome != MoveIn.Outcome.CONFIRMED or held.undone_at is not None:
        return False
    rows = list(held.rows.filter(state__in=COMING).order_by("line")[:TOGETHER])
    if not rows:
        return False
    with gathered() as trail:
        run = Run(held, reader, by, trail)
        for row, instant in zip(rows, _instants(held, rows[0], at), strict=False):
            _import_one(run, row, instant)
            if monotonic() > until:
                break
    held.save(update_fields=["counts", "refusals"])
    return True


def _instants(move_in: MoveIn, first: MoveInRow, at: datetime) -> Iterator[datetime]:
    """An instant of its own for each line: what bears it was made by this line and nothing else.

    They go in the order of lines: the one before the first that came in has the newest instant.
    """
    done = move_in.rows.exclude(imported_at=None).filter(line__lt=first.line).order_by("-line")
    last = done.values_list("imported_at", flat=True).first()
    while True:
        last = at if last is None or last < at else last + timedelta(microseconds=1)
        yield last


def _import_one(run: Run, row: MoveInRow, at: datetime) -> None:
    """One line comes in, or is told with its reason and holds up no other one."""
    person, faults = run.reader.read(row.line, row.cells)
    try:
        if person is None:
            raise ValidationError(_("もう読み取れません。"))
        known, enrolment, told = _taken(run, row, person, at)
    except (ValidationError, FigureError) as error:
        faults = [*faults_of(error, row, run.reader), *faults] if person is not None else faults
        _tell(run, row, faults)
        row.state, row.faults = State.REFUSED, faults
        row.save(update_fields=["state", "faults"])
        return
    held = run.held
    state = State.NEW if known.client is None else State.CHANGED if told.added else State.SAME
    counted = "more" if state == State.CHANGED and _is_further(held, row, enrolment) else state
    held.counts[counted] = held.counts.get(counted, 0) + 1
    faults = [*left_of(told, row, run.reader), *faults]
    _tell(run, row, faults, _("（この項目のほかは取り込みました）"))
    row.words, row.faults, row.warnings = [], faults, []
    row.state, row.enrolment, row.imported_at = State.DONE, enrolment, at
    row.save(update_fields=["words", "faults", "warnings", "state", "enrolment", "imported_at"])
    _name_copies(held, row)


def _tell(run: Run, row: MoveInRow, faults: list[list[str]], more: str = "") -> None:
    run.held.refusals += [
        [row.line, cell, column, words + more] for cell, column, _value, words in faults
    ]


def _taken(run: Run, row: MoveInRow, person: PersonRow, at: datetime) -> Taken:
    """In one piece; where something of it is refused once more, each part of it by itself.

    Savepoints and a trail line by line cost as much as all the rest, and hardly a line needs them.
    """
    try:
        with _one_step(run), without_savepoints():
            found = _take(run, row, person, at)
            if not transaction.get_rollback():
                return found
            raise TransactionManagementError
    except (ValidationError, FigureError, TransactionManagementError):
        with _one_step(run), at_once():
            return _take(run, row, person, at)


@contextmanager
def _one_step(run: Run) -> Iterator[None]:
    with transaction.atomic(), run.trail.step():
        yield


def _take(run: Run, row: MoveInRow, person: PersonRow, at: datetime) -> Taken:
    """Store all that the line says, of whom it says it. Raises ValidationError by field of the line."""
    held = run.held
    known, doubt = whom_further(held, row, person, date_of(at))
    if doubt:
        raise ValidationError(doubt)
    is_bare = row.state == State.CHANGED and known.client is None
    if is_bare and not _came_back(held, row, person, run.reader):
        raise ValidationError(_("足す相手の方が登録にありません。前の行が取り込めていません。"))
    return known, *take_in(row=person, person=known, office=held.office, by=run.by, at=at)


def _name_copies(move_in: MoveIn, row: MoveInRow) -> None:
    """Further lines about the person that do not come in by themselves go with the person's file, as this one does."""
    heads = [row.line if row.earlier_line is None else row.earlier_line]
    if heads[0] not in once(("heads", move_in.pk), lambda: _heads(move_in)):
        return
    same = move_in.people.filter(Q(line__in=heads) | Q(earlier_line__in=heads), enrolment=None)
    same.exclude(choice=Choice.ANOTHER).exclude(state__in=COMING).update(enrolment=row.enrolment)


def _heads(move_in: MoveIn) -> set[int]:
    """The lines on whose person a further line is about."""
    leaning = move_in.people.exclude(earlier_line=None)
    lines = leaning.order_by().values_list("earlier_line", flat=True).distinct()
    return {line for line in lines if line is not None}


def _came_back(move_in: MoveIn, row: MoveInRow, person: PersonRow, reader: Reader) -> bool:
    """Whether the line is the later use of somebody whose use of before did not come in: it needs it not."""
    twice = twice_of(move_in, row, person, reader)
    return twice is not None and twice.is_later_use


def _is_further(move_in: MoveIn, row: MoveInRow, enrolment: Enrolment) -> bool:
    """Whether the person has come in by an earlier line of the same file."""
    if row.earlier_line is None:
        return False
    done = move_in.rows.filter(state=State.DONE, enrolment=enrolment)
    return done.filter(line=row.earlier_line).exists()
