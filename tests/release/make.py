"""python -m tests.release.make NAME [TREE]: keep the database of a release for tests/release.

Run it in the tree that is about to be released, or give the folder of another checkout (with its
own .venv). It builds a small fictional city there and stores its schema on both databases and its
rows. Then put NAME into tests/release/test_previous_release.py and remove the one before.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.postgres import postgres_programs, running_postgres
from tests.release.snapshot import Snapshot

HERE = Path(__file__).resolve().parents[2]
# One life of each stage: every kind of row is there, and the file stays small.
BUILD = """
import django; django.setup()
from teikyaku.clock import today
from teikyaku.desk.demo import city
every = city.plan_people
city.plan_people = lambda: list({plan.stage: plan for plan in reversed(every())}.values())[::-1]
city.build_city(today(), print)
"""
# Not what anybody keeps, or made anew by Django itself.
LEFT_OUT = ("cache", "django_session", "sqlite_sequence")


def run(tree: Path, database: str, *arguments: str) -> None:
    """A program of that tree on a database."""
    env = {**os.environ, "TEIKYAKU_MODE": "demo", "DJANGO_SETTINGS_MODULE": "teikyaku.settings",
           "DATABASE_URL": database, "MEDIA_ROOT": f"{tempfile.gettempdir()}/release-media",
           "PYTHONPATH": str(tree)}  # fmt: skip
    subprocess.run([f"{tree}/.venv/bin/python", *arguments], cwd=tree, env=env, check=True)


def text(value: Any) -> str | None:
    """Any value as both databases read it again."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return None if value is None else str(value)


def sqlite_parts(file: Path) -> tuple[dict[str, str], list[str]]:
    """The schema (triggers and indexes stand after the rows), and the rows as lines."""
    database = sqlite3.connect(file)
    made = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL")
    statements: dict[str, list[str]] = {"before": [], "after": []}
    tables = []
    for kind, name, sql in made:
        if name in ("sqlite_sequence",):
            continue
        statements["before" if kind == "table" else "after"].append(f"{sql};")
        if kind == "table" and name not in LEFT_OUT:
            tables.append(name)
    lines = []
    for name in tables:
        found = database.execute(f'SELECT * FROM "{name}"')
        columns = [each[0] for each in found.description]
        rows = [[text(value) for value in row] for row in found]
        lines.append(json.dumps([name, columns, rows], ensure_ascii=False))
    return {key: "\n".join(each) for key, each in statements.items()}, lines


def postgresql_schema(tree: Path) -> dict[str, str]:
    """What pg_dump says, before and after the rows."""
    with running_postgres() as url:
        run(tree, url, "manage.py", "migrate", "--verbosity", "0")
        run(tree, url, "manage.py", "createcachetable")
        found = {}
        for key, section in (("before", "pre-data"), ("after", "post-data")):
            dumped = subprocess.run(
                [f"{postgres_programs()}/pg_dump", "--section", section, "--no-owner", "--no-acl", url],
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
            lines = [
                line
                for line in dumped.splitlines()
                if line and not line.startswith(("--", "\\", "CREATE SCHEMA public"))
            ]
            found[key] = "\n".join(lines)
    return found


def main(name: str, tree: Path) -> None:
    """Build, and store the four files."""
    snapshot = Snapshot(name)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "release.sqlite3"
        run(tree, f"sqlite:///{file}", "manage.py", "migrate", "--verbosity", "0")
        run(tree, f"sqlite:///{file}", "manage.py", "createcachetable")
        run(tree, f"sqlite:///{file}", "-c", BUILD)
        heads = sqlite3.connect(file).execute(
            "SELECT app, max(name) FROM django_migrations GROUP BY app"
        )
        commit = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], cwd=tree, capture_output=True, text=True, check=True
        ).stdout.strip()  # fmt: skip
        about = {"commit": commit, "heads": dict(heads)}
        snapshot.write("about.json", json.dumps(about, indent=1) + "\n")
        schema, lines = sqlite_parts(file)
        snapshot.write("sqlite.json.xz", json.dumps(schema))
        snapshot.write("rows.jsonl.xz", "\n".join(lines))
    snapshot.write("postgresql.json.xz", json.dumps(postgresql_schema(tree)))
    size = sum(each.stat().st_size for each in snapshot.folder.iterdir())
    print(f"{snapshot.folder}: {size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else HERE)
