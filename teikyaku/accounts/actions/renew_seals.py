"""Second factors sealed anew: after SECRET_KEY has changed, nothing hangs on the former key."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

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
