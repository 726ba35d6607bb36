"""変更: the decision that runs ends the day before the changed one begins."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plans.actions.decision import hold_decision
from plans.models import Application, Decision
from plans.queries.decision_change import decision_to_change, why_no_change, why_nothing_changes
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


def refuse_nothing_changed(
    application: Application, starts_on: date, ends_on: date, amount: str
) -> None:
    """Refuse a change that grants the same period and amount again, with the cap that stands.

    For whoever knows that the cap goes on as it is. Raises ValidationError at `amount`.
    """
    former = decision_to_change(application, starts_on)
    if former is None:
        return
    if problem := why_nothing_changes(former, ends_on, amount, application.municipality):
        how = _(
            "期間・支給量・上限額のうち、変わるものを入れてください。受給者証のほかの記載だけが変わるときは、"
            "この申請を取り下げて、支給決定のページの「受給者証を交付し直す」を使います。"
        )
        raise ValidationError({"amount": f"{problem}{how}"})


def refuse_no_change(application: Application, starts_on: date) -> None:
    """Refuse a change from a day on which there is nothing to change.

    Raises ValidationError at `starts_on`.
    """
    if problem := why_no_change(application, starts_on):
        raise ValidationError({"starts_on": problem})
