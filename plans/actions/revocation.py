"""取消 of a person's right from a day on: the decision that holds the day, and what a change lets follow on it."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.actions.certificate import refuse_revoked, revoke_decision
from plans.actions.decision import hold_all, hold_decision
from plans.models import Decision
from plans.queries.decision_change import followers, goes_on_at, is_withdrawal, why_no_day
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of


@transaction.atomic
def end_decision(
    *, decision: Decision, on: date, reason: str, by: Membership, at: datetime
) -> Decision:
    """End the right on `on`, its last day, also where the decision was changed; what ends it.

    A decision that has not begun is withdrawn: cancelled itself, with a day from that of the decision on.
    Where a change has taken over by then, the changed decision ends. Where changes lie ahead, they
    are cancelled before they have begun (`is_cancelled`) and keep their days as they were granted.
    History, `granted_until` and the papers keep what was decided.

    Raises ValidationError: at `revoked_on` for a day outside the period; for a decision that was
    revoked, or whose file lies with another ward.
    """
    # All of them before what follows is read: a colleague's change comes before it, or is refused.
    hold_all(decision, by)
    held = goes_on_at(decision, on)
    ahead = followers(held)
    if is_withdrawal(held, on, date_of(at)):
        refuse_revoked(held)
        refuse_day(held, on, date_of(at))
        ahead = [held, *ahead]
    else:
        revoke_decision(decision=held, on=on, reason=reason, by=by, at=at)
    for row in ahead:
        _cancel(row, on, reason, by, at)
    return held


def refuse_day(decision: Decision, on: date, today: date) -> None:
    """Refuse a day on which the decision cannot be revoked, at `revoked_on`: also before the page asks more."""
    if problem := why_no_day(decision, on, today):
        raise ValidationError({"revoked_on": problem})


def _cancel(row: Decision, on: date, reason: str, by: Membership, at: datetime) -> None:
    hold_decision(row, by)
    # What was ended itself has held until its day: that is not undone by an earlier end.
    refuse_revoked(row)
    row.is_cancelled, row.revoked_on, row.revocation_reason = True, on, reason
    save_record(
        row, verb="decision_cancelled", by=by, at=at, person_id=row.client.public_id,
        fields=("is_cancelled", "revoked_on", "revocation_reason"),
    )  # fmt: skip
