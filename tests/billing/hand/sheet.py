"""月の手計算: what April 2026 comes to for each person, worked out on paper from docs/rules.md §5 and §7.

No number here comes from the product. `lines` are (kind, factors, units) in the order of the rules; the
arithmetic stands beside them. Every yen of the claim files is built from these rows (claims.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Line = tuple[str, tuple[str, ...], int]
SUBSIDISED = "151019"


@dataclass(frozen=True)
class Desk:
    """An office: its number, tier of the fiscal year 2026, area class, unit price and 届出."""

    number: str
    tier: str
    area: str = "23"
    price: str = "10.00"
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hand:
    """One person's April: facts first, then the sums by hand (yen).

    `managed`: managing number, result, after. `others`: (rank, total cost, before, after) of the offices
    that reported to us. `ward`: which of the eight decided. `met`: days of meetings face to face.
    `meeting`: 地域連携会議, day and kind. `subsidy`: kind, amount, yen. `waits_for`: who has not answered.
    `report_on`: the day of the report where it was given after April. `second_contract`: from this day of April on, the first ended the day before.
    """

    desk: str
    lines: tuple[Line, ...]
    total: int
    tenth: int
    decided: int
    benefit: int
    cap: int | None = 9_300
    ward: int = 2
    employed_on: date = date(2025, 4, 1)
    starts_on: date = date(2026, 3, 1)
    has_plan: bool = True
    met: tuple[int, ...] = (10,)
    initial: bool = False
    meeting: tuple[int, str] | None = None
    subsidy: tuple[str, int, int] | None = None
    managed: tuple[str, str, int] | None = None
    others: tuple[tuple[str, int, int, int], ...] = ()
    ended: tuple[int, str] | None = None
    cap_before: int | None = None
    renewed: bool = False
    has_report: bool = True
    report_on: date | None = None
    second_contract: int = 0
    waits_for: str = ""

    @property
    def units(self) -> int:
        """The units of the month."""
        return sum(units for _kind, _factors, units in self.lines)


DESKS = {
    "95": Desk("1511000095", "95"),
    "90": Desk("1511000090", "90", "16", "10.17", ("retention_record", "treatment_1")),
    "80": Desk("1511000080", "80", "11", "11.20",
               ("job_coach_trained", "special_area", "no_handover_system")),
    "70": Desk("1511000070", "70", "14", "10.68", ("no_manager", "no_public_report", "treatment_3")),
    "50": Desk("1511000050", "50", "23", "10.00",
               ("few_workers_long", "no_abuse_prevention", "no_continuity_plan")),
    "30": Desk("1511000030", "30", "17", "10.23", ("no_public_report", "treatment_4")),
    "00": Desk("1511000010", "00", "23", "10.00",
               ("no_manager_long", "no_handover_system", "no_public_report", "no_abuse_prevention",
                "no_continuity_plan", "retention_record", "job_coach_trained", "special_area",
                "treatment_1")),
}  # fmt: skip
BASE = ("base", (), 3_512)
OURS, HOME = DESKS["95"].number, "1510000001"

# 3,512 × 10.00 = 35,120; a tenth 3,512.
PLAIN = ((BASE,), 35_120, 3_512, 3_512, 31_608)
NOTHING = ((BASE,), 35_120, 3_512, 0, 35_120)
# 3,512 + 900 = 4,412; 44,120; 4,412.
FIRST = ((BASE, ("initial", (), 900)), 44_120, 4_412, 4_412, 39_708)
# 3,512 + 150 = 3,662; 36,620; 3,662.
MANAGING = (BASE, ("cap_management", (), 150))

MONTHS = {
    "plain": Hand("95", *PLAIN),
    "two_days": Hand("95", *PLAIN, met=(3, 24)),
    "general_2": Hand("95", *PLAIN, cap=37_200),
    "first_month": Hand("95", *FIRST, cap=37_200, starts_on=date(2026, 4, 15), met=(20,), initial=True),
    "no_yen": Hand("95", *NOTHING, cap=0, ward=0),
    "small_cap": Hand("95", (BASE,), 35_120, 3_512, 1_500, 33_620, cap=1_500),
    "exactly_the_cap": Hand("95", (BASE,), 35_120, 3_512, 3_512, 31_608, cap=3_512),
    "one_yen_less": Hand("95", (BASE,), 35_120, 3_512, 3_511, 31_609, cap=3_511),
    # 3,512 × 0.7 = 2,458.4 → 2,458: the first month without a plan; the second too.
    "no_plan_1": Hand("95", (("base", ("no_support_plan",), 2_458),), 24_580, 2_458, 2_458, 22_122,
                      starts_on=date(2026, 4, 1), has_plan=False),
    "no_plan_2": Hand("95", (("base", ("no_support_plan",), 2_458),), 24_580, 2_458, 2_458, 22_122,
                      starts_on=date(2026, 3, 1), has_plan=False),
    # The third: × 0.5 = 1,756.
    "no_plan_3": Hand("95", (("base", ("no_support_plan_long",), 1_756),), 17_560, 1_756, 1_756, 15_804,
                      starts_on=date(2026, 2, 1), has_plan=False),
    # 3,512 + 579 = 4,091; + 405 = 3,917. The day of (Ⅱ) is no day of support: only the 10th counts.
    "network_1": Hand("95", (BASE, ("network_1", (), 579)), 40_910, 4_091, 4_091, 36_819,
                      meeting=(10, "community_1")),
    "network_2": Hand("95", (BASE, ("network_2", (), 405)), 39_170, 3_917, 3_917, 35_253, ward=0,
                      meeting=(21, "community_2")),
    # 50 % of 3,512 = 1,756 from 北区; what is decided stays.
    "half_subsidised": Hand("95", *PLAIN, ward=0, subsidy=("percent", 50, 1_756)),
    "subsidised_to_1000": Hand("95", *PLAIN, subsidy=("up_to", 1_000, 1_000)),
    # Another office manages: 1 → nothing here, 2 → as before, 3 → what it answered.
    "result_1": Hand("95", *NOTHING, managed=(HOME, "1", 0)),
    "result_2": Hand("95", *PLAIN, managed=(HOME, "2", 3_512)),
    "result_3": Hand("95", (BASE,), 35_120, 3_512, 1_000, 34_120, managed=(HOME, "3", 1_000)),
    # We manage. Cap 3,000 ≤ 3,662: ours fills it, the other collects 0.
    "fills_it": Hand("95", MANAGING, 36_620, 3_662, 3_000, 33_620, cap=3_000,
                     managed=(OURS, "1", 3_000), others=(("1_day", 20_000, 2_000, 0),)),
    # 3,662 + 5,000 = 8,662 ≤ 37,200.
    "within_it": Hand("95", MANAGING, 36_620, 3_662, 3_662, 32_958, cap=37_200,
                      managed=(OURS, "2", 3_662), others=(("1_day", 50_000, 5_000, 5_000),)),
    # Exactly the cap is within it: 3,662 + 5,638 = 9,300.
    "to_the_yen": Hand("95", MANAGING, 36_620, 3_662, 3_662, 32_958,
                       managed=(OURS, "2", 3_662), others=(("2_visit", 56_380, 5_638, 5_638),)),
    # 3,662 + 4,000 + 3,000 = 10,662 > 9,300: ours 3,662, the day service 3,000, 短期入所 the rest 2,638.
    "three_offices": Hand("95", MANAGING, 36_620, 3_662, 3_662, 32_958, managed=(OURS, "3", 3_662),
                          others=(("4_short_stay", 40_000, 4_000, 2_638), ("1_day", 30_000, 3_000, 3_000))),
    # The same rank: the larger total cost first. 9,300 − 3,662 = 5,638: 4,000, then 1,638.
    "same_rank": Hand("95", MANAGING, 36_620, 3_662, 3_662, 32_958, managed=(OURS, "3", 3_662),
                      others=(("1_day", 30_000, 3_000, 1_638), ("1_day", 40_000, 4_000, 4_000))),
    # The first filled the cap with us: nothing is left for the last one.
    "nothing_left": Hand("95", MANAGING, 36_620, 3_662, 3_662, 32_958, managed=(OURS, "3", 3_662),
                         others=(("5_group_home_trial", 90_000, 9_000, 0),
                                 ("1_day", 80_000, 8_000, 5_638))),
    # Nobody else served the person: no 150 units, and nothing to share out.
    "alone": Hand("95", *PLAIN, managed=(OURS, "2", 3_512), others=(("1_day", 0, 0, 0),)),
    "died": Hand("95", *PLAIN, ended=(20, "died")),
    "left_job": Hand("95", *PLAIN, ended=(25, "left_job")),
    "own_wish": Hand("95", *PLAIN, ended=(30, "own_wish")),
    # The last day of three years: employed 2022-10-15, usable 2023-04-15 to 2026-04-14.
    "last_month": Hand("95", *PLAIN, employed_on=date(2022, 10, 15), starts_on=date(2025, 6, 1),
                       ended=(14, "expired"), met=(14,)),
    # The first day: employed 2025-10-15, usable from 2026-04-15; the meeting is on that day.
    "first_of_three": Hand("95", *FIRST, employed_on=date(2025, 10, 15), starts_on=date(2026, 4, 15),
                           met=(15,), initial=True),
    "cap_falls": Hand("95", *NOTHING, cap=0, cap_before=9_300),
    "cap_rises": Hand("95", (BASE,), 35_120, 3_512, 3_512, 31_608, cap=9_300, cap_before=0),
    # A new certificate of the same ward from the 15th on: one statement, its number stays.
    "renewed": Hand("95", *PLAIN, renewed=True),
    # Given in May, before the claim: its day stands in the record.
    "report_in_may": Hand("95", *PLAIN, report_on=date(2026, 5, 1)),
    # Two contracts of the month, both as in the office column; the use itself goes on.
    "second_contract": Hand("95", *PLAIN, second_contract=15),
    # 3,348 + 300 = 3,648; 10.3 % = 375.744 → 376; 4,024 × 10.17 = 40,924.08 → 40,924; 4,092.
    "t90": Hand("90", (("base", (), 3_348), ("retention_record", (), 300), ("treatment_1", (), 376)),
                40_924, 4_092, 4_092, 36_832),
    # 3,348 × 0.7 = 2,343.6 → 2,344; + 300 = 2,644; 272.332 → 272; 2,916 × 10.17 = 29,655.72 → 29,655.
    "t90_no_plan": Hand("90", (("base", ("no_support_plan",), 2_344), ("retention_record", (), 300),
                               ("treatment_1", (), 272)), 29_655, 2_965, 2_965, 26_690,
                        starts_on=date(2026, 4, 1), has_plan=False),
    # 3,348 + 900 + 300 + 579 = 5,127; 528.081 → 528; 5,655 × 10.17 = 57,511.35 → 57,511; 5,751.
    "t90_all": Hand("90", (("base", (), 3_348), ("initial", (), 900), ("retention_record", (), 300),
                           ("network_1", (), 579), ("treatment_1", (), 528)), 57_511, 5_751, 5_751, 51_760,
                    cap=37_200, starts_on=date(2026, 4, 2), initial=True, meeting=(10, "community_1")),
    # 2,768; 10 % = 276.8 → 277; 2,491 + 120 + 240 = 2,851 × 11.20 = 31,931.2 → 31,931; 3,193.
    "t80": Hand("80", (("base", (), 2_768), ("no_handover_system", (), -277),
                       ("job_coach_trained", (), 120), ("special_area", (), 240)),
                31_931, 3_193, 3_193, 28_738),
    # + 405 = 3,256 × 11.20 = 36,467.2 → 36,467; 3,646; cap 2,000.
    "t80_capped": Hand("80", (("base", (), 2_768), ("no_handover_system", (), -277),
                              ("job_coach_trained", (), 120), ("network_2", (), 405),
                              ("special_area", (), 240)),
                       36_467, 3_646, 2_000, 34_467, cap=2_000, meeting=(10, "community_2")),
    # × 0.5 = 1,384; 138.4 → 138; 1,246 + 360 = 1,606 × 11.20 = 17,987.2 → 17,987; 1,798.
    "t80_no_plan": Hand("80", (("base", ("no_support_plan_long",), 1_384), ("no_handover_system", (), -138),
                               ("job_coach_trained", (), 120), ("special_area", (), 240)),
                        17_987, 1_798, 1_798, 16_189, starts_on=date(2026, 2, 1), has_plan=False),
    # 2,234 × 0.7 = 1,563.8 → 1,564; 5 % = 78.2 → 78; 1,486; 8.6 % = 127.796 → 128; 1,614 × 10.68 =
    # 17,237.52 → 17,237; 1,723.
    "t70": Hand("70", (("base", ("no_manager",), 1_564), ("no_public_report", (), -78),
                       ("treatment_3", (), 128)), 17_237, 1_723, 1_723, 15_514),
    # 1,486 + 579 = 2,065; 177.59 → 178; 2,243 × 10.68 = 23,955.24 → 23,955; 2,395.
    "t70_network": Hand("70", (("base", ("no_manager",), 1_564), ("no_public_report", (), -78),
                               ("network_1", (), 579), ("treatment_3", (), 178)),
                        23_955, 2_395, 2_395, 21_560, meeting=(28, "community_1")),
    "t70_no_yen": Hand("70", (("base", ("no_manager",), 1_564), ("no_public_report", (), -78),
                              ("treatment_3", (), 128)), 17_237, 1_723, 0, 17_237, cap=0),
    # × 0.7 again: 1,094.8 → 1,095; 5 % = 54.75 → 55; 1,040; 89.44 → 89; 1,129 × 10.68 = 12,057.72.
    "t70_no_plan": Hand("70", (("base", ("no_support_plan", "no_manager"), 1_095),
                               ("no_public_report", (), -55), ("treatment_3", (), 89)),
                        12_057, 1_205, 1_205, 10_852, starts_on=date(2026, 4, 1), has_plan=False),
    # 1,690 × 0.5 = 845; 1 % = 8.45 → 8, twice; 829.
    "t50": Hand("50", (("base", ("few_workers_long",), 845), ("no_abuse_prevention", (), -8),
                       ("no_continuity_plan", (), -8)), 8_290, 829, 829, 7_461),
    # × 0.5 twice: 845; 422.5 → 423; 1 % = 4.23 → 4, twice; 415.
    "t50_no_plan": Hand("50", (("base", ("no_support_plan_long", "few_workers_long"), 423),
                               ("no_abuse_prevention", (), -4), ("no_continuity_plan", (), -4)),
                        4_150, 415, 415, 3_735, starts_on=date(2026, 2, 1), has_plan=False),
    # + 900 = 1,729.
    "t50_first": Hand("50", (("base", ("few_workers_long",), 845), ("no_abuse_prevention", (), -8),
                             ("no_continuity_plan", (), -8), ("initial", (), 900)),
                      17_290, 1_729, 1_729, 15_561, starts_on=date(2026, 4, 1), initial=True),
    # 1,433; 5 % = 71.65 → 72; 1,361; 6.9 % = 93.909 → 94; 1,455 × 10.23 = 14,884.65 → 14,884; 1,488.
    "t30": Hand("30", (("base", (), 1_433), ("no_public_report", (), -72), ("treatment_4", (), 94)),
                14_884, 1_488, 1_488, 13_396),
    # 1,074 × 0.5 = 537; 53.7 → 54; 26.85 → 27; 5.37 → 5, twice; 446 + 300 + 120 + 240 + 405 = 1,511;
    # 155.633 → 156; 1,667.
    "t00": Hand("00", (("base", ("no_manager_long",), 537), ("no_handover_system", (), -54),
                       ("no_abuse_prevention", (), -5), ("no_continuity_plan", (), -5),
                       ("no_public_report", (), -27), ("retention_record", (), 300),
                       ("job_coach_trained", (), 120), ("network_2", (), 405), ("special_area", (), 240),
                       ("treatment_1", (), 156)), 16_670, 1_667, 1_667, 15_003,
                meeting=(10, "community_2")),
}  # fmt: skip

# Who is not in the files of April, and why.
OUT = {
    "only_by_phone": ("no_meeting", Hand("95", *PLAIN, met=())),
    "day_after_three_years": ("no_meeting", Hand(
        "95", *PLAIN, employed_on=date(2022, 10, 15), starts_on=date(2025, 6, 1), met=(15,))),
    "day_before_the_contract": ("no_meeting", Hand("95", *PLAIN, starts_on=date(2026, 4, 15), met=(14,))),
    "report_not_given": ("report_not_shared", Hand("95", *PLAIN, has_report=False)),
    "cap_not_told": ("no_cap", Hand("95", *PLAIN, cap=None)),
    "waits_for_the_manager": ("cap_management", Hand("95", *PLAIN, waits_for=HOME)),
}  # fmt: skip
