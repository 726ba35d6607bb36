"""Whether the second factors on file open with the SECRET_KEY of now; read once the models are there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.checks import CheckMessage, Warning
from django.db import connections, router

from teikyaku.accounts.actions.renew_seals import unopened

SEALED_OFF = "teikyaku.W005"


def factors_open(databases: Collection[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """After a restore with another SECRET_KEY no app and no recovery code opens: nobody would get in."""
    database = router.db_for_read(Authenticator)
    if database not in (databases or ()):
        return []
    there = connections[database].introspection.table_names()
    count = len(unopened()) if Authenticator._meta.db_table in there else 0
    if not count:
        return []
    text = (
        f"二要素認証の登録が{count}件、いまの SECRET_KEY では開きません（その人はサインインできません）。"
        "前の値を SECRET_KEY_FALLBACKS に入れ、manage.py renew_seals を動かしてください。"
    )
    return [Warning(text, id=SEALED_OFF)]
