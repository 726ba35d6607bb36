"""Bringing an office's file into an installation: proven byte by byte, then stored as a whole or not at all.

Keys stay as they were, since closed months are sealed with them; so the installation has to be empty,
or hold nothing under these keys but the very same shared rows (`meeting`): a ward with the same code; a
person with their facts, a workplace, an organisation or staff with the same public id, as they come
with another office of the same server. Everything else must be new.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from teikyaku.accounts.models import Office
from teikyaku.desk.backup.make import migrations
from teikyaku.desk.backup.manifest import Counted, differing
from teikyaku.desk.takeout.columns import data_file, table_name
from teikyaku.desk.takeout.errors import TakeoutError
from teikyaku.desk.takeout.files import ATTACHMENTS
from teikyaku.desk.takeout.manifest import MANIFEST, TakeoutManifest
from teikyaku.desk.takeout.meeting import Met, meet
from teikyaku.desk.takeout.tables import OURS, is_history, tables
from teikyaku.desk.takeout.values import columns_of, row_from

TOGETHER, BLOCK = 500, 1 << 20
_SCAN = re.compile(r"attachments/[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{2,5}")


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What was stored: rows by the name of their model, those that were here already, scans."""

    rows: dict[str, int]
    here_already: int
    files: int


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, TakeoutManifest]]:
    """The file, every entry held against its manifest. Raises TakeoutError for what differs."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            _prove(archive, manifest)
            yield archive, manifest
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise TakeoutError("ZIP が開けません。途中で切れているか、壊れています。") from error
    except OSError as error:
        raise TakeoutError(f"ファイルを読めません: {error.strerror}") from error


def _manifest(archive: zipfile.ZipFile) -> TakeoutManifest:
    try:
        return TakeoutManifest.from_json(archive.read(MANIFEST))
    except KeyError as error:
        raise TakeoutError("目録（manifest.json）がありません。") from error


def _prove(archive: zipfile.ZipFile, manifest: TakeoutManifest) -> None:
    """Nothing is missing, nothing came in addition, and each is what it was."""
    data = {f"data/{label.lower()}.jsonl": table for label, table in manifest.tables.items()}
    names = archive.namelist()
    if len(names) != len(set(names)) or set(names) != {*data, *manifest.files, MANIFEST}:
        raise TakeoutError("目録にないファイルがあるか、目録のファイルがありません。")
    found: dict[str, Counted] = {}
    for name in names:
        if name != MANIFEST:
            with archive.open(name) as content:
                found[name] = _counted(content, by_lines=name in data)
    if wrong := differing({**data, **manifest.files}, found):
        raise TakeoutError(f"目録と違うものがあります: {'、'.join(wrong[:5])}")


def _counted(content: IO[bytes], *, by_lines: bool) -> Counted:
    digest, size = sha256(), 0
    while block := content.read(BLOCK):
        digest.update(block)
        size += block.count(b"\n") if by_lines else len(block)
    return Counted(size, digest.hexdigest())


def bring_in(archive: zipfile.ZipFile, manifest: TakeoutManifest) -> BroughtIn:
    """Store everything: scans first, then all rows in one transaction with every constraint held.

    Raises TakeoutError where something stands in the way; nothing is stored then. Stopped in the
    middle and run again, it begins anew.
    """
    refuse_other_versions(manifest)
    if Office.objects.filter(number=manifest.office["number"]).exists():
        raise TakeoutError("この事業所番号の事業所が、もうここにあります。")
    placed = _place_scans(archive, manifest)
    try:
        with transaction.atomic():
            rows, known = _store_rows(archive, manifest)
            connection.check_constraints()
    except (DatabaseError, ValidationError, ValueError, KeyError, TypeError) as error:
        _take_back(placed)
        # Its words may hold a row: the kind of fault says enough.
        raise TakeoutError(
            f"記録を入れられません。ここにある記録と重なるか、形が違います（{type(error).__name__}）。"
        ) from error
    except BaseException:
        _take_back(placed)
        raise
    return BroughtIn(rows, known, len(placed))


def refuse_other_versions(manifest: TakeoutManifest) -> None:
    """A file fits the version that it was made with. Raises TakeoutError for another one."""
    ours = [{each for each in found if each.split(".")[0] in OURS}
            for found in (manifest.migrations, migrations())]  # fmt: skip
    if ours[0] != ours[1]:
        raise TakeoutError(
            f"このファイルは teikyaku {manifest.product} のものです。ここと版が違います。"
            "同じ版を入れて取り込み、そのあとで新しい版にしてください。"
        )


def _store_rows(archive: zipfile.ZipFile, manifest: TakeoutManifest) -> tuple[dict[str, int], int]:
    models = tables()
    labels = {model._meta.label for model in models}
    if labels != set(manifest.tables):
        raise TakeoutError("このファイルの表は、ここの版の表と違います。")
    counts: dict[str, int] = {}
    known = 0
    for model in models:
        stored = here = 0
        with archive.open(data_file(model)) as lines:
            rows = (row_from(model, json.loads(line)) for line in lines)
            while some := list(islice(rows, TOGETHER)):
                new = _new(model, some)
                model._base_manager.bulk_create(new)
                stored, here = stored + len(new), here + len(some) - len(new)
        known += here
        if stored and not is_history(model):
            counts[str(model._meta.verbose_name)] = stored
    _go_on_counting(models)
    return counts, known


def _new(model: Any, rows: list[Any]) -> list[Any]:
    """Those that are not here yet; of one that says more than the row that is here, what it says is kept.

    Raises TakeoutError where something else has the key.
    """
    here = model._base_manager.in_bulk([row.pk for row in rows])
    for row in rows:
        met = meet(model, row, here[row.pk]) if row.pk in here else Met.KNOWN
        if met is Met.ANOTHER:
            raise TakeoutError(
                f"{table_name(model)}の番号 {row.pk} は、ここでは別の記録のものです。"
                "空のところ（migrate のすぐあと）に取り込んでください。"
            )
        if met is Met.SAYS_MORE:
            values = {column.attname: getattr(row, column.attname) for column in columns_of(model)}
            model._base_manager.filter(pk=row.pk).update(**values)
    return [row for row in rows if row.pk not in here]


def _go_on_counting(models: list[Any]) -> None:
    """New rows get keys after those that came (PostgreSQL counts beside the table)."""
    commands = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)


# --- Scans -----------------------------------------------------------------------------------------


def _place_scans(archive: zipfile.ZipFile, manifest: TakeoutManifest) -> list[Path]:
    """The scans under their names. What stands there already must be the same. Those put there."""
    placed: list[Path] = []
    root = Path(settings.MEDIA_ROOT)
    for name, counted in manifest.files.items():
        if not name.startswith(ATTACHMENTS):
            continue
        inside = name.removeprefix("files/")
        if not _SCAN.fullmatch(inside):
            _take_back(placed)
            raise TakeoutError("添付のファイル名が、teikyaku のものではありません。")
        place = root / inside
        if place.exists():
            with place.open("rb") as content:
                if _counted(content, by_lines=False) != counted:
                    _take_back(placed)
                    raise TakeoutError("同じ名前で中身の違う添付が、ここにあります。")
            continue
        placed.append(place)
        _place(archive, name, place)
    return placed


def _place(archive: zipfile.ZipFile, name: str, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with archive.open(name) as content, place.open("wb") as out:
        while block := content.read(BLOCK):
            out.write(block)
    place.chmod(0o600)


def _take_back(placed: list[Path]) -> None:
    for place in placed:
        place.unlink(missing_ok=True)


def is_installed() -> bool:
    """Whether the tables of this version are here."""
    return (
        apps.get_model("accounts.Office")._meta.db_table in connection.introspection.table_names()
    )
