"""What every test has at hand. The fixed cast is in tests/cast.py."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from hypothesis import settings as hypothesis_settings

from tests.asking import may_ask
from tests.emptied import only_where_rows_are

if TYPE_CHECKING:
    from tests.cast import Cast

# A machine under load is no reason to fail a property.
hypothesis_settings.register_profile("teikyaku", deadline=None)
hypothesis_settings.load_profile("teikyaku")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--asking-a-database`, for the run on a second database."""
    parser.addoption(
        "--asking-a-database",
        action="store_true",
        help="leave out the tests that may ask no database: they are the same on each",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `--asking-a-database` says; pytest-django lets no other test ask one."""
    if config.getoption("--asking-a-database"):
        others = [item for item in items if not may_ask(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if may_ask(item)]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """While twelve thousand tests are loaded nothing is thrown away: no cycles are looked for."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded stays: the collector of cycles need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Rate limits and other marks in the cache do not leak from test to test."""
    if settings.configured:
        cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """End sessions that a browser left in the middle of a request: they would keep the database."""
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(autouse=True, scope="session")
def _emptied_where_rows_are() -> Iterator[None]:
    """What a test committed is taken away, and no empty table is emptied."""
    with only_where_rows_are():
        yield


@pytest.fixture(autouse=True, scope="session")
def _patient_database() -> None:
    """A writer of SQLite waits longer for its turn: a machine under load is no reason to fail."""
    if settings.configured and connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = 120


@pytest.fixture(autouse=True, scope="session")
def _papers_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Attachments of tests lie in a folder of the run, never beside those of a demo."""
    if not settings.configured:
        yield
        return
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture
def papers_folder(settings: Any, tmp_path: Path) -> Path:
    """A folder for attachments of this test alone, to be counted in."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast as of today."""
    from teikyaku.clock import today
    from tests.cast import cast_of

    return cast_of(today())
