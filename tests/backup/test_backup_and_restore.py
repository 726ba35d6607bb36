"""A backup of this database, brought back by the command into an empty place: the same in every table.

On SQLite and on PostgreSQL, with the commands as whoever runs the server calls them.
"""

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import CommandError, call_command
from django.db import connection

from teikyaku.accounts.models import JobRun
from teikyaku.clock import TOKYO, now, today
from teikyaku.desk.backup import databases, make
from teikyaku.desk.backup.bring_back import unpacked
from teikyaku.desk.backup.databases import dump
from teikyaku.desk.backup.errors import BackupError
from teikyaku.desk.backup.make import kept, make_backup
from teikyaku.desk.backup.sealing import new_key
from tests.cast import cast_of
from tests.postgres import postgres_programs

ROOT = Path(__file__).resolve().parent.parent.parent


class Place:
    """Where backups and keys lie, and an empty installation to bring them back to."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.media, self.backups, self.key = folder / "media", folder / "backups", folder / "key"
        self.media.mkdir()
        self.backups.mkdir()
        secret, self.public = new_key()
        self.key.write_text(secret, encoding="utf-8")

    def back_up(self):
        return make_backup(
            folder=self.backups, recipients=[self.public], keep_days=35, at=now().astimezone(TOKYO)
        ).file

    def manage(self, *arguments):
        """A command in the empty installation; (exit status, what it said)."""
        answer = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, "TEIKYAKU_MODE": "test", "DATABASE_URL": self.database,
                 "MEDIA_ROOT": str(self.media), "PG_BIN": settings.PG_BIN},
            check=False, timeout=100,
        )  # fmt: skip
        return answer.returncode, answer.stdout + answer.stderr

    def restore(self, file, *more):
        return self.manage("restore", file, "--key", self.key, *more)


@pytest.fixture
def place(tmp_path, transactional_db, settings):
    """An empty installation beside the database of the tests."""
    settings.MEDIA_ROOT = tmp_path / "papers"
    settings.MEDIA_ROOT.mkdir()
    if connection.vendor == "sqlite":
        yield Place(tmp_path, f"sqlite:///{tmp_path}/empty.sqlite3")
        return
    settings.PG_BIN = postgres_programs()
    name = f"empty_{uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    host = connection.settings_dict["OPTIONS"].get("host") or connection.settings_dict["HOST"]
    user = connection.settings_dict["USER"]
    yield Place(tmp_path, f"postgresql://{user}:@/{name}?host={host}")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def paper(content: bytes) -> Path:
    file = settings.MEDIA_ROOT / "ab" / f"{uuid4()}.pdf"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    return file


def test_everything_comes_back(place):
    cast_of(today())
    file = paper(b"%PDF-1.7 paper")
    backup = place.back_up()
    status, said = place.restore(backup)
    assert status == 0, said
    assert "すべての表と添付が、バックアップのときと同じです" in said
    assert "1件の締めは、すべて凍結したときのままです" in said
    assert "0通" not in said, "of mail that waits is told where some waits"
    assert (place.media / file.relative_to(settings.MEDIA_ROOT)).read_bytes() == file.read_bytes()
    status, said = place.manage("check_derived")
    assert status == 0, said


def test_what_was_written_after_it_is_not_in_it(place):
    cast = cast_of(today())
    backup = place.back_up()
    cast.office.name = "後から変えた名前"
    cast.office.save()
    assert place.restore(backup)[0] == 0
    code = "from teikyaku.accounts.models import Office; print(Office.objects.filter(name='後から変えた名前').count())"
    assert place.manage("shell", "--no-imports", "-c", code)[1].strip().endswith("0")


def test_nobody_who_was_signed_in_then_is_signed_in_at_any_moment(place):
    """Looked at as soon as the database stands: a kill right after leaves nothing to make good."""
    cast_of(today())
    session = SessionStore()
    session["who"] = "zq"
    session.create()
    backup = place.back_up()
    code = (
        "from pathlib import Path\n"
        "from django.contrib.sessions.models import Session\n"
        "from teikyaku.accounts.models import User\n"
        "from teikyaku.desk.backup.bring_back import restore, unpacked\n"
        f"with unpacked(Path({str(backup)!r}), Path({str(place.key)!r})) as content: restore(content)\n"
        "print('found', Session.objects.count(), User.objects.exists())"
    )
    status, said = place.manage("shell", "--no-imports", "-c", code)
    assert (status, "found 0 True" in said) == (0, True), said


def test_only_looking_changes_nothing(place):
    cast_of(today())
    backup = place.back_up()
    said = StringIO()
    call_command("restore", backup, key=place.key, check=True, stdout=said)
    assert "目録のとおり" in said.getvalue()
    with pytest.raises(CommandError, match="データベースが空ではありません"):
        call_command("restore", backup, key=place.key)


def test_a_place_with_something_in_it_is_refused(place):
    backup = place.back_up()
    (place.media / "strange.pdf").write_bytes(b"x")
    status, said = place.restore(backup)
    assert (status, "MEDIA_ROOT に" in said) == (1, True), said
    (place.media / "strange.pdf").unlink()
    assert place.restore(backup)[0] == 0, "nothing of the refused run stands in its way"


def test_a_file_that_is_not_as_in_the_manifest_is_refused(place, monkeypatch):
    file = paper(b"as it was counted")
    counted = make.file_checksum

    def change_behind(path):
        found = counted(path)
        if path == file:
            file.write_bytes(b"as it was changed")
        return found

    monkeypatch.setattr(make, "file_checksum", change_behind)
    backup = place.back_up()
    with pytest.raises(BackupError, match="目録と違うものがあります"), unpacked(backup, place.key):
        pass


def test_the_command_says_what_it_wrote_and_keeps_the_old(place):
    call_command("backup", to=place.backups, recipient=[place.public])
    row = JobRun.objects.get(name="backup")
    assert (row.has_failed, "表" in row.said) == (False, True)
    assert len(kept(place.backups)) == 1
    with pytest.raises(CommandError, match="フォルダーがありません"):
        call_command("backup", to=place.folder / "nowhere", recipient=[place.public])
    with pytest.raises(CommandError, match="公開鍵"):
        call_command("backup", to=place.backups)
    assert JobRun.objects.get(name="backup").has_failed
    assert len(kept(place.backups)) == 1


def test_old_ones_go_when_the_new_one_lies_there(place):
    at = now().astimezone(TOKYO)
    for days in (60, 40, 3):
        stamp = (at - timedelta(days=days)).strftime("%Y%m%dT%H%M%S")
        (place.backups / f"teikyaku-{stamp}.tar.age").write_bytes(b"old")
    (place.backups / "notes.txt").write_text("mine")
    made = make_backup(folder=place.backups, recipients=[place.public], keep_days=35, at=at)
    assert (made.removed, len(kept(place.backups))) == (2, 2)
    assert (place.backups / "notes.txt").exists()


def test_a_dump_is_of_one_moment(place, monkeypatch):
    """Rows written while the dump runs are in both, dump and checksums, or in neither."""
    cast = cast_of(today())
    if connection.vendor == "sqlite":
        pytest.skip("VACUUM INTO is one statement")
    real = databases._postgres

    def write_meanwhile(*arguments):
        import psycopg

        given = databases._environment(connection.settings_dict)
        with psycopg.connect(
            host=given.get("PGHOST"), user=given.get("PGUSER"), dbname=given["PGDATABASE"]
        ) as other:
            other.execute(
                "UPDATE accounts_office SET name = 'もう一人' WHERE id = %s", [cast.office.pk]
            )
        real(*arguments)

    monkeypatch.setattr(databases, "_postgres", write_meanwhile)
    before = dump(place.folder / "first")
    monkeypatch.setattr(databases, "_postgres", real)
    after = dump(place.folder / "second")
    assert before["accounts_office"] != after["accounts_office"]


@pytest.mark.django_db
def test_the_tool_goes_to_the_server_that_was_reached():
    """Of several in DATABASE_URL, the first may be a standby by now; TLS is kept to."""
    if connection.vendor == "sqlite":
        pytest.skip("a file has no server")
    values = connection.settings_dict
    several = {**values, "HOST": "standby.invalid,primary.invalid", "PORT": "1",
               "OPTIONS": {"target_session_attrs": "read-write", "sslmode": "verify-full"}}  # fmt: skip
    given = databases._environment(several)
    assert given["PGHOST"] == connection.connection.info.host
    assert given["PGPORT"] == str(connection.connection.info.port)
    assert given["PGSSLMODE"] == "verify-full"
