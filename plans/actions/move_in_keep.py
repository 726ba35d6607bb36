"""移行の取込: how long the lines of a file lie here, and how they stand again when an import is undone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from plans.actions.move_in import discard_move_in, open_move_in
from plans.models import MoveIn, MoveInRow
from plans.queries.move_in import KEPT_DAYS
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, Office

State = MoveInRow.State


@transaction.atomic
def forget_left(*, office: Office, by: Membership, at: datetime) -> None:
    """Erase what nobody settled in time, and the cells of what was settled long enough ago."""
    waiting = MoveIn.objects.filter(
        office=office, outcome="", recorded_at__lt=at - timedelta(days=KEPT_DAYS)
    )
    for move_in in list(waiting):
        discard_move_in(move_in=move_in, by=by, at=at)
    forget_cells(at=at, office=office)


def forget_cells(*, at: datetime, office: Office | None = None) -> int:
    """Erase the lines of files 14 days after the last step with them (of all offices without one); how many.

    Of imported ones, whom a line brought in is known after that too; what it held is not. A file that waits
    (handed in, or standing again after an undo) is left without lines; the next one clears it away.
    """
    until = at - timedelta(days=KEPT_DAYS)
    waits = Q(move_in__outcome="", move_in__recorded_at__lt=until)
    rows = MoveInRow.objects.filter(Q(move_in__outcome_at__lt=until) | waits)
    if office is not None:
        rows = rows.filter(move_in__office=office)
    with transaction.atomic():
        gone = rows.exclude(state=State.DONE).delete()[0]
        bare = rows.exclude(cells=[], faults=[])
        return gone + bare.update(cells=[], faults=[], words=[], warnings=[])


def reopen(*, move_in: MoveIn, by: Membership, at: datetime) -> MoveIn | None:
    """The file once more, to be looked at anew, with the lines that were not imported; None for one that
    lies here no longer.

    What was mended on the page and answered stands in it. Its instant is that of the undoing.
    """
    rows = MoveInRow.objects.filter(move_in=move_in)
    if not rows.exclude(cells=[]).exists():
        rows.exclude(state=State.DONE).delete()
        return None
    again = MoveIn(
        office=move_in.office, file_name=move_in.file_name, digest=move_in.digest,
        sheet=move_in.sheet, headings=move_in.headings, columns=move_in.columns,
        answers=move_in.answers, row_count=move_in.row_count,
    )  # fmt: skip
    save_record(again, verb="move_in_received", by=by, at=at)
    rows.filter(state=State.ABOVE).update(move_in=again)
    left = rows.exclude(state__in=(State.ABOVE, State.DONE))
    left.update(move_in=again, state=State.UNREAD, words=[], faults=[], warnings=[])
    return again


def move_back(rows: Collection[MoveInRow], again: MoveIn | None) -> None:
    """Imported lines stand in the file again; those go whose cells lie here no longer."""
    lying = [row.pk for row in rows if again is not None and row.cells]
    lines = MoveInRow.objects.filter(pk__in=[row.pk for row in rows])
    lines.exclude(pk__in=lying).delete()
    lines.filter(pk__in=lying).update(
        move_in=again, state=State.UNREAD, enrolment=None, imported_at=None, words=[], faults=[],
        warnings=[],
    )  # fmt: skip


def let_go(enrolments: Collection[int]) -> None:
    """Lines that only name a person whose use is taken back stay in their files, about nobody on file."""
    rows = MoveInRow.objects.filter(enrolment__in=enrolments).exclude(state=State.DONE)
    rows.update(enrolment=None)


@transaction.atomic
def judge_anew(*, move_in: MoveIn) -> MoveIn:
    """Have every line looked at once more, for what is on file beside it has changed: staff, people.

    What was mended and answered stays. Raises ValidationError for a file that is settled.
    """
    row = open_move_in(move_in)
    ask_anew(row)
    return row


def ask_anew(move_in: MoveIn) -> None:
    """Let every line be judged anew: what it stands beside on file is another by now."""
    wanted = move_in.people.exclude(Q(state=State.UNREAD))
    wanted.update(state=State.UNREAD, words=[], faults=[], warnings=[])
