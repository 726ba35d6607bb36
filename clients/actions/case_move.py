"""担当の引き継ぎ: people go to another member of staff in one action, and come back where it was a slip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.enrolment import assign_staff
from clients.models import CaseMove, Enrolment, StaffAssignment
from clients.queries.case_move import Going, formers, may_get_back, stuck_people
from clients.queries.subject import names_of
from clients.rules.case_move import undo_until
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import date_of
from teikyaku.era import both
from teikyaku.periods import Period


@transaction.atomic
def move_cases(
    *,
    people: Sequence[Going],
    to_staff: Membership,
    starts_on: date,
    note: str,
    by: Membership,
    at: datetime,
) -> list[CaseMove]:
    """Put `to_staff` in charge of all `people` from a day on: one move for each former carrier.

    All or nobody. Raises ValidationError at `people` with the names of those who cannot go, or at
    `to_staff` where the member does not work there on that day.
    """
    office = people[0].enrolment.office
    is_ours = all(each.enrolment.office_id == to_staff.office_id for each in people)
    if not is_ours or not (
        to_staff.is_in_force(starts_on) and to_staff.may(Permission.INTERVIEW_WRITE)
    ):
        raise ValidationError({"to_staff": _("その日にこの事業所で働く職員を選んでください。")})
    held = _hold([each.enrolment.pk for each in people])
    before = _in_charge(held, starts_on)
    _refuse_stuck(held, before, to_staff, starts_on, date_of(at))
    moves: dict[int | None, CaseMove] = {}
    for each in people:
        former = before.get(each.enrolment.pk)
        key = former.staff.user_id if former else None
        if key not in moves:
            row = CaseMove(
                office=office, from_staff=former.staff if former else None, to_staff=to_staff,
                starts_on=starts_on, note=note,
            )  # fmt: skip
            moves[key] = save_record(row, verb="cases_moved", by=by, at=at)
        assign_staff(
            enrolment=held[each.enrolment.pk], staff=to_staff, starts_on=starts_on,
            move=moves[key], note=each.note, by=by, at=at,
        )  # fmt: skip
    return list(moves.values())


def _hold(keys: Iterable[int]) -> dict[int, Enrolment]:
    """The enrolments as they stand now; nobody else moves them until the transaction ends."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("client")
    return {row.pk: row for row in rows.filter(pk__in=list(keys)).order_by("pk")}


def _in_charge(held: Mapping[int, Enrolment], starts_on: date) -> dict[int, StaffAssignment]:
    """Whoever is in charge on the day, or comes later: the last assignment of each."""
    rows = (
        StaffAssignment.objects.standing().filter(enrolment__in=held).select_related("staff__user")
    )
    return {
        row.enrolment_id: row
        for row in rows.order_by("starts_on")
        if row.ends_on is None or row.ends_on >= starts_on
    }


def _refuse_stuck(
    held: Mapping[int, Enrolment], before: Mapping[int, StaffAssignment],
    to_staff: Membership, starts_on: date, on: date,
) -> None:  # fmt: skip
    names = names_of([row.client_id for row in held.values()], on)
    words = []
    for row in held.values():
        why = _why_not(row, before.get(row.pk), to_staff, starts_on)
        if why and len(held) > 1:
            why += _("印を外すと、ほかの方を引き継げます。")
        if why:
            name = names.get(row.client_id)
            words.append(f"{name.name}さん：{why}" if name else why)
    if words:
        raise ValidationError({"people": words})


def _why_not(
    row: Enrolment, last: StaffAssignment | None, to_staff: Membership, starts_on: date
) -> str:
    if not Period(row.starts_on, row.ends_on).contains(starts_on):
        return _("その日は、この事業所の利用者ではありません。")
    if last is None:
        return ""
    if last.staff.user_id == to_staff.user_id:
        return _("もう%(name)sさんの担当です（%(since)sから）。") % {
            "name": last.staff.user.name,
            "since": both(last.starts_on),
        }
    if last.starts_on >= starts_on:
        return _(
            "%(since)sから%(name)sさんの担当と決まっています。その翌日からにするか、"
            "決めた引き継ぎを取り消してください。"
        ) % {"name": last.staff.user.name, "since": both(last.starts_on)}
    return ""


@transaction.atomic
def mark_move_read(*, move: CaseMove, by: Membership, at: datetime) -> CaseMove:
    """The new one has read what was handed over; asked again, nothing changes.

    Raises ValidationError for anybody else.
    """
    row = CaseMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if row.undone_at is not None:
        raise ValidationError(_("この引き継ぎは、取り消されています。"))
    if row.to_staff.user_id != by.user_id:
        raise ValidationError(_("確かめるのは、引き継ぎを受けた人です。"))
    if row.read_at is not None:
        return row
    row.read_at, row.read_by = at, by
    return save_record(row, verb="case_move_read", by=by, at=at, fields=("read_at",))


@transaction.atomic
def undo_move(*, move: CaseMove, by: Membership, at: datetime) -> CaseMove:
    """It was a slip: everybody is back with who carried them; what was moved stays on file.

    All or nobody. Raises ValidationError where it is undone already, too long ago, the former one has
    left, or somebody has been moved on since: with their names.
    """
    row = CaseMove.objects.select_for_update(of=("self",)).get(pk=move.pk)
    _refuse_undo(row, date_of(at))
    gone = list(row.assignments.standing().select_related("enrolment__client").order_by("pk"))
    _hold(each.enrolment_id for each in gone)
    if stuck := stuck_people(row, date_of(at)):
        message = _("取り消せません。次の人は、もう一度引き継いでください。")
        words = [f"{each.name}さん：{each.why}" if each.name else each.why for each in stuck]
        raise ValidationError([message, *words])
    for each in gone:
        _give_back(each, row, by=by, at=at)
    row.undone_at, row.undone_by = at, by
    return save_record(row, verb="case_move_undone", by=by, at=at, fields=("undone_at",))


def _refuse_undo(row: CaseMove, on: date) -> None:
    if row.undone_at is not None:
        raise ValidationError(_("この引き継ぎは、もう取り消されています。"))
    if row.from_staff is not None and not may_get_back(row.from_staff, on):
        message = _(
            "%(name)sさんは、もうこの事業所で担当を持っていません。元には戻さず、"
            "ほかの職員に引き継いでください。"
        )
        raise ValidationError(message % {"name": row.from_staff.user.name})
    last = undo_until(date_of(row.recorded_at), row.starts_on)
    if on > last:
        message = _(
            "取り消せるのは%(last)sまででした。元の担当に戻すには、もう一度引き継いでください。"
        )
        raise ValidationError(message % {"last": both(last)})


def _give_back(gone: StaffAssignment, move: CaseMove, *, by: Membership, at: datetime) -> None:
    person = gone.enrolment.client.public_id
    former = formers(move).filter(enrolment=gone.enrolment_id).first()
    # First gone, then back: never two at once.
    gone.undone_at, gone.undone_by = at, by
    save_record(
        gone, verb="staff_assignment_undone", by=by, at=at, person_id=person, fields=("undone_at",)
    )
    if former is not None:
        former.ends_on = None
        save_record(
            former, verb="staff_assigned_again", by=by, at=at, person_id=person, fields=("ends_on",)
        )
