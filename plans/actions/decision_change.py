"""変更: the decision that runs ends the day before the changed one begins."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError

from plans.actions.decision import hold_decision
from plans.models import Application, Decision
from plans.queries.decision_change import decision_to_change, why_no_change
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.periods import day_before


def close_changed(
    application: Application, starts_on: date, *, by: Membership, at: datetime
) -> Decision | None:
    """End the decision that a change from `starts_on` on changes, inside the grant's transaction.

    Only its last day moves; `granted_until` and the history keep what was decided. Returns it, None
    where the person has no decision of this ward. Raises ValidationError at `starts_on`.
    """
    found = decision_to_change(application, starts_on)
    if found is not None:
        hold_decision(found, by)
    refuse_no_change(application, starts_on)
    if found is None:
        return None
    found.ends_on = day_before(starts_on)
    return save_record(
        found, verb="decision_changed", by=by, at=at, person_id=found.client.public_id,
        fields=("ends_on",),
    )  # fmt: skip


def refuse_no_change(application: Application, starts_on: date) -> None:
    """Refuse a change from a day on which there is nothing to change.

    Raises ValidationError at `starts_on`.
    """
    if problem := why_no_change(application, starts_on):
        raise ValidationError({"starts_on": problem})
