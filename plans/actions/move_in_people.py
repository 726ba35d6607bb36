"""移行の取込: all that one line says of a person, carried out as one step.

Every fact is written by the action of its own page, so that the same rules hold. What is on file of
somebody who is known is never overwritten: what lacks is added, what differs is told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions import client as client_actions
from clients.enums import EndReason
from clients.models import Client, Enrolment
from plans.actions import life_change, move_in_ends, move_in_facts, move_in_jobs, move_in_papers
from plans.actions import pace as pace_actions
from plans.actions.move_in_desk import Desk, Told, at_fields
from plans.actions.move_in_kept import say_kept
from plans.move_in_row import Person, PersonRow
from teikyaku.accounts.models import Membership, Office
from teikyaku.clock import date_of
from teikyaku.era import both

# In the order in which one needs the other.
PARTS: tuple[Callable[[Desk], None], ...] = (
    move_in_facts.basics, move_in_facts.residence, move_in_facts.disabilities,
    move_in_facts.service, move_in_jobs.job, move_in_facts.opening, move_in_papers.decision,
    move_in_papers.contract, move_in_papers.plan, move_in_facts.staff, move_in_ends.end,
    move_in_ends.keep_later, move_in_ends.look_over, say_kept,
)  # fmt: skip
# What the window tells: it is written before them.
READS_WINDOW = (move_in_ends.end, move_in_ends.keep_later, move_in_ends.look_over)
# Parts without which the person is the same case: they can be recorded on the person's page.
LOOSE = (
    move_in_facts.residence, move_in_facts.disabilities, move_in_facts.opening,
    move_in_papers.plan, move_in_facts.staff,
)  # fmt: skip

# Who has ended comes in whole, but for where they lived.
MISSED_BY_NOBODY = (move_in_facts.residence,)


@transaction.atomic
def take_in(
    *, row: PersonRow, person: Person, office: Office, by: Membership, at: datetime
) -> tuple[Enrolment, Told]:
    """Store all that a line says, or nothing of it.

    Raises ValidationError by field of the line.
    """
    told = Told()
    with pace_actions.put_off(on=date_of(at)) as refresh_now:
        enrolment = _enrolment(row, person, office, told, by, at)
        desk = Desk(
            row, enrolment.client, enrolment, person.client is None, by, at, told,
            is_opened=person.enrolment is None,
        )  # fmt: skip
        for part in PARTS:
            if part in READS_WINDOW:
                refresh_now()
            if part in LOOSE and (row.ended_on is None or part in MISSED_BY_NOBODY):
                _if_it_can(part, desk)
            else:
                part(desk)
    return enrolment, told


def _if_it_can(part: Callable[[Desk], None], desk: Desk) -> None:
    """What a rule refuses of this part is told at its cell; the rest of the person comes in."""
    added, differs = len(desk.told.added), len(desk.told.differs)
    stored = {*desk.told.stored}
    try:
        with transaction.atomic():
            part(desk)
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        # What the part had said before it was refused did not happen.
        del desk.told.added[added:], desk.told.differs[differs:]
        desk.told.stored = stored
        desk.told.left |= {
            field: " ".join(messages) for field, messages in error.message_dict.items()
        }


def _enrolment(
    row: PersonRow, person: Person, office: Office, told: Told, by: Membership, at: datetime
) -> Enrolment:
    # Of whom use begins later the work with them begins today: they are looked after already.
    opens_on = row.consulted_from or min(row.opens_on or date_of(at), date_of(at))
    if person.enrolment is not None:
        return person.enrolment
    if person.client is not None:
        over: dict[str, Any] = {}
        if _is_before_another(row, person.client, office):
            # The reason that nothing tells yet follows from the other facts (`move_in_ends.end`).
            reason = row.end_reason or EndReason.LEFT_JOB
            over = {"ends_on": row.ended_on, "end_reason": reason, "end_note": row.left_reason}
        told.added.append(_("この事業所の利用者に加える（%(on)sから）") % {"on": both(opens_on)})
        with at_fields(starts_on="consulted_from", ends_on="ended_on"):
            enrolment = client_actions.open_enrolment(
                client=person.client, office=office, starts_on=opens_on, by=by, at=at, **over
            )
            pace_actions.refresh([enrolment], on=date_of(at))
        return enrolment
    told.added.append(_("新しい利用者（%(on)sから）") % {"on": both(opens_on)})
    told.stored.add("consulted_from")
    with at_fields(starts_on="consulted_from"):
        return life_change.take_in_person(
            office=office, starts_on=opens_on, services=[], job=None, name=row.name,
            kana=row.kana, birth_date=row.birth_date, phone=row.phone, by=by, at=at,
        )  # fmt: skip


def _is_before_another(row: PersonRow, client: Client, office: Office) -> bool:
    """Whether the use was over before one began that is on file: it is opened and over at once."""
    if row.ended_on is None:
        return False
    later = Enrolment.objects.filter(client=client, office=office, starts_on__gt=row.ended_on)
    return later.exists()
