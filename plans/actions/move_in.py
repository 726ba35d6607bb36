"""移行の取込: handed in, its columns told, looked at line by line, imported, or thrown away.

Long files go a piece at a time: each request looks at (or imports) as many lines as fit into a few
seconds and says how many are left; the next one goes on there. Run twice, nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.models import Enrolment
from plans.actions.move_in_below import join_lines_below
from plans.actions.move_in_look import COMING, Reader, faults_of, left_of, look_at, twice_of
from plans.actions.move_in_people import take_in
from plans.actions.move_in_whom import whom_further
from plans.models import MoveIn, MoveInRow
from plans.move_in_kept import kept_labels
from plans.move_in_row import PersonRow
from plans.queries.move_in import other_sheets
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, OfficeStart
from teikyaku.clock import date_of
from teikyaku.figures import FigureError
from teikyaku.rehearsal import asked_once, once

TOGETHER = 500
# Lines that one query fetches for the look: few, for somebody may mend one meanwhile.
AT_ONCE = 20
# For how long one request looks or imports, in seconds; at least one line goes in each.
SECONDS = 3.0
State, Choice = MoveInRow.State, MoveInRow.Choice


@transaction.atomic
def tell_columns(
    *, move_in: MoveIn, columns: Mapping[str, int], by: Membership, at: datetime,
    answers: Mapping[str, str] | None = None,
) -> MoveIn:  # fmt: skip
    """What each column means; told again, every line is looked at anew.

    `answers`: what somebody said of all lines at once.
    """
    row = open_move_in(move_in)
    row.columns, row.answers = dict(columns), dict(answers or {})
    row.people.update(state=State.UNREAD, words=[], faults=[], warnings=[])
    # Who is the same person may look otherwise now; a line that somebody has left out stays out.
    row.people.exclude(choice=Choice.LEAVE_OUT).update(choice="")
    return save_record(
        row, verb="move_in_columns_told", by=by, at=at, fields=("columns", "answers")
    )


def look_on(*, move_in: MoveIn, reader: Reader, by: Membership, at: datetime) -> int:
    """Look at the next lines: each is done as a whole and undone. How many are left."""
    if not move_in.people.exclude(state=State.UNREAD).exists():
        join_lines_below(move_in, reader)
        mark_twins(move_in, reader)
    until = monotonic() + SECONDS
    unread = move_in.rows.filter(state=State.UNREAD)
    with asked_once():
        while chunk := list(unread.order_by("line")[:AT_ONCE]):
            for row in chunk:
                look_at(move_in, row, reader, by, at)
                if monotonic() > until:
                    return unread.count()
    return 0


@transaction.atomic
def choose(
    *, move_in: MoveIn, line: int, choice: str, reader: Reader, by: Membership, at: datetime
) -> MoveInRow:
    """Whether a line is about somebody on file, about another person, or is left out.

    Raises ValidationError for a file that is settled.
    """
    open_move_in(move_in)
    row = move_in.people.select_for_update().get(line=line)
    row.choice = choice
    row.save(update_fields=["choice"])
    look_around(move_in, {line}, reader, by, at)
    row.refresh_from_db()
    return row


def look_around(
    move_in: MoveIn, lines: Collection[int], reader: Reader, by: Membership, at: datetime
) -> None:
    """Look at these lines anew, and at those about the same people: the one before them, those that lean on it."""
    firsts = move_in.people.filter(line__in=lines).exclude(earlier_line=None)
    heads = {*lines, *firsts.values_list("earlier_line", flat=True)}
    with asked_once():
        for row in move_in.people.filter(Q(line__in=heads) | Q(earlier_line__in=heads)).order_by(
            "line"
        ):
            look_at(move_in, row, reader, by, at)


@transaction.atomic
def discard_move_in(*, move_in: MoveIn, by: Membership, at: datetime) -> MoveIn:
    """Throw the file away; its lines are erased. Raises ValidationError for one that was settled."""
    row = open_move_in(move_in)
    row.rows.all().delete()
    row.outcome, row.outcome_by, row.outcome_at = MoveIn.Outcome.DISCARDED, by, at
    if not row.is_aside:
        for sheet in other_sheets(row):
            if sheet.is_aside:
                discard_move_in(move_in=sheet, by=by, at=at)
    return save_record(row, verb="move_in_discarded", by=by, at=at, fields=("outcome",))


@transaction.atomic
def confirm_move_in(*, move_in: MoveIn, by: Membership, at: datetime) -> MoveIn:
    """Say that the file is to be imported; `carry_on` does it.

    Lines that cannot be imported are told without their values. All lines lie here for some more
    days (`plans.actions.move_in_keep`): those that are missing are handed out to be mended, and an
    undo goes back to before the import. Raises ValidationError for one that was settled, not looked
    at to its end, or with nobody to import.
    """
    row = open_move_in(move_in)
    if not row.is_mapped or row.rows.filter(state=State.UNREAD).exists():
        raise ValidationError(_("まだ、すべての行を確かめていません。"))
    if not row.rows.filter(state__in=COMING).exists():
        raise ValidationError(_("取り込む行がありません。"))
    refused = row.rows.filter(state=State.REFUSED)
    row.refusals = [
        [line, cell, column, expected]
        for line, faults in refused.values_list("line", "faults")
        for cell, column, _value, expected in faults
    ]
    doubtful = row.rows.filter(state=State.DOUBTFUL)
    unanswered = _("同じ方かどうかの答えがないので、取り込みませんでした。")
    row.refusals += [[line, "", "", unanswered] for line in doubtful.values_list("line", flat=True)]
    # Of people who are on file as well: the lines of the others are told as they come in.
    same = list(row.rows.filter(state=State.SAME).values_list("line", "faults", "words"))
    row.refusals += [
        [line, cell, column, expected]
        for line, faults, _words in same
        for cell, column, _value, expected in faults
    ]
    every = row.rows.filter(state__in=(*COMING, State.SAME)).values_list("line", "words")
    otherwise = _("登録とちがいます。登録を変えていません。")
    row.refusals += [
        [line, "", what, otherwise] for line, words in every for what in kept_labels(words)
    ]
    differing = sum(bool(kept_labels(words)) for _line, _faults, words in same)
    row.counts = {
        "same": len(same) - differing,
        "differing": differing,
        "left_out": row.rows.filter(state=State.LEFT_OUT).count(),
    }
    # Also a sheet that lay aside while another one was looked at: it is one of the office's imports now.
    row.is_aside = False
    row.outcome, row.outcome_by, row.outcome_at = MoveIn.Outcome.CONFIRMED, by, at
    return save_record(row, verb="move_in_confirmed", by=by, at=at, fields=("outcome",))


def carry_on(*, move_in: MoveIn, reader: Reader, by: Membership, at: datetime) -> int:
    """Import the next lines of a confirmed file, each as one step; how many are left.

    A line that can no longer be imported is told with its reason and holds up no other one. Two at
    once share the lines: none is imported twice. The lines that were imported are never asked again.
    """
    until = monotonic() + SECONDS
    coming = move_in.rows.filter(state__in=COMING)
    with asked_once():
        while lines := list(coming.order_by("line").values_list("line", flat=True)[:AT_ONCE]):
            for line in lines:
                if not _import_one(move_in, line, reader, by, at):
                    return 0
                if monotonic() > until:
                    return coming.count()
    return 0


@transaction.atomic
def _import_one(
    move_in: MoveIn, line: int, reader: Reader, by: Membership, at: datetime
) -> bool:  # fmt: skip
    """One line, unless somebody else has just imported it; whether the file is still to be imported."""
    held = (
        MoveIn.objects.select_for_update(of=("self",)).select_related("office").get(pk=move_in.pk)
    )
    # Two files of one office at the same time: who stands in both is found by the second one.
    OfficeStart.objects.select_for_update().filter(office=held.office_id).first()
    if held.outcome != MoveIn.Outcome.CONFIRMED or held.undone_at is not None:
        return False
    row = held.rows.filter(line=line, state__in=COMING).first()
    if row is None:
        return True
    at = _instant(held, line, at)
    person, faults = reader.read(row.line, row.cells)
    try:
        if person is None:
            raise ValidationError(_("もう読み取れません。"))
        known, doubt = whom_further(held, row, person, date_of(at))
        if doubt:
            raise ValidationError(doubt)
        if (
            row.state == State.CHANGED
            and known.client is None
            and not _came_back(held, row, person, reader)
        ):
            raise ValidationError(_("足す相手の方が登録にありません。前の行が取り込めていません。"))
        with transaction.atomic():
            enrolment, told = take_in(row=person, person=known, office=held.office, by=by, at=at)
    except (ValidationError, FigureError) as error:
        faults = [*faults_of(error, row, reader), *faults] if person is not None else faults
        held.refusals += [[row.line, cell, column, words] for cell, column, _v, words in faults]
        row.state, row.faults = State.REFUSED, faults
        row.save(update_fields=["state", "faults"])
        held.save(update_fields=["refusals"])
        return True
    state = State.NEW if known.client is None else State.CHANGED if told.added else State.SAME
    counted = "more" if state == State.CHANGED and _is_further(held, row, enrolment) else state
    held.counts[counted] = held.counts.get(counted, 0) + 1
    faults = [*left_of(told, row, reader), *faults]
    without = _("（この項目のほかは取り込みました）")
    held.refusals += [
        [row.line, cell, column, words + without] for cell, column, _v, words in faults
    ]
    held.save(update_fields=["counts", "refusals"])
    row.words, row.faults, row.warnings = [], faults, []
    row.state, row.enrolment, row.imported_at = State.DONE, enrolment, at
    row.save(update_fields=["words", "faults", "warnings", "state", "enrolment", "imported_at"])
    _name_copies(held, row)
    return True


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


def _instant(move_in: MoveIn, line: int, at: datetime) -> datetime:
    """An instant of its own for each line: what bears it was made by this line and nothing else."""
    # They go in the order of lines: the one before it that came in has the newest instant.
    done = move_in.rows.exclude(imported_at=None).filter(line__lt=line).order_by("-line")
    last = done.values_list("imported_at", flat=True).first()
    return at if last is None or last < at else last + timedelta(microseconds=1)


@transaction.atomic
def mark_twins(move_in: MoveIn, reader: Reader) -> list[int]:
    """Write down at each line the one before it with the same kana and birth date; the lines that changed."""
    first: dict[Any, int] = {}
    changed: list[MoveInRow] = []
    rows = move_in.people.order_by("line").only("pk", "move_in", "line", "cells", "earlier_line")
    for row in rows.iterator(chunk_size=TOGETHER):
        key = reader.key(row.cells)
        line = None if key is None else first.setdefault(key, row.line)
        earlier = None if line == row.line else line
        if row.earlier_line != earlier:
            row.earlier_line = earlier
            row.cells = []  # the texts need not lie in memory
            changed.append(row)
    MoveInRow.objects.bulk_update(changed, ["earlier_line"], batch_size=TOGETHER)
    return [row.line for row in changed]


def open_move_in(move_in: MoveIn) -> MoveIn:
    """The file, held for a change. Raises ValidationError for one that is settled."""
    row = (
        MoveIn.objects.select_for_update(of=("self",))
        .select_related("office", "recorded_by")
        .get(pk=move_in.pk)
    )
    if row.outcome and row.outcome_by is not None:
        text = _("この取込は、%(who)s が「%(how)s」にしています。")
        raise ValidationError(
            text % {"who": row.outcome_by.user.name, "how": row.get_outcome_display()}
        )
    return row
