"""What the operator is told of what runs out, is missing or tells too much: of settings at every command, also by the nightly ones."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.checks import CheckMessage, Warning
from django.db import connections, router

from teikyaku.clock import today

SOON = timedelta(days=30)
# RFC 9116 advises less than a year: whoever reads the file later asks again.
AT_MOST = timedelta(days=365)
RUNS_OUT, TOO_FAR = "teikyaku.W001", "teikyaku.W002"
NO_CACHE = "teikyaku.W003"
LOGS_NAMES = "teikyaku.W004"
MIGRATED = "django_migrations"
# What PostgreSQL may say in its own log: the error, without the row, the key and the statement it came from.
_SILENT = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("fatal", "panic"),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
}


def contact_is_read(**_kwargs: Any) -> list[CheckMessage]:
    """security.txt is gone the day after the contact's last one: said from 30 days before."""
    until = settings.SECURITY_CONTACT_UNTIL
    if not settings.SECURITY_CONTACT or until is None:
        return []
    left = until - today()
    if left > AT_MOST:
        text = f"SECURITY_CONTACT_UNTIL={until} は1年より先です。1年以内の日にしてください。"
        return [Warning(text, id=TOO_FAR)]
    if left > SOON:
        return []
    text = (
        f"SECURITY_CONTACT_UNTIL={until} の次の日から、security.txt は出ません。"
        "連絡先を確かめて、新しい日を書いてください。"
    )
    return [Warning(text, id=RUNS_OUT)]


def cache_is_there(databases: Collection[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Sign-ins, public tools and files are counted in a table: without it nobody gets in.

    Asked where a command names the database: `check --database default`, and `migrate`, which goes on
    (in an empty place nothing is said: the table is made after it).
    """
    cache = caches["default"]
    if not isinstance(cache, BaseDatabaseCache):
        return []
    database = router.db_for_read(cache.cache_model_class)
    if database not in (databases or ()):
        return []
    there = connections[database].introspection.table_names()
    if cache._table in there or MIGRATED not in there:  # type: ignore[attr-defined]
        return []
    text = "回数を数える表がないので、だれもサインインできません。manage.py createcachetable を動かしてください。"
    return [Warning(text, id=NO_CACHE)]


def log_is_silent(databases: Collection[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """By its defaults PostgreSQL writes each refused statement into its log, with names and notes in it.

    Constraints refuse in the ordinary run of things: two people at once, a period that overlaps.
    """
    wrong: set[str] = set()
    for name in databases or ():
        connection = connections[name]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*_SILENT]]
                )
                found = cursor.fetchall()
            wrong |= {f"{key}={value}" for key, value in found if value not in _SILENT[key]}
    if not wrong:
        return []
    text = (
        "PostgreSQL のログに、断った書き込みの中身（氏名や記録の文）が残る設定です："
        f"{'、'.join(sorted(wrong))}。docs/operations.md の「ログ」の命令を打ってください。"
    )
    return [Warning(text, id=LOGS_NAMES)]
