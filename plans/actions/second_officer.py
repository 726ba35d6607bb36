"""支給決定の二人確認: one officer writes it, another one confirms it or hands it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from plans.actions.hold import hold_application
from plans.models import Application, Decision, PendingGrant
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership

# Grants as it was written: raises ValidationError, at its fields, where it cannot be.
Grant = Callable[..., Decision]


@transaction.atomic
def propose_grant(
    *, application: Application, answers: Mapping[str, Any], grant: Grant, by: Membership,
    at: datetime,
) -> PendingGrant:  # fmt: skip
    """Keep the answers for the second officer, after having tried the grant and undone it.

    Raises ValidationError by field where it could not be granted, and while another one waits.
    """
    # Held beyond the trial: the file does not pass to another ward with a draft that it has not seen.
    hold_application(application, by)
    with transaction.atomic():
        grant(by=by, at=at)
        transaction.set_rollback(True)
    row = PendingGrant(application=application, answers=dict(answers))
    return _save(row, "grant_requested", by, at)


@transaction.atomic
def confirm_grant(*, pending: PendingGrant, grant: Grant, by: Membership, at: datetime) -> Decision:
    """The second officer grants it; the decision is theirs, the proposal stays beside it.

    Raises ValidationError for the proposer's own, for one that was settled, and where what was
    written can no longer be granted.
    """
    # As everywhere the application is held first, then what hangs on it.
    hold_application(pending.application, by)
    row = _open(pending)
    if row.recorded_by.user_id == by.user_id:
        raise ValidationError(_("自分の案は、自分では確認できません。ほかの職員に頼んでください。"))
    decision = grant(by=by, at=at)
    _settle(row, PendingGrant.Outcome.CONFIRMED, "", by, at)
    return decision


@transaction.atomic
def return_grant(
    *, pending: PendingGrant, reason: str, by: Membership, at: datetime
) -> PendingGrant:
    """Handed back with a reason, by the second officer or by who wrote it.

    Raises ValidationError for one that was settled.
    """
    return _settle(_open(pending), PendingGrant.Outcome.RETURNED, reason, by, at)


def _open(pending: PendingGrant) -> PendingGrant:
    row = PendingGrant.objects.select_for_update().get(pk=pending.pk)
    if row.outcome:
        raise ValidationError(
            _("この案は、もう「%(how)s」になっています。") % {"how": row.get_outcome_display()}
        )
    return row


def _settle(
    row: PendingGrant, outcome: str, reason: str, by: Membership, at: datetime
) -> PendingGrant:
    row.outcome, row.outcome_reason = outcome, reason
    row.outcome_by, row.outcome_at = by, at
    verb = "grant_confirmed" if outcome == PendingGrant.Outcome.CONFIRMED else "grant_declined"
    return _save(row, verb, by, at, ("outcome",))


def _save(
    row: PendingGrant, verb: str, by: Membership, at: datetime, fields: tuple[str, ...] = ()
) -> Any:
    person = row.application.client.public_id
    return save_record(row, verb=verb, by=by, at=at, person_id=person, fields=fields)
