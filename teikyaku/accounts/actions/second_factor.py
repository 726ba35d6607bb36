"""Reset of a lost second factor: one administrator asks, another confirms."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership, SecondFactorReset, User


@transaction.atomic
def request_reset(*, user: User, reason: str, by: Membership, at: datetime) -> SecondFactorReset:
    """Ask that somebody's second factors be removed; nobody asks for themselves.

    Raises ValidationError for oneself, or while another request waits.
    """
    if user.pk == by.user_id:
        raise ValidationError(_("自分の二要素は、別の管理者に頼んでください。"))
    row = SecondFactorReset(user=user, reason=reason, requested_by=by, requested_at=at)
    return save_record(row, verb="second_factor_reset_requested", by=by, at=at)


@transaction.atomic
def confirm_reset(*, reset: SecondFactorReset, by: Membership, at: datetime) -> SecondFactorReset:
    """A second administrator confirms; the factors and recovery codes are gone from then on.

    Raises ValidationError for who asked, for the person themselves, or when it was answered.
    """
    if by.user_id in (reset.requested_by.user_id, reset.user_id):
        raise ValidationError(_("依頼した人とも本人とも別の管理者が確認してください。"))
    _refuse_answered(reset)
    reset.confirmed_by = by
    reset.confirmed_at = at
    row = save_record(
        reset,
        verb="second_factor_reset_confirmed",
        by=by,
        at=at,
        fields=("confirmed_by", "confirmed_at"),
    )
    Authenticator.objects.filter(user=reset.user).delete()
    return row


@transaction.atomic
def withdraw_reset(*, reset: SecondFactorReset, by: Membership, at: datetime) -> SecondFactorReset:
    """The request was a mistake: nothing is removed, and the line stays.

    Raises ValidationError when it was answered.
    """
    _refuse_answered(reset)
    reset.withdrawn_by = by
    reset.withdrawn_at = at
    return save_record(
        reset,
        verb="second_factor_reset_withdrawn",
        by=by,
        at=at,
        fields=("withdrawn_by", "withdrawn_at"),
    )


def _refuse_answered(reset: SecondFactorReset) -> None:
    # Asked anew under the write: two administrators may press at the same moment.
    row = SecondFactorReset.objects.select_for_update().get(pk=reset.pk)
    if row.confirmed_at is not None:
        raise ValidationError(_("この依頼は、すでに確認されています。"))
    if row.withdrawn_at is not None:
        raise ValidationError(_("この依頼は、取り下げられています。"))
