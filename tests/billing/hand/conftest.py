"""The world of the sheet, built once."""

from __future__ import annotations

from datetime import date

import pytest

from tests.billing.hand.world import World, make_world
from tests.kept import kept


@pytest.fixture
def world(db: None) -> World:
    """Everybody of the sheet, as of 8 May 2026."""
    found: World = kept(make_world, date(2026, 5, 8))
    return found
