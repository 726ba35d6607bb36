"""移行の取込: handed in, its columns told, looked at line by line, imported, or thrown away.

Long files go a piece at a time: each request looks at (or imports) as many lines as fit into a few
seconds and says how many are left; the next one goes on there. Run twice, nothing happens twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from plans.actions.move_in_below import join_lines_below
from plans.actions.move_in_import import import_some
from plans.actions.move_in_look import COMING, Reader, look_at
from plans.models import MoveIn, MoveInRow
from plans.move_in_kept import kept_labels
from plans.queries.move_in import other_sheets
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.rehearsal import asked_once

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
        **({"differing": differing} if differing else {}),
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
    with asked_once():
        while import_some(move_in=move_in, reader=reader, by=by, at=at, until=until):
            if monotonic() > until:
                return move_in.rows.filter(state__in=COMING).count()
    return 0


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
