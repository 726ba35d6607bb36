"""Second factors sealed anew: after SECRET_KEY has changed, nothing hangs on the former key."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction

from teikyaku.accounts.actions.audit import audit_own
from teikyaku.accounts.adapters import seals

# What allauth keeps sealed: the seed of an authenticator app, the seed of recovery codes.
SEALED = ("secret", "seed")


def renew_seals() -> int:
    """Seal every stored seed with the present key; how many. Safe to run again.

    Raises cryptography's InvalidToken where a seed opens with no key at all: nothing is written then.
    """
    keys, renewed = seals(), 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().order_by("pk").iterator():
            names = [name for name in SEALED if isinstance(row.data.get(name), str)]
            for name in names:
                row.data[name] = keys.rotate(row.data[name].encode()).decode()
            if names:
                row.save(update_fields=["data"])
                renewed += 1
    return renewed


def unopened() -> list[Authenticator]:
    """Apps and recovery codes that no key of the settings opens: their people cannot get in with them."""
    keys = seals()

    def opens(text: str) -> bool:
        try:
            keys.decrypt(text.encode())
        except InvalidToken:
            return False
        return True

    return [
        row
        for row in Authenticator.objects.select_related("user").order_by("pk")
        if not all(opens(row.data[name]) for name in SEALED if isinstance(row.data.get(name), str))
    ]


@transaction.atomic
def forget_unopened(*, at: datetime) -> int:
    """SECRET_KEY is lost: what nothing opens is removed, so that its people set up anew; how many.

    Keys of one's own (passkeys) are not sealed and stay. Safe to run again.
    """
    rows = unopened()
    for user in {row.user_id: row.user for row in rows}.values():
        audit_own(verb="second_factor_lost", user=user, at=at)
    Authenticator.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
