"""Units and yen by hand: docs/rules.md §5 and §7."""

from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.calculation import copayment, month_lines, total_units
from billing.enums import NotifiedItem
from billing.tariffs import (
    Confirmation,
    NoTariff,
    TwoTariffs,
    packaged,
    tariff_for,
)
from teikyaku.money import round_half_up
from teikyaku.periods import Month

R6 = packaged()[0]
MONTH = Month(2025, 4)


@pytest.mark.parametrize(
    ("units", "price", "cap", "total", "tenth", "decided", "benefit"),
    [
        (3512, "10.00", 9300, 35120, 3512, 3512, 31608),
        (2768, "10.00", 0, 27680, 2768, 0, 27680),
        (3512 + 900, "10.00", 37200, 44120, 4412, 4412, 39708),
        (3512, "10.17", 9300, 35717, 3571, 3571, 32146),
        (2468, "11.20", 9300, 27641, 2764, 2764, 24877),
        (0, "10.00", 9300, 0, 0, 0, 0),
    ],
)
def test_the_table(units, price, cap, total, tenth, decided, benefit):
    found = copayment(units, D(price), cap)
    assert (found.total_cost_yen, found.one_tenth_yen) == (total, tenth)
    assert (found.decided_yen, found.benefit_yen) == (decided, benefit)
    assert [step.label for step in found.steps][-1] == "給付費"


@pytest.mark.parametrize(("cap", "decided"), [(3511, 3511), (3512, 3512), (3513, 3512)])
def test_the_cap_and_its_neighbours(cap, decided):
    assert copayment(3512, D("10.00"), cap).decided_yen == decided


def test_zero_and_not_entered_differ():
    assert copayment(100, D("10"), 0).decided_yen == 0
    with pytest.raises(ValueError, match="0円とは別"):
        copayment(100, D("10"), None)


def test_a_float_is_refused_though_the_same_integer_was_worked_out():
    assert copayment(1000, D("10.5"), 9300).capped_yen == 1050
    for units, cap in ((1000.0, 9300), (1000, 9300.0)):
        with pytest.raises(TypeError):
            copayment(units, D("10.5"), cap)


def test_floats_are_refused():
    with pytest.raises(TypeError):
        copayment(3512, 10.17, 9300)  # type: ignore[arg-type]


def test_after_cap_management():
    found = copayment(3512, D("10.00"), 9300, managed_yen=1000)
    assert (found.capped_yen, found.decided_yen, found.benefit_yen) == (3512, 1000, 34120)
    with pytest.raises(ValueError, match="管理の前より多く"):
        copayment(3512, D("10.00"), 9300, managed_yen=3513)


@given(
    st.integers(0, 20_000),
    st.decimals("0.5", "15", places=3),
    st.integers(0, 40_000),
)
def test_what_always_holds(units, price, cap):
    found = copayment(units, price, cap)
    assert found.decided_yen <= min(cap, found.one_tenth_yen)
    assert found.decided_yen + found.benefit_yen == found.total_cost_yen
    assert D(found.total_cost_yen) <= units * price < found.total_cost_yen + 1
    assert 10 * found.one_tenth_yen <= found.total_cost_yen < 10 * (found.one_tenth_yen + 1)


@pytest.mark.parametrize(
    ("rate", "tier", "units"),
    [
        (Fraction(1), "95", 3512), (Fraction(95, 100), "95", 3512),
        (Fraction(9499, 10000), "90", 3348), (Fraction(90, 100), "90", 3348),
        (Fraction(8999, 10000), "80", 2768), (Fraction(80, 100), "80", 2768),
        (Fraction(7999, 10000), "70", 2234), (Fraction(70, 100), "70", 2234),
        (Fraction(6999, 10000), "50", 1690), (Fraction(50, 100), "50", 1690),
        (Fraction(4999, 10000), "30", 1433), (Fraction(30, 100), "30", 1433),
        (Fraction(2999, 10000), "00", 1074), (Fraction(0), "00", 1074),
    ],
)  # fmt: skip
def test_tiers_with_their_lower_bound(rate, tier, units):
    assert (R6.tier_for(rate).key, R6.tier(tier).units) == (tier, units)


def units_of(tier, *items, month=MONTH):
    return total_units(month_lines(month, R6, tier, items))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((), 1690),
        (("initial",), 2590),
        (("retention_record",), 1990),
        (("job_coach_trained",), 1810),
        (("network_1",), 2269),
        (("network_2",), 2095),
        (("special_area",), 1930),
        (("cap_management",), 1840),
        (("no_support_plan",), 1183),
        (("no_support_plan_long",), 845),
        (("no_public_report",), 1605),  # minus line 85, not × 0.95 → 1,606
        (("no_handover_system",), 1521),
        (("no_abuse_prevention",), 1673),
        (("no_support_plan", "few_workers"), 828),  # 1,690 × 0.7 → 1,183 × 0.7 → 828
        (("treatment_3",), 1835),  # 1,690 × 8.6 % = 145.34 → 145
        (("initial", "treatment_1"), 2857),  # 2,590 × 10.3 % = 266.77 → 267
    ],
)
def test_additions_and_reductions(items, expected):
    assert units_of("50", *items) == expected


def test_percentages_are_rounded_half_up_one_after_another():
    assert round_half_up(D(587) * D("0.70")) == 411
    assert round_half_up(D(411) * D("1.5")) == 617


def test_an_addition_before_its_first_month_is_left_out():
    assert units_of("50", "treatment_1", month=Month(2024, 5)) == 1690
    assert units_of("50", "treatment_1", month=Month(2024, 6)) == 1690 + 174


def test_an_unknown_addition_is_a_mistake():
    with pytest.raises(KeyError, match="nonsense"):
        units_of("50", "nonsense")


@pytest.mark.parametrize("month", [Month(2024, 4), Month(2026, 5)])
def test_r6_and_its_last_month(month):
    assert tariff_for(month).name == "R6"


@pytest.mark.parametrize("month", [Month(2024, 3), Month(2026, 6)])
def test_a_month_without_a_table_is_named(month):
    with pytest.raises(NoTariff, match=month.label):
        tariff_for(month)


def test_an_operator_confirms_that_it_goes_on():
    confirmed = Confirmation("R6", Month(2026, 6), None, "市の回答", is_sample=True)
    found = tariff_for(Month(2026, 6), confirmations=[confirmed])
    assert found.is_sample
    assert found.tier("95").units == 3512
    with pytest.raises(NoTariff):
        tariff_for(Month(2024, 3), confirmations=[confirmed])


def test_two_tables_are_named():
    twice = Confirmation("R6", Month(2026, 5), None, "重なり")
    with pytest.raises(TwoTariffs, match="2026年5月"):
        tariff_for(Month(2026, 5), confirmations=[twice])


def test_every_notified_item_stands_in_the_fee_table():
    assert [item for item in NotifiedItem.values if item not in R6.items] == []
