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

    Raises ValidationError for who asked, for the person themselves, or when it was confirmed.
    """
    if by.user_id in (reset.requested_by.user_id, reset.user_id):
        raise ValidationError(_("依頼した人とも本人とも別の管理者が確認してください。"))
    if reset.confirmed_at is not None:
        raise ValidationError(_("この依頼は、すでに確認されています。"))
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
