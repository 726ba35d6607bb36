from __future__ import annotations

import pytest

from tests.constraints.app.models import Owner


@pytest.fixture
def owner(db) -> Owner:
    return Owner.objects.create(code="one")


@pytest.fixture
def other(db) -> Owner:
    return Owner.objects.create(code="two")
