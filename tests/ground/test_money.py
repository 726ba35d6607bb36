"""Yen and units: rounding as docs/rules.md §5 has it, and how amounts are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teikyaku.money import floor_yen, round_half_up, yen, yen_or_dash

amounts = st.decimals(min_value=0, max_value=10_000_000, places=4)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(Decimal(2_468) * Decimal("11.20"), 27_641, id="total-cost-11.20"),
        pytest.param(Decimal(3_512) * Decimal("10.17"), 35_717, id="total-cost-10.17"),
        pytest.param(Decimal("0.9999"), 0, id="below-one-yen"),
        pytest.param(Decimal(0), 0, id="nothing"),
        pytest.param(Decimal(35_120), 35_120, id="whole"),
        pytest.param(Decimal("-0.1"), -1, id="always-down"),
    ],
)
def test_floor(amount, expected):
    assert floor_yen(amount) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(Decimal(587) * Decimal("0.70"), 411, id="410.9"),
        pytest.param(Decimal(411) * Decimal("1.5"), 617, id="616.5-goes-up"),
        pytest.param(Decimal(1_690) * Decimal("0.05"), 85, id="84.5-goes-up"),
        pytest.param(Decimal("2.5"), 3, id="not-to-even"),
        pytest.param(Decimal("84.4999"), 84, id="just-below"),
        pytest.param(Decimal("-84.5"), -85, id="away-from-zero"),
    ],
)
def test_half_up(amount, expected):
    assert round_half_up(amount) == expected


@given(amounts)
def test_rounding_stays_within_one(amount):
    assert 0 <= amount - floor_yen(amount) < 1
    assert -Decimal("0.5") < round_half_up(amount) - amount <= Decimal("0.5")
    assert isinstance(floor_yen(amount), int)


@given(st.integers(-(10**12), 10**12))
def test_what_is_whole_stays(amount):
    assert floor_yen(Decimal(amount)) == amount == round_half_up(Decimal(amount))


@pytest.mark.parametrize("round_it", [floor_yen, round_half_up])
def test_floats_are_refused(round_it):
    with pytest.raises(AttributeError):
        round_it(27_641.6)


def test_amounts_in_words():
    assert yen(12_345) == "12,345円"
    assert yen(0) == "0円"
    assert yen(-500) == "-500円"
    assert yen_or_dash(0) == "0円"
    assert yen_or_dash(None) == "—"
