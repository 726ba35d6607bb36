"""上限額管理: hand-computed sheets for the three results, the order of collection, what cannot be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.cap_management import (
    CapOutcome,
    Rank,
    Share,
    fault_of_own,
    faults_of_figures,
    faults_of_sheet,
    shared_out,
)

CAP = 9_300


def share(rank, total, before, is_manager=False):
    return Share(Rank(rank), total, before, is_manager=is_manager)


def managed(total, before, rank="3_retention"):
    return share(rank, total, before, is_manager=True)


@pytest.mark.parametrize(
    ("shares", "outcome", "after"),
    [
        pytest.param(
            [managed(120_000, 9_300), share("3_retention", 35_120, 3_512)], "1", [9_300, 0],
            id="the-manager-fills-the-cap",
        ),
        pytest.param(
            [managed(35_120, 3_512), share("1_day", 57_880, 5_788)], "2", [3_512, 5_788],
            id="together-exactly-the-cap",
        ),
        pytest.param(
            [managed(35_120, 3_512), share("1_day", 57_890, 5_789)], "3", [3_512, 5_788],
            id="one-yen-over",
        ),
        pytest.param(
            [managed(93_000, 9_300), share("1_day", 0, 0)], "2", [9_300, 0],
            id="nobody-else-has-anything",
        ),
        pytest.param(
            [managed(20_000, 2_000), share("3_retention", 35_120, 3_512), share("1_day", 60_000, 6_000)],
            "3", [2_000, 1_300, 6_000], id="day-services-before-retention",
        ),
        pytest.param(
            [
                managed(10_000, 1_000, "5_group_home_trial"), share("4_short_stay", 90_000, 9_000),
                share("3_retention", 35_120, 3_512), share("2_visit", 40_000, 4_000),
            ],
            "3", [1_000, 788, 3_512, 4_000], id="the-manager-first-whatever-its-kind",
        ),
        pytest.param(
            [managed(120_000, 9_300), share("1_day", 50_000, 5_000), share("3_retention", 35_120, 3_512)],
            "1", [9_300, 0, 0], id="three-offices-the-manager-fills-it",
        ),
        pytest.param(
            [managed(20_000, 2_000), share("1_day", 30_000, 3_000), share("3_retention", 43_000, 4_300)],
            "2", [2_000, 3_000, 4_300], id="three-offices-exactly-the-cap",
        ),
        pytest.param(
            [managed(20_000, 2_000), share("1_day", 30_000, 3_000), share("3_retention", 43_010, 4_301)],
            "3", [2_000, 3_000, 4_300], id="three-offices-one-yen-over",
        ),
        pytest.param(
            [managed(10_000, 1_000), share("1_day", 50_000, 5_000), share("1_day", 80_000, 8_000)],
            "3", [1_000, 300, 8_000], id="in-one-rank-the-larger-cost-first",
        ),
    ],
)  # fmt: skip
def test_a_sheet_by_hand(shares, outcome, after):
    found, lines = shared_out(CAP, shares)
    assert found == outcome
    assert [line.after_yen for line in lines] == after
    assert faults_of_sheet(found, CAP, lines) == []


@pytest.mark.parametrize("turned", [False, True], ids=["as-numbered", "typed-the-other-way"])
def test_three_offices_and_a_tie_goes_by_their_numbers(turned):
    # 9,300 − 2,000 of the manager = 7,300 for two day services of 60,000 yen each: 6,000, then 1,300.
    first = Share(Rank.DAY, 60_000, 6_000, number="1510000001")
    second = Share(Rank.DAY, 60_000, 6_000, number="1510000002")
    lines = [managed(20_000, 2_000), *((second, first) if turned else (first, second))]
    outcome, found = shared_out(CAP, lines)
    assert outcome == "3"
    assert {each.number: each.after_yen for each in found} == {
        "": 2_000, "1510000001": 6_000, "1510000002": 1_300,
    }  # fmt: skip


def test_a_cap_of_nothing_is_never_managed():
    with pytest.raises(ValueError, match="0円"):
        shared_out(0, [managed(35_120, 0)])


@pytest.mark.parametrize("managers", [0, 2])
def test_one_office_manages(managers):
    shares = [share("1_day", 10_000, 1_000, is_manager=index < managers) for index in range(2)]
    with pytest.raises(ValueError, match="1つだけ"):
        shared_out(CAP, shares)


@pytest.mark.parametrize(
    ("total", "before", "is_fine"),
    [(93_000, 9_300, True), (200_000, 9_301, False), (35_129, 3_512, True), (35_129, 3_513, False)],
)
def test_figures_that_cannot_be(total, before, is_fine):
    faults = faults_of_figures(CAP, [managed(10_000, 1_000), share("1_day", total, before)])
    assert [(fault.line, fault.field) for fault in faults] == (
        [] if is_fine else [(1, "before_yen")]
    )


ONE = (replace(managed(120_000, 9_300), after_yen=9_300), share("3_retention", 35_120, 3_512))
TWO = (
    replace(managed(35_120, 3_512), after_yen=3_512),
    replace(share("1_day", 20_000, 2_000), after_yen=2_000),
)
THREE = (
    replace(managed(35_120, 3_512), after_yen=3_512),
    replace(share("1_day", 60_000, 6_000), after_yen=5_788),
)


@pytest.mark.parametrize(
    ("outcome", "lines", "changed", "field"),
    [
        pytest.param("1", ONE, (0, 9_299), "after_yen", id="1-the-manager-has-less-than-the-cap"),
        pytest.param("1", ONE, (1, 1), "after_yen", id="1-another-has-something"),
        pytest.param("2", TWO, (1, 1_999), "after_yen", id="2-changes-something"),
        pytest.param("2", THREE, None, "outcome", id="2-over-the-cap"),
        pytest.param("3", TWO, None, "outcome", id="3-within-the-cap"),
        pytest.param("3", THREE, (1, 5_787), "outcome", id="3-is-not-the-cap"),
        pytest.param("3", THREE, (1, 6_001), "after_yen", id="more-than-before"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be(outcome, lines, changed, field):
    whole = list(lines)
    if changed:
        whole[changed[0]] = replace(whole[changed[0]], after_yen=changed[1])
    faults = faults_of_sheet(CapOutcome(outcome), CAP, whole)
    assert field in {fault.field for fault in faults}


@pytest.mark.parametrize(
    ("outcome", "after", "is_fine"),
    [("1", 0, True), ("1", 1, False), ("2", 3_512, True), ("2", 3_511, False), ("3", 0, True),
     ("3", 3_512, True), ("3", 3_513, False)],
)  # fmt: skip
def test_the_own_line_of_anothers_sheet(outcome, after, is_fine):
    assert (fault_of_own(CapOutcome(outcome), 3_512, after) == "") is is_fine


@given(
    cap=st.sampled_from([9_300, 37_200]),
    totals=st.lists(st.integers(0, 500_000), min_size=2, max_size=6),
    ranks=st.lists(st.sampled_from(list(Rank)), min_size=6, max_size=6),
)
def test_whatever_is_shared_out_keeps_the_checks(cap, totals, ranks):
    shares = [
        Share(ranks[index], total, min(cap, total // 10), is_manager=index == 0)
        for index, total in enumerate(totals)
    ]
    outcome, lines = shared_out(cap, shares)
    assert faults_of_sheet(outcome, cap, lines) == []
    assert sum(line.after_yen for line in lines) == min(cap, sum(line.before_yen for line in lines))
