"""Which tests run on each database: those that may ask it, and are not marked as the same on both."""

from __future__ import annotations

import pytest

# The fixtures of pytest-django that open a database to a test.
OPENING = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}


def may_ask(item: pytest.Item) -> bool:
    """Whether a test may ask a database: by its mark, or by a fixture that it uses.

    `once` marks the long ones that look at pages or at the order of days, and whose questions to
    the database others ask too.
    """
    if item.get_closest_marker("once") is not None:
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or not fixtures.isdisjoint(OPENING)
