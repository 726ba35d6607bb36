"""What the tests of moving out and in share: a file made in one go, its entries, an emptied database."""

import zipfile
from io import BytesIO
from itertools import count
from pathlib import Path

from django.apps import apps
from django.db import connection

from teikyaku.clock import now
from teikyaku.desk.takeout import archive, pieces
from teikyaku.desk.takeout.archive import ZIP, alone, work_on

# What no row of ours is in, or what the migrations brought.
KEPT = ("contenttypes", "auth", "sessions", "admin")


def take_out(office, folder: Path, on) -> Path:
    """The whole file of an office."""
    with alone(folder):
        work_on(folder, office, on=on, at=now())
    return folder / ZIP


def leave_out_workbooks(monkeypatch) -> None:
    """Making them takes half of the time."""
    monkeypatch.setattr(archive, "book_pages", lambda *_given: [])
    monkeypatch.setattr(pieces, "columns_workbook", lambda *_given: b"")
    monkeypatch.setattr(pieces, "bind", lambda place, _filled: place.write_bytes(b""))


def entries(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(file: Path) -> str:
    """Everything that can be read in it, workbooks too."""
    found = []
    for name, content in entries(file).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(BytesIO(content)) as book:
                found += [book.read(part).decode("utf-8", "ignore") for part in book.namelist()]
        else:
            found.append(content.decode("utf-8", "ignore"))
        found.append(name)
    return "\n".join(found)


def empty_the_database() -> None:
    """As after `migrate`: every table of ours without rows. Foreign keys are looked at later."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in KEPT and model._meta.managed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
    connection.check_constraints()


_floors = count(1)
STEP = 10_000_000


def lift_sequences() -> None:
    """PostgreSQL's counters are set by an import, and stay so when a test's transaction is undone.

    They are put far above every key that any test of this run has kept.
    """
    if connection.vendor != "postgresql" or connection.needs_rollback:
        return
    floor = STEP * next(_floors)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s) FROM pg_sequences",
            [floor],
        )
