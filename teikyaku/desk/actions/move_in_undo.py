"""移行の取込 undone as a whole: what it made goes, as if it had never been; who built on it stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from clients.actions.employment import let_go_of_employers
from clients.models import Client, Employment, Enrolment
from plans.actions import move_in as move_in_actions
from plans.actions.life_change import refresh_person
from plans.actions.move_in_keep import ask_anew, let_go, move_back, reopen
from plans.models import MoveIn, MoveInRow, NoteText
from plans.queries.move_in import reopened_from
from teikyaku.accounts.actions.audit import audit_people
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.desk.queries.move_in_undo import (
    BuiltOn,
    built_on,
    first_use,
    made_by,
    start_before,
    stored_dues,
    told_initials,
    written_into,
)
from teikyaku.erasing import erase_rows

DONE = MoveInRow.State.DONE
# Lines of one transaction: for so long whoever else writes waits on SQLite.
TOGETHER = 10


@transaction.atomic
def undo_move_in(*, move_in: MoveIn, by: Membership, at: datetime) -> MoveIn:
    """Say that the whole is undone; `undo_on` takes back line after line.

    The file stands again as it was before the import, with what was mended in it, as long as its lines
    lie here. Raises ValidationError for one that was not imported, or was undone, and where somebody
    built on it: the message names one, `built_on` all.
    """
    row = _held(move_in)
    if row.outcome != MoveIn.Outcome.CONFIRMED:
        raise ValidationError(_("この取込は、まだ取り込んでいません。"))
    if row.undone_at is not None:
        raise ValidationError(_("この取込は、もう取り消されています。"))
    _refuse_built(built_on(row, date_of(at)))
    reopen(move_in=row, by=by, at=at)
    row.undone_by, row.undone_at = by, at
    return save_record(row, verb="move_in_undone", by=by, at=at, fields=("undone_at",))


def undo_on(*, move_in: MoveIn, by: Membership, at: datetime) -> int:
    """Take back the next lines, the last first, each as one step; how many are left.

    Safe to run again after it was stopped.
    """
    until = monotonic() + move_in_actions.SECONDS
    left = move_in.rows.count()
    while _undo_some(move_in, by, at):
        if monotonic() > until:
            return move_in.rows.count()
    again = reopened_from(_held_now(move_in))
    if left and again is not None:
        # Somebody may have looked meanwhile: the lines stood beside people who are gone now.
        ask_anew(again)
    return 0


@transaction.atomic
def _undo_some(move_in: MoveIn, by: Membership, at: datetime) -> bool:
    """The next lines together; where one of them cannot go, each by itself. Whether there were any."""
    held = _held(move_in)
    if held.undone_at is None:
        return False
    rows = _next_lines(held)
    lines = [_Line.of(row) for row in rows]
    move_back(rows, reopened_from(held))
    try:
        _undone(held, lines, by, at)
    except ProtectedError:
        for line in lines:
            _undo_one(held, line, by, at)
    return bool(lines)


@dataclass(frozen=True, slots=True)
class _Line:
    """An imported line: about whom, and the instant that is its own."""

    line: int
    client: Client
    enrolment: Enrolment
    instant: datetime

    @classmethod
    def of(cls, row: Any) -> _Line:
        """As it stood when it was imported."""
        return cls(row.line, row.enrolment.client, row.enrolment, row.imported_at)


def _next_lines(move_in: MoveIn) -> list[MoveInRow]:
    """The last lines, each about somebody else: of one person a line goes after the later one."""
    last = move_in.rows.filter(state=DONE).order_by("-line")
    found: dict[int, MoveInRow] = {}
    for row in last.select_related("enrolment__client")[:TOGETHER]:
        if row.enrolment is None or row.imported_at is None or row.enrolment.client_id in found:
            break
        found[row.enrolment.client_id] = row
    return list(found.values())


def _undo_one(move_in: MoveIn, line: _Line, by: Membership, at: datetime) -> None:
    try:
        _undone(move_in, [line], by, at)
    except ProtectedError:
        # Somebody wrote about the person in this very moment: nothing of them goes.
        text = _("取り消している間に、この方の記録が書かれたので、残しました。")
        move_in.refusals += [[line.line, "", "", text]]
        move_in.save(update_fields=["refusals"])


def _undone(move_in: MoveIn, lines: list[_Line], by: Membership, at: datetime) -> None:
    """Raises ProtectedError where something of the lines cannot go: then nothing of them goes."""
    with transaction.atomic():
        _take_back(move_in, lines)
    people = [(move_in, line.client.public_id) for line in lines]
    audit_people(verb="move_in_person_undone", subjects=people, by=by, at=at)
    asked = Client.objects.filter(pk__in=[line.client.pk for line in lines])
    known = set(asked.values_list("pk", flat=True))
    for line in lines:
        if line.client.pk in known:
            _mend(line.enrolment, line.instant, by, at)
            refresh_person(line.client, on=date_of(at))


def _take_back(move_in: MoveIn, lines: list[_Line]) -> None:
    """Erase the rows that these lines made, those first that hang on others."""
    clients, instants = [line.client for line in lines], [line.instant for line in lines]
    made = made_by(clients, move_in.office, instants)
    opened = {*made[Enrolment]}
    whole = [line for line in lines if line.enrolment.pk in opened]
    keys = [line.enrolment.pk for line in whole]
    let_go(keys)
    NoteText.objects.filter(interview__enrolment__in=keys).delete()
    for on in {date_of(line.instant) for line in whole}:
        of_day = [line.enrolment.pk for line in whole if date_of(line.instant) == on]
        stored_dues(of_day, on).delete()
    jobs = Employment.objects.filter(pk__in=made.get(Employment, ()))
    employers = {*jobs.values_list("employer", flat=True)}
    for model, found in made.items():
        if found:
            erase_rows(model, found)
    let_go_of_employers(employers)


def _mend(enrolment: Enrolment, instant: datetime, by: Membership, at: datetime) -> None:
    """Of somebody who was known before: the first days of work and of use are those of what is left."""
    row = Enrolment.objects.filter(pk=enrolment.pk).first()
    if row is None:
        return
    for contract in told_initials(row, instant):
        _put_back(contract, {"initial_addition_month": None}, instant, by, at)
    for fact, values in written_into(row, instant):
        _put_back(fact, values, instant, by, at)
    first, begins = start_before(row, instant), first_use(row)
    if first is not None:
        _put_back(row, {"starts_on": first, "use_starts_on": None}, instant, by, at)
    elif row.use_starts_on != begins:
        _put_back(row, {"use_starts_on": begins}, instant, by, at)
    else:
        return
    stored_dues([row.pk], date_of(at)).delete()


def _put_back(
    row: Any, values: Mapping[str, Any], instant: datetime, by: Membership, at: datetime
) -> None:
    """Write what stood before, with a line of the history.

    Without that line the history would end with what was undone, and the next undoing would take it for
    what stood. The audit tells the step once for the person, not for each row.
    """
    for name, value in values.items():
        setattr(row, name, value)
    row._history_date, row._history_user = at, by.user
    # Papers are read again by what was corrected with a reason: they are to read the way back too.
    undone = row.history.filter(history_date=instant).exclude(history_change_reason=None)
    row._change_reason = _("取込の取消し") if undone.exists() else None
    row.save(update_fields=list(values))


def _refuse_built(found: list[BuiltOn]) -> None:
    if not found:
        return
    one = found[0]
    text = _(
        "取り込んだあとに、%(who)sが%(name)sさんの「%(what)s」を記録しています（全部で%(n)d件）。"
        "取り消せるのは、だれもその上に記録していないときだけです。"
    )
    raise ValidationError(
        text % {"who": one.who, "name": one.name, "what": one.what, "n": len(found)}
    )


def _held_now(move_in: MoveIn) -> MoveIn:
    return MoveIn.objects.get(pk=move_in.pk)


def _held(move_in: MoveIn) -> MoveIn:
    return (
        MoveIn.objects.select_for_update(of=("self",)).select_related("office").get(pk=move_in.pk)
    )
