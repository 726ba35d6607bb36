"""What a longer pace costs, told before it is accepted: which months cannot be billed."""

from datetime import date as d

import pytest

from plans.rules.kinds import Rating
from plans.rules.pace import History, PaceContact, PaceDecision, PaceSettings, next_due
from plans.rules.pace_interval import looks_ahead_until, unbillable_months
from teikyaku.periods import Month

START = d(2025, 4, 1)
# First monthly span: 2025-04-01 to 09-30; last: 2027-10-01 to 2028-03-31.
LAST = d(2028, 3, 31)


def months(*texts):
    return tuple(Month(*map(int, text.split("-"))) for text in texts)


def lost(met_on, pace, last=LAST, ended_on=None, **settings):
    history = History(use_starts_on=START, last_usable_on=last, ended_on=ended_on)
    return unbillable_months(met_on, pace, history, PaceSettings(**settings))


def test_monthly_costs_nothing():
    assert lost(d(2025, 11, 2), 1) == ()


@pytest.mark.parametrize(
    ("met_on", "pace", "expected"),
    [
        pytest.param(
            d(2025, 11, 30), 2,
            months("2025-12", "2026-2", "2026-4", "2026-6", "2026-8", "2026-10"), id="every two",
        ),
        pytest.param(
            d(2025, 11, 1), 3,
            months("2025-12", "2026-1", "2026-3", "2026-4", "2026-6", "2026-7", "2026-9", "2026-10"),
            id="every three",
        ),
        # October, in which the last monthly span begins, is never skipped.
        pytest.param(d(2027, 6, 10), 2, months("2027-7", "2027-9"), id="up to the last span"),
        pytest.param(d(2027, 7, 10), 2, months("2027-8"), id="August, then met in September"),
        pytest.param(d(2027, 6, 10), 3, months("2027-7", "2027-8"), id="cut by the last span"),
        pytest.param(d(2027, 8, 10), 2, months("2027-9"), id="the last month before the span"),
        pytest.param(d(2027, 9, 10), 2, (), id="nothing in the span"),
        # The first span ends on September 30: October is the first that may be skipped.
        pytest.param(d(2025, 8, 10), 2, months("2025-10", "2025-12", "2026-2", "2026-4", "2026-6",
                                               "2026-8"), id="September is monthly yet"),
    ],
)  # fmt: skip
def test_the_months_of_a_year(met_on, pace, expected):
    assert lost(met_on, pace) == expected


def test_a_year_is_twelve_months_from_the_last_meeting():
    history = History(use_starts_on=START, last_usable_on=LAST)
    assert looks_ahead_until(d(2025, 11, 2), history) == Month(2026, 11)
    assert lost(d(2025, 11, 2), 2)[-1] == Month(2026, 10)
    # Met in the last month of the year: what comes after is not known.
    assert lost(d(2025, 11, 2), 3)[-1] == Month(2026, 10)


def test_after_the_last_usable_day_there_is_no_month_to_bill():
    free = {"monthly_last_months": 0}
    assert lost(d(2027, 12, 2), 2, **free) == months("2028-1", "2028-3")
    assert lost(d(2027, 12, 2), 2, last=d(2028, 2, 29), **free) == months("2028-1")
    assert lost(d(2027, 12, 2), 3, last=d(2028, 1, 1), **free) == months("2028-1")
    assert lost(d(2027, 12, 2), 2, ended_on=d(2027, 12, 31), **free) == ()


def told(first_month, count, last=LAST, longest=3, decisions=()):
    """The suggestion after so many settled meetings, one a month."""
    contacts = tuple(
        PaceContact(
            (first_month + n).first_day.replace(day=10), work=Rating.SETTLED, life=Rating.SETTLED
        )
        for n in range(count)
    )
    history = History(
        use_starts_on=START, last_usable_on=last, contacts=contacts, decisions=decisions
    )
    return next_due(history, PaceSettings(longest_months=longest)).suggestion


def test_the_words_name_the_first_and_the_rhythm_with_its_number():
    found = told(Month(2025, 4), 8)
    assert found.unbillable_months[:2] == months("2025-12", "2026-2")
    assert found.reason.text.endswith(
        "面談のない2025年12月は請求できません。そのあとも、2か月のうち1か月は、面談がなく請求できない月です"
        "（2026年11月までの1年で、合わせて6か月）。"
    )


def test_where_the_window_ends_before_the_year_it_is_told_until_then():
    found = told(Month(2025, 4), 27)  # up to June 2027
    assert found.unbillable_months == months("2027-7", "2027-9")
    assert "（利用できる期間が終わる2028年3月までで、合わせて2か月）" in found.reason.text


def test_where_nothing_follows_nothing_is_added():
    found = told(Month(2025, 4), 29)  # up to August 2027
    assert found.unbillable_months == months("2027-9")
    assert found.reason.text.endswith("面談のない2027年9月は請求できません。")
    assert "そのあとも" not in found.reason.text


def test_three_months_name_both_of_the_first():
    decided = (PaceDecision(d(2025, 11, 20), 2),)
    contacts = [*(Month(2025, 4) + n for n in range(8)), *months("2026-1", "2026-3", "2026-5")]
    history = History(
        use_starts_on=START, last_usable_on=LAST, decisions=decided,
        contacts=tuple(
            PaceContact(month.first_day.replace(day=10), work=Rating.SETTLED, life=Rating.SETTLED)
            for month in contacts
        ),
    )  # fmt: skip
    found = next_due(history, PaceSettings()).suggestion
    assert found.to_months == 3
    assert "面談のない2026年6月・2026年7月は請求できません。" in found.reason.text
    assert "3か月のうち2か月は" in found.reason.text
    assert "合わせて8か月" in found.reason.text
