"""The words of a search: long ones ask for nothing that a database refuses."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from teikyaku.searched import LONGEST, searched


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("", ""), ("  山田 ", "山田"), ("あ" * 300, "あ" * LONGEST)],
    ids=["nothing", "blanks", "long"],
)
def test_what_is_asked(typed, asked):
    assert searched(RequestFactory().get("/", {"q": typed})) == asked
