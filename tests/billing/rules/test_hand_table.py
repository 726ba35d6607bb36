"""Months worked out by hand: every tier with every addition and reduction, in the order of docs/rules.md §5.

No expected number comes from the product: each was reckoned on paper from the amounts of §7.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from billing.calculation import copayment, month_lines, total_units
from billing.tariffs import packaged
from teikyaku.money import round_half_up
from teikyaku.periods import Month

R6 = packaged()[0]
MAY = Month(2026, 5)

# Tier → base units, then what the month comes to with one item each. Minus lines by hand: 10 %, 1 %
# and 5 % of the base, each half up; 処遇改善 on the base alone; factors on the base, half up.
TIERS = {
    #      base  ×0.7  ×0.5  −10%  −1%   −5%   Ⅰ10.3 Ⅲ8.6  Ⅳ6.9
    "95": (3512, 2458, 1756, 3161, 3477, 3336, 3874, 3814, 3754),
    "90": (3348, 2344, 1674, 3013, 3315, 3181, 3693, 3636, 3579),
    "80": (2768, 1938, 1384, 2491, 2740, 2630, 3053, 3006, 2959),
    "70": (2234, 1564, 1117, 2011, 2212, 2122, 2464, 2426, 2388),
    "50": (1690, 1183, 845, 1521, 1673, 1605, 1864, 1835, 1807),
    "30": (1433, 1003, 717, 1290, 1419, 1361, 1581, 1556, 1532),
    "00": (1074, 752, 537, 967, 1063, 1020, 1185, 1166, 1148),
}
COLUMNS = (
    (), ("no_support_plan",), ("no_support_plan_long",), ("no_handover_system",),
    ("no_abuse_prevention",), ("no_public_report",), ("treatment_1",), ("treatment_3",),
    ("treatment_4",),
)  # fmt: skip
# The same factors and percentages under their other names.
SAME = {
    "no_support_plan": ("no_manager", "few_workers"),
    "no_support_plan_long": ("no_manager_long", "few_workers_long"),
    "no_abuse_prevention": ("no_continuity_plan",),
}
ADDITIONS = {
    "initial": 900, "retention_record": 300, "job_coach_trained": 120, "network_1": 579,
    "network_2": 405, "special_area": 240, "cap_management": 150,
}  # fmt: skip


def units(tier: str, *items: str) -> int:
    return total_units(month_lines(MAY, R6, tier, items))


@pytest.mark.parametrize("tier", TIERS)
def test_each_tier_with_each_percentage_and_factor(tier):
    for items, expected in zip(COLUMNS, TIERS[tier], strict=True):
        assert units(tier, *items) == expected, (tier, items)
        for other in SAME.get(items[0], ()) if items else ():
            assert units(tier, other) == expected, (tier, other)


@pytest.mark.parametrize("tier", TIERS)
def test_each_tier_with_each_addition(tier):
    base = TIERS[tier][0]
    for item, amount in ADDITIONS.items():
        assert units(tier, item) == base + amount, (tier, item)


@pytest.mark.parametrize(
    ("tier", "items", "expected"),
    [
        # 3,512 + 900 + 300 + 120 + 579 + 240 + 150 = 5,801; 10.3 % = 597.503 → 598.
        ("95", ("initial", "retention_record", "job_coach_trained", "network_1", "special_area",
                "cap_management", "treatment_1"), 6_399),
        # 1,690 × 0.7 = 1,183; 10 % of 1,183 = 118.3 → 118; 1 % = 11.83 → 12; 1,183 − 118 − 12 = 1,053.
        ("50", ("no_support_plan", "no_handover_system", "no_abuse_prevention"), 1_053),
        # 2,768 × 0.7 = 1,937.6 → 1,938; × 0.5 = 969; + 405 = 1,374; 8.6 % = 118.164 → 118.
        ("80", ("no_manager", "few_workers_long", "network_2", "treatment_3"), 1_492),
        # 1,074 × 0.5 = 537; 5 % = 26.85 → 27; 1 % = 5.37 → 5 twice; 537 − 27 − 5 − 5 = 500;
        # + 120 = 620; 6.9 % = 42.78 → 43.
        ("00", ("no_support_plan_long", "no_public_report", "no_abuse_prevention",
                "no_continuity_plan", "job_coach_trained", "treatment_4"), 663),
        # 2,234: 10 % = 223.4 → 223; 5 % = 111.7 → 112; 2,234 − 223 − 112 = 1,899; + 900 = 2,799;
        # 10.3 % = 288.297 → 288.
        ("70", ("no_handover_system", "no_public_report", "initial", "treatment_1"), 3_087),
        # 1,433 × 0.7 = 1,003.1 → 1,003; × 0.7 = 702.1 → 702; + 240 + 300 = 1,242; 8.6 % = 106.812 → 107.
        ("30", ("no_support_plan", "no_manager", "special_area", "retention_record", "treatment_3"),
         1_349),
        # 3,348: 1 % = 33.48 → 33 twice; 5 % = 167.4 → 167; 3,348 − 233 = 3,115; 6.9 % = 214.935 → 215.
        ("90", ("no_abuse_prevention", "no_continuity_plan", "no_public_report", "treatment_4"),
         3_330),
    ],
)  # fmt: skip
def test_whole_months_by_hand(tier, items, expected):
    assert units(tier, *items) == expected
    assert units(tier, *reversed(items)) == expected  # in whatever order they are told


def test_minus_lines_are_no_factors():
    assert units("50", "no_public_report") == 1_605  # 85 off; × 0.95 would be 1,606


def test_factors_one_after_another():
    assert round_half_up(Decimal(587) * Decimal("0.70")) == 411
    assert round_half_up(Decimal(411) * Decimal("1.5")) == 617


@pytest.mark.parametrize(
    ("count", "price", "cap", "expected"),
    [
        # units × price, a tenth, decided, benefit
        (6_399, "10.17", 9_300, (65_077, 6_507, 6_507, 58_570)),
        (1_053, "10.00", 9_300, (10_530, 1_053, 1_053, 9_477)),
        (6_399, "11.20", 0, (71_668, 7_166, 0, 71_668)),
        (6_399, "10.17", 5_000, (65_077, 6_507, 5_000, 60_077)),
    ],
)
def test_and_to_the_yen(count, price, cap, expected):
    found = copayment(count, Decimal(price), cap)
    sums = (found.total_cost_yen, found.one_tenth_yen, found.decided_yen, found.benefit_yen)
    assert sums == expected


# At the borders of the table, by hand: tier → base + 初期加算 900 in May 2024, before 処遇改善 of this table
# begins; the same with Ⅰ (10.3 % of it, half up) in June 2024 and May 2026; then 計画未作成 × 0.7 as the
# base, less 5 % of that base, + 900, and Ⅲ (8.6 %) of the sum. 95: 3,512 × 0.7 = 2,458.4 → 2,458; 5 % =
# 122.9 → 123; 2,458 − 123 + 900 = 3,235; 8.6 % = 278.21 → 278; 3,513.
BORDER = {
    "95": (4_412, 4_866, 3_513),
    "90": (4_248, 4_686, 3_396),
    "80": (3_668, 4_046, 2_977),
    "70": (3_134, 3_457, 2_591),
    "50": (2_590, 2_857, 2_198),
    "30": (2_333, 2_573, 2_012),
    "00": (1_974, 2_177, 1_753),
}
REDUCED = ("no_support_plan", "no_public_report", "initial", "treatment_3")


@pytest.mark.parametrize("tier", BORDER)
def test_each_tier_in_the_first_and_last_months(tier):
    def in_month(month: Month, *items: str) -> int:
        return total_units(month_lines(month, R6, tier, items))

    without, with_it, reduced = BORDER[tier]
    for month in (Month(2024, 4), Month(2024, 5)):
        assert in_month(month, "initial", "treatment_1") == without
    for month in (Month(2024, 6), Month(2026, 5)):
        assert in_month(month, "initial", "treatment_1") == with_it
        assert in_month(month, *REDUCED) == reduced
