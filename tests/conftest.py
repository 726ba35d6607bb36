"""What every test has at hand. The fixed cast is in tests/cast.py."""

from __future__ import annotations

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Rate limits and other marks in the cache do not leak from test to test."""
    if settings.configured:
        from django.core.cache import cache  # noqa: PLC0415  (pure tests run without settings)

        cache.clear()
