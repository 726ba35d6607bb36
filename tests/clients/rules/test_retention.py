"""就労定着率: exact count over three fiscal years, with the people behind it (docs/rules.md §7)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.retention import (
    R6_TIERS,
    Counted,
    Reach,
    RetentionFact,
    reaches,
    retention,
    retention_span,
    tier_of,
    years_to_show,
)
from teikyaku.periods import Period

YEAR = 2026  # counted on 2026-03-31, over 2023-04-01 to 2026-03-31


def person(
    person_id="a",
    used=(date(2024, 4, 1), None),
    works=(date(2023, 4, 1), None),
    **more,
):
    employments = () if works is None else (Period(*works),)
    return RetentionFact(person_id, (Period(*used),), employments, **more)


def how(fact):
    return retention([fact], YEAR).people[0].how


def test_span_is_three_fiscal_years_up_to_the_last_march_31():
    assert retention_span(YEAR) == Period(date(2023, 4, 1), date(2026, 3, 31))
    assert retention([], YEAR).counted_on == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("used", "is_counted"),
    [
        pytest.param((date(2020, 4, 1), date(2023, 3, 31)), False, id="ended-the-day-before"),
        pytest.param((date(2020, 4, 1), date(2023, 4, 1)), True, id="ended-on-the-first-day"),
        pytest.param((date(2026, 3, 31), None), True, id="began-on-the-last-day"),
        pytest.param((date(2026, 4, 1), None), False, id="began-the-day-after"),
        pytest.param((date(2020, 4, 1), None), True, id="over-the-whole-span"),
    ],
)
def test_who_used_the_office_in_the_span_counts(used, is_counted):
    assert (how(person(used=used)) is not Counted.LEFT_OUT) is is_counted


@pytest.mark.parametrize(
    ("works", "expected"),
    [
        pytest.param((date(2023, 4, 1), None), Counted.EMPLOYED, id="still"),
        pytest.param(
            (date(2023, 4, 1), date(2026, 3, 30)), Counted.NOT_EMPLOYED, id="left-the-day-before"
        ),
        pytest.param(
            (date(2023, 4, 1), date(2026, 3, 31)), Counted.EMPLOYED, id="last-day-at-work"
        ),
        pytest.param((date(2026, 3, 31), None), Counted.EMPLOYED, id="first-day-at-work"),
        pytest.param((date(2026, 4, 1), None), Counted.NOT_EMPLOYED, id="from-the-day-after"),
        pytest.param(None, Counted.NOT_EMPLOYED, id="nothing-on-record"),
    ],
)
def test_who_works_on_that_day_is_employed(works, expected):
    assert how(person(works=works)) is expected


def test_former_users_count_too():
    former = person(used=(date(2023, 4, 1), date(2023, 6, 30)))

    assert how(former) is Counted.EMPLOYED


def test_who_has_not_been_asked_counts_as_not_employed_until_the_call():
    found = retention([person("a"), person("b", is_answered=False)], YEAR)

    assert found.ids(Counted.UNANSWERED) == ("b",)
    assert (found.rate, found.highest_rate) == (Fraction(1, 2), Fraction(1))


def test_the_dead_are_counted_and_asked_about():
    (died,) = retention([person(died_on=date(2025, 1, 1), works=None)], YEAR).people

    assert died.how is Counted.NOT_EMPLOYED
    assert died.reason.code == "retention.died"


@pytest.mark.parametrize(
    ("died_on", "expected"),
    [
        pytest.param(date(2026, 3, 31), Counted.NOT_EMPLOYED, id="on-the-day"),
        pytest.param(date(2026, 4, 1), Counted.EMPLOYED, id="day-after"),
    ],
)
def test_a_death_counts_up_to_the_day(died_on, expected):
    assert how(person(died_on=died_on)) is expected


def test_one_use_in_the_span_is_enough():
    used = (Period(date(2018, 4, 1), date(2019, 3, 31)), Period(date(2025, 4, 1)))

    assert how(RetentionFact("a", used, (Period(date(2023, 4, 1)),))) is Counted.EMPLOYED


def test_everybody_is_listed_with_the_reason():
    facts = [
        person("works"),
        person("left", works=None),
        person("long-ago", used=(date(2019, 4, 1), date(2020, 3, 31))),
    ]

    found = retention(facts, YEAR)

    assert found.ids(Counted.EMPLOYED) == ("works",)
    assert found.ids(Counted.NOT_EMPLOYED) == ("left",)
    assert found.ids(Counted.LEFT_OUT) == ("long-ago",)
    assert found.total == 2
    assert found.rate == Fraction(1, 2)
    assert all(counted.reason.text for counted in found.people)


def test_a_person_counts_once():
    with pytest.raises(ValueError, match="twice"):
        retention([person("a"), person("a")], YEAR)


def test_a_new_office_has_no_rate():
    assert retention([], YEAR).rate is None
    assert retention([], YEAR).highest_rate is None


@pytest.mark.parametrize(
    ("rate", "number"),
    [
        pytest.param(Fraction(1), 1, id="all"),
        pytest.param(Fraction(95, 100), 1, id="95"),
        pytest.param(Fraction(9499999, 10000000), 2, id="just-below-95"),
        pytest.param(Fraction(90, 100), 2, id="90"),
        pytest.param(Fraction(8999999, 10000000), 3, id="just-below-90"),
        pytest.param(Fraction(80, 100), 3, id="80"),
        pytest.param(Fraction(7999999, 10000000), 4, id="just-below-80"),
        pytest.param(Fraction(70, 100), 4, id="70"),
        pytest.param(Fraction(6999999, 10000000), 5, id="just-below-70"),
        pytest.param(Fraction(50, 100), 5, id="50"),
        pytest.param(Fraction(4999999, 10000000), 6, id="just-below-50"),
        pytest.param(Fraction(30, 100), 6, id="30"),
        pytest.param(Fraction(2999999, 10000000), 7, id="just-below-30"),
        pytest.param(Fraction(0), 7, id="nobody"),
        pytest.param(Fraction(19, 20), 1, id="19-of-20"),
        pytest.param(Fraction(2, 3), 5, id="two-thirds"),
        pytest.param(Fraction(37, 39), 2, id="37-of-39-rounds-to-95-but-is-below"),
    ],
)
def test_tier_by_the_exact_share_with_its_lower_bound(rate, number):
    assert tier_of(rate).number == number


@pytest.mark.parametrize("rate", [Fraction(-1, 100), Fraction(101, 100)])
def test_no_rate_outside_nought_and_one(rate):
    with pytest.raises(ValueError, match="between"):
        tier_of(rate)


def test_a_table_without_a_lowest_band_is_refused_where_it_is_needed():
    with pytest.raises(ValueError, match="no tier"):
        tier_of(Fraction(1, 10), R6_TIERS[:-1])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(True, Counted.EMPLOYED), (False, Counted.NOT_EMPLOYED)],
    ids=["works", "works-not"],
)
def test_what_was_found_out_wins_over_the_file(answer, expected):
    works = None if answer else (date(2023, 4, 1), None)
    assert how(person(works=works, is_answered=False, answer=answer)) is expected


def test_who_died_by_the_day_is_counted_by_that_whatever_was_answered():
    assert how(person(died_on=date(2026, 3, 31), answer=True)) is Counted.NOT_EMPLOYED


def counted(employed, unanswered, left):
    people = [person(f"e{n}") for n in range(employed)]
    people += [person(f"u{n}", is_answered=False) for n in range(unanswered)]
    return retention([*people, *(person(f"l{n}", works=None) for n in range(left))], YEAR)


def test_how_many_answers_change_the_tier():
    # 7 of 10 is 70 %; 8 is 80 %, 9 is 90 %, 10 is 100 %.
    found = reaches(counted(7, 3, 0), lambda rate: tier_of(rate).number)
    assert found == (Reach(0, 4), Reach(1, 3), Reach(2, 2), Reach(3, 1))
    # 1 of 4 to 3 of 4: below 30, 50 %, 75 %.
    found = reaches(counted(1, 2, 1), lambda rate: tier_of(rate).number)
    assert found == (Reach(0, 7), Reach(1, 5), Reach(2, 4))


def test_answers_that_change_nothing_and_nobody_to_count():
    assert reaches(counted(19, 1, 0), lambda rate: tier_of(rate).number) == (Reach(0, 1),)
    assert reaches(retention([], YEAR), lambda rate: tier_of(rate).number) == ()


@pytest.mark.parametrize(
    ("opened_on", "expected"),
    [
        pytest.param(date(2022, 4, 1), (2026, 2025, 2024, 2023), id="since-2022"),
        pytest.param(date(2025, 3, 31), (2026, 2025), id="last-day-of-2024"),
        pytest.param(date(2026, 4, 1), (2026,), id="this-year"),
    ],
)
def test_the_years_that_can_be_shown(opened_on, expected):
    assert years_to_show(opened_on, date(2026, 11, 1)) == expected


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_the_rate_is_the_exact_share_of_those_counted(people):
    day = date(2026, 3, 31)
    facts = [
        person(
            str(number),
            used=(day if is_user else day + timedelta(days=1), None),
            works=(date(2023, 4, 1), None) if is_working else None,
        )
        for number, (is_user, is_working) in enumerate(people)
    ]
    users = [is_working for is_user, is_working in people if is_user]

    expected = Fraction(sum(users), len(users)) if users else None
    assert retention(facts, YEAR).rate == expected
