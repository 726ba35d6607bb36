"""自治体助成: what is taken off, never more than the copayment."""

from __future__ import annotations

import pytest

from billing.rules.subsidy import subsidy_yen


@pytest.mark.parametrize(
    ("kind", "amount", "decided", "expected"),
    [
        ("percent", 50, 2_769, 1_384), ("percent", 100, 2_769, 2_769), ("percent", 0, 2_769, 0),
        ("up_to", 1_000, 2_769, 1_000), ("up_to", 5_000, 2_769, 2_769), ("up_to", 1_000, 0, 0),
        ("beyond", 1_000, 2_769, 1_769), ("beyond", 5_000, 2_769, 0), ("beyond", 0, 2_769, 2_769),
    ],
)  # fmt: skip
def test_by_hand(kind, amount, decided, expected):
    assert subsidy_yen(kind, amount, decided) == expected


@pytest.mark.parametrize(
    ("kind", "amount", "decided"),
    [("percent", 101, 1), ("up_to", -1, 1), ("up_to", 1, -1), ("nonsense", 1, 1)],
)
def test_what_cannot_be_is_refused(kind, amount, decided):
    with pytest.raises(ValueError, match="助成"):
        subsidy_yen(kind, amount, decided)
