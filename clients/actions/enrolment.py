"""Ending an enrolment, and who is in charge of it."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import correct_fact, refuse_future, succeed_fact
from clients.enums import EndReason
from clients.models import CaseMove, Client, Enrolment, StaffAssignment
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership


@transaction.atomic
def begin_use(*, enrolment: Enrolment, starts_on: date, by: Membership, at: datetime) -> Enrolment:
    """Use begins on a day, as the contract says; the contract's action is the only caller."""
    enrolment.use_starts_on = starts_on
    return save_record(
        enrolment,
        verb="use_began",
        by=by,
        at=at,
        person_id=enrolment.client.public_id,
        fields=("use_starts_on",),
    )


@transaction.atomic
def begin_work_earlier(
    *, enrolment: Enrolment, starts_on: date, by: Membership, at: datetime
) -> Enrolment:
    """The work with the person began earlier than an import could tell: a later sheet says so.

    Raises ValidationError where it would reach into another use of the person here.
    """
    enrolment.starts_on = starts_on
    return save_record(
        enrolment, verb="enrolment_began_earlier", by=by, at=at,
        person_id=enrolment.client.public_id, fields=("starts_on",),
    )  # fmt: skip


@transaction.atomic
def end_enrolment(
    *, enrolment: Enrolment, ends_on: date, reason: str, note: str, by: Membership, at: datetime
) -> Enrolment:
    """The office stops working with the person, for a reason (docs/rules.md §9).

    A death is recorded on the person too. Raises ValidationError when it has ended before.
    """
    if enrolment.ends_on is not None:
        raise ValidationError({"ends_on": _("この利用は、すでに終わっています。")})
    enrolment.ends_on = ends_on
    enrolment.end_reason = reason
    enrolment.end_note = note
    client = enrolment.client
    save_record(
        enrolment,
        verb="enrolment_ended",
        by=by,
        at=at,
        person_id=client.public_id,
        fields=("ends_on", "end_reason", "end_note"),
    )
    if reason == EndReason.DIED and client.died_on is None:
        refuse_future(at=at, ends_on=ends_on)
        client.died_on = ends_on
        save_record(client, verb="death_recorded", by=by, at=at, person_id=client.public_id)
        _end_elsewhere(client, ends_on, by, at)
    return enrolment


def _end_elsewhere(client: Client, died_on: date, by: Membership, at: datetime) -> None:
    """After a death nothing falls due anywhere (docs/rules.md §6, §9)."""
    for other in client.enrolments.filter(ends_on__isnull=True, starts_on__lte=died_on):
        other.ends_on, other.end_reason = died_on, EndReason.DIED
        fields: tuple[str, ...] = ("ends_on", "end_reason")
        if other.use_starts_on is not None and other.use_starts_on > died_on:
            other.use_starts_on = None
            fields = (*fields, "use_starts_on")
        save_record(
            other, verb="enrolment_ended", by=by, at=at, person_id=client.public_id, fields=fields
        )


@transaction.atomic
def reopen_enrolment(
    *, enrolment: Enrolment, reason: str, by: Membership, at: datetime
) -> Enrolment:
    """The end was recorded by mistake: the work goes on, and the history keeps the mistake.

    A death recorded with it is taken back too. Raises ValidationError when it has not ended, or
    when the person has come back under an enrolment of its own since.
    """
    if enrolment.ends_on is None:
        raise ValidationError(_("この利用は終わっていません。"))
    client = enrolment.client
    if enrolment.end_reason == EndReason.DIED and client.died_on is not None:
        correct_fact(client, changes={"died_on": None}, reason=reason, by=by, at=at)
    changes = {"ends_on": None, "end_reason": "", "end_note": ""}
    correct_fact(enrolment, changes=changes, reason=reason, by=by, at=at)
    return enrolment


@transaction.atomic
def assign_staff(
    *,
    enrolment: Enrolment,
    staff: Membership,
    starts_on: date,
    by: Membership,
    at: datetime,
    move: CaseMove | None = None,
    note: str = "",
) -> StaffAssignment:
    """Put `staff` in charge from a day on; who was in charge ends the day before.

    `move` is the hand-over that it belongs to, `note` what the new one must know of this person.
    Raises ValidationError when the member works elsewhere or not on that day.
    """
    if staff.office_id != enrolment.office_id or not staff.is_in_force(starts_on):
        raise ValidationError({"staff": _("その日にこの事業所に所属する職員を選んでください。")})
    row = StaffAssignment(
        enrolment=enrolment, staff=staff, starts_on=starts_on, move=move, note=note
    )
    succeed_fact(
        row, siblings=enrolment.assignments.standing(), verb="staff_assigned", by=by, at=at
    )
    return row
