"""The database of a run with its papers: kept as it is, and put back after each kill."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, connections


class Place:
    """The database that the process is connected to, and the folder of papers of its settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media = Path(settings.MEDIA_ROOT)
        self.name = str(connection.settings_dict["NAME"])
        self.kept_papers = folder / "kept-papers"
        self.kept_file = folder / "kept.sqlite3"

    @property
    def is_sqlite(self) -> bool:
        return connection.vendor == "sqlite"

    def url(self, name: str = "") -> str:
        """The DATABASE_URL of this database, or of another one beside it."""
        if self.is_sqlite:
            return f"sqlite:///{name or self.name}"
        host = connection.settings_dict["OPTIONS"].get("host") or connection.settings_dict["HOST"]
        return f"postgresql://{connection.settings_dict['USER']}:@/{name or self.name}?host={host}"

    def environment(self) -> dict[str, str]:
        """For commands and servers of their own."""
        return {**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": self.url(),
                "MEDIA_ROOT": str(self.media), "DJANGO_SETTINGS_MODULE": "teikyaku.settings"}  # fmt: skip

    def keep(self) -> None:
        """From here on `back` comes back to this moment."""
        shutil.rmtree(self.kept_papers, ignore_errors=True)
        shutil.copytree(self.media, self.kept_papers)
        connections.close_all()
        if self.is_sqlite:
            self.kept_file.unlink(missing_ok=True)
            with closing(sqlite3.connect(self.name)) as plain:
                plain.execute("VACUUM INTO ?", (str(self.kept_file),))
            with closing(sqlite3.connect(self.kept_file)) as plain:
                plain.execute("PRAGMA journal_mode=WAL")
        else:
            self.create(f"{self.name}_kept", self.name)

    def back(self) -> None:
        """Everything as it was kept, whatever was written since."""
        shutil.rmtree(self.media, ignore_errors=True)
        shutil.copytree(self.kept_papers, self.media)
        connections.close_all()
        if self.is_sqlite:
            for ending in ("-wal", "-shm"):
                Path(f"{self.name}{ending}").unlink(missing_ok=True)
            shutil.copyfile(self.kept_file, self.name)
        else:
            self.create(self.name, f"{self.name}_kept")

    def create(self, name: str, template: str = "template1") -> None:
        """Another database on the same server, in place of one of that name (PostgreSQL)."""
        self.drop(name)
        self._at_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        self._at_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _at_the_server(self, statement: str) -> None:
        import psycopg

        given = connection.settings_dict
        host = given["OPTIONS"].get("host") or given["HOST"]
        where = {"dbname": "template1", "host": host, "user": given["USER"]}
        with psycopg.connect(**where, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname NOT IN ('template1')"
            )
            server.execute(statement)
