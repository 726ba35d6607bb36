"""取消 of a person's right from a day on: the decision that holds the day, and what a change lets follow on it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plans.actions.certificate import refuse_revoked, revoke_decision
from plans.actions.decision import hold_decision
from plans.models import Decision
from plans.queries.decision_change import followers, goes_on_at
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.era import both


@transaction.atomic
def end_decision(
    *, decision: Decision, on: date, reason: str, by: Membership, at: datetime
) -> Decision:
    """End the right on `on`, its last day, also where the decision was changed; what ends it.

    Where a change has taken over by then, the changed decision ends. Where the change lies ahead, it
    ends before it has begun: a decision has at least one day, so it keeps the last one of the right
    (of several, each one of the last), and the former one runs until the day before. History,
    `granted_until` and the papers keep what was decided.

    Raises ValidationError: at `revoked_on` for a day outside the period, or too early in it for what
    follows; for a decision that was revoked, or whose file lies with another ward.
    """
    hold_decision(decision, by)
    held = goes_on_at(decision, on)
    ahead = followers(held)
    if not ahead:
        return revoke_decision(decision=held, on=on, reason=reason, by=by, at=at)
    for row in (held, *ahead):
        hold_decision(row, by)
    refuse_revoked(held)
    last = on - timedelta(days=len(ahead))
    if not held.starts_on <= last:
        text = _("変更した支給決定が続くため、%(first)s以後の日付にしてください。")
        first = both(held.starts_on + timedelta(days=len(ahead)))
        raise ValidationError({"revoked_on": text % {"first": first}})
    held.ends_on = last
    _save(held, "decision_changed", ("ends_on",), by, at)
    for number, row in enumerate(ahead, start=1):
        row.starts_on = row.ends_on = last + timedelta(days=number)
        # Of several changes only the last one is revoked: the others were changed, as they were.
        if row is ahead[-1]:
            row.revoked_on, row.revocation_reason = on, reason
        names = ("starts_on", "ends_on", "revoked_on", "revocation_reason")
        _save(row, "decision_revoked", names, by, at)
    return ahead[-1]


def _save(
    row: Decision, verb: str, fields: tuple[str, ...], by: Membership, at: datetime
) -> Decision:
    person_id = row.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person_id, fields=fields)
