"""Who may see what: users, offices, wards, staff, audit, mail."""

import sqlite3
from datetime import date
from functools import lru_cache

import django.db.backends.sqlite3.base  # noqa: F401  (its own reader of days comes first)
from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """利用者管理 the tenants and the people who work in them."""

    name = "teikyaku.accounts"
    verbose_name = "職員と事業所"

    def ready(self) -> None:
        """SQLite hands days out as text: few days in many rows, each is read once."""
        sqlite3.register_converter("date", _day)


@lru_cache(maxsize=1 << 14)
def _day(text: bytes) -> date:
    return date.fromisoformat(text.decode())
