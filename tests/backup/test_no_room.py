"""A copy of the database that finds no room is told in words, with the folder to look at."""

import pytest
from django.db import OperationalError, connection

from teikyaku.desk.backup.databases import dump
from teikyaku.desk.backup.errors import BackupError


class Full:
    """A cursor on a disk without room."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def execute(self, *_statement):
        raise OperationalError("database or disk is full")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="pg_dump tells it itself")
def test_a_full_disk_is_told_with_the_folder_to_look_at(monkeypatch, tmp_path):
    monkeypatch.setattr(connection, "cursor", Full)
    with pytest.raises(BackupError, match=r"disk is full.*BACKUP_WORK"):
        dump(tmp_path / "copy")
