"""The derived columns of an enrolment, and the human decisions on loosening the pace."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Enrolment, StaffAssignment
from clients.queries.window import standings_of
from plans.models import PaceDecision
from plans.queries.pace import anchor_of, due_dates, next_due_of
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.era import both

DUE = ("interview_due_on", "pace_months", "suggested_months", "last_met_on")
DERIVED = (*DUE, "window_starts_on", "window_ends_on")


def derive(enrolments: Iterable[Enrolment], *, windows: bool = True) -> list[Enrolment]:
    """Set (without storing) the derived columns from the facts on file.

    The window is that of the enrolment's own time: the day use began, else the day it opened. It
    ends with the right: on the day of a leaving that ends it, where one is on file.
    """
    rows = list(enrolments)
    if windows:
        _derive_windows(rows)
    found = due_dates(rows)
    for row in rows:
        due = found[row.pk]
        row.interview_due_on = due.due_on
        row.pace_months = due.pace_months
        row.suggested_months = due.suggestion.to_months if due.suggestion else None
        row.last_met_on = due.last_met_on
    return rows


def refresh(enrolments: Iterable[Enrolment], *, windows: bool = True) -> None:
    """Store the derived columns. The one writer of them; call in the action's transaction.

    A contact or a decision on the pace leaves the window as it is: `windows=False` saves the look.
    """
    names = DERIVED if windows else DUE
    for row in derive(enrolments, windows=windows):
        Enrolment.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in names})


def _derive_windows(rows: list[Enrolment]) -> None:
    for row in rows:
        standing = standings_of([row.client_id], anchor_of(row))[row.client_id]
        window = standing.window
        row.window_starts_on = window.first_usable_on if window else None
        row.window_ends_on = standing.right_ends_on


@transaction.atomic
def decide_pace(
    *,
    enrolment: Enrolment,
    decided_on: date,
    is_accepted: bool,
    reason: str,
    by: Membership,
    at: datetime,
) -> PaceDecision:
    """Accept or decline the present suggestion; 本人兼務 where the decider is also in charge.

    Raises ValidationError when nothing is suggested (any more).
    """
    due = next_due_of(enrolment)
    if due.due_on is not None and due.due_on < decided_on:
        raise ValidationError(
            _("面談の期限（%(on)s）が過ぎています。面談をしてから決めてください。")
            % {"on": both(due.due_on)}
        )
    if due.suggestion is None:
        raise ValidationError(_("いまは、間隔をゆるめる提案がありません。"))
    in_charge = StaffAssignment.objects.in_charge(decided_on).filter(
        enrolment=enrolment, staff__user_id=by.user_id
    )
    row = PaceDecision(
        enrolment=enrolment,
        decided_on=decided_on,
        from_months=due.agreed_months or 1,
        to_months=due.suggestion.to_months,
        is_accepted=is_accepted,
        reason=reason,
        is_same_person=in_charge.exists(),
    )
    person = enrolment.client.public_id
    return save_record(row, verb="pace_decided", by=by, at=at, person_id=person)
