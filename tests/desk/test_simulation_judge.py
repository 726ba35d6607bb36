"""The judge of the simulation: its own arithmetic against the tables of the rules, and what is open when."""

from datetime import date as d

import pytest

from teikyaku.desk.simulation.arithmetic import (
    LATE,
    TODAY,
    WEEKS_2,
    end_of,
    last_with_months,
    same_day_later,
    step_of,
    three_years,
)
from teikyaku.desk.simulation.facts import Facts
from teikyaku.desk.simulation.judge import has_declined, last_usable, latest_interview, open_ends

USE = d(2024, 10, 1)
LAST = d(2027, 9, 30)


def job(starts_on, ends_on=None, improves=None):
    return {"starts_on": starts_on, "ends_on": ends_on, "changes_to_improve": improves}


def contact(held_on, outcome="met", way="face"):
    return {"held_on": held_on, "outcome": outcome, "way": way}


def way(**facts):
    none = dict.fromkeys(
        ("not_consented_on", "shared_on", "accepted_on", "first_contact_on", "looked_on")
    )
    return {"is_needed": True, **none, **facts}


def person(**facts):
    return Facts(1, 1, **{"use_starts_on": USE, "jobs": (job(d(2024, 4, 1)),), **facts})


@pytest.mark.parametrize(
    ("employed_on", "last"),
    [
        (d(2024, 4, 1), d(2027, 9, 30)), (d(2023, 8, 31), d(2027, 2, 28)),
        (d(2023, 8, 29), d(2027, 2, 28)), (d(2022, 8, 29), d(2026, 2, 28)),
        (d(2024, 8, 29), d(2028, 2, 29)), (d(2024, 6, 15), d(2027, 12, 14)),
    ],
)  # fmt: skip
def test_three_years_as_the_table_of_the_rules_has_them(employed_on, last):
    assert three_years(employed_on) == last


def test_months_and_the_days_before_an_end():
    assert end_of(d(2025, 1, 31), 1) == d(2025, 2, 28)
    assert last_with_months(d(2027, 2, 28), 3) == d(2026, 11, 30)
    assert last_with_months(d(2027, 5, 30), 3) == d(2027, 2, 27)
    assert same_day_later(d(2026, 8, 31), 6) == d(2027, 2, 28)


@pytest.mark.parametrize(
    ("on", "step"),
    [
        (d(2026, 11, 29), ""), (d(2026, 11, 30), "6か月以内"), (d(2027, 2, 27), "6か月以内"),
        (d(2027, 2, 28), "3か月以内"), (d(2027, 3, 31), "2か月以内"), (d(2027, 4, 30), "1か月以内"),
        (d(2027, 5, 16), "1か月以内"), (d(2027, 5, 17), WEEKS_2), (d(2027, 5, 30), WEEKS_2),
        (d(2027, 5, 31), TODAY), (d(2027, 6, 1), LATE),
    ],
)  # fmt: skip
def test_the_step_of_an_end(on, step):
    assert step_of(d(2027, 5, 31), on) == step


@pytest.mark.parametrize(
    ("jobs", "last"),
    [
        ([job(d(2024, 4, 1))], (LAST, False)),
        # Pending for a month, and over on the day of leaving once it has passed.
        ([job(d(2024, 4, 1), d(2026, 4, 30), True)], (LAST, False)),
        ([job(d(2024, 4, 1), d(2026, 3, 31), True)], (d(2026, 3, 31), True)),
        ([job(d(2024, 4, 1), d(2026, 4, 30), False)], (d(2026, 4, 30), True)),
        ([job(d(2024, 4, 1), d(2026, 1, 31), True), job(d(2026, 2, 28))], (LAST, False)),
        ([job(d(2024, 4, 1), d(2026, 1, 31), True), job(d(2026, 3, 2))], (d(2026, 1, 31), True)),
        (
            [
                job(d(2024, 4, 1), d(2025, 1, 31), True), job(d(2025, 2, 10), d(2026, 1, 31), True),
                job(d(2026, 2, 10)),
            ],
            (d(2026, 1, 31), True),
        ),
    ],
)  # fmt: skip
def test_the_last_usable_day_after_a_change_of_jobs(jobs, last):
    assert last_usable(person(jobs=tuple(jobs)), d(2026, 5, 20)) == last


def test_papers_are_open_until_the_next_one():
    on = d(2026, 1, 1)
    facts = person(
        decisions=((USE, d(2025, 10, 31)), (d(2025, 11, 1), d(2026, 10, 31))),
        caps=((USE, d(2025, 6, 1)), (d(2025, 7, 1), None)), plans=((USE, d(2025, 3, 1)), (d(2025, 8, 31), d(2026, 8, 1))),
    )  # fmt: skip
    found = open_ends(facts, on)
    assert {("decision", d(2026, 10, 31)), ("support_plan", d(2026, 2, 28))} <= found
    assert "cap" not in dict(found)
    assert not open_ends(person(ends_on=d(2025, 12, 31), end_reason="own_wish"), on)
    assert not open_ends(person(died_on=on), on)


def test_a_hand_over_is_open_at_each_of_its_steps():
    on = d(2027, 5, 1)
    assert {"handover_prepare", "handover"} <= dict(open_ends(person(), on)).keys()
    assert ("handover", d(2027, 6, 30)) in open_ends(person(handover=way()), on)
    shared = open_ends(person(handover=way(shared_on=on)), on)
    assert ("handover_open", LAST) in shared
    assert "handover" not in dict(shared)
    met = way(shared_on=on, accepted_on=on, first_contact_on=on)
    assert ("handover_look", d(2027, 11, 1)) in open_ends(person(handover=met), on)
    unwanted = dict(open_ends(person(handover=way(not_consented_on=on)), on))
    assert unwanted.keys() == {"window"}
    over = person(ends_on=LAST, end_reason="expired")
    assert open_ends(over, d(2027, 10, 1)) == {("handover_unjudged", LAST)}
    settled = person(
        ends_on=LAST, end_reason="expired", settled=frozenset({("handover_unjudged", LAST)})
    )
    assert not open_ends(settled, d(2027, 10, 1))


def test_the_latest_day_of_the_next_interview():
    on = d(2025, 12, 10)
    assert latest_interview(person(), on) == d(2024, 10, 31)
    assert latest_interview(person(contacts=(contact(d(2025, 11, 2)),)), on) == d(2025, 12, 31)
    pace = ({"decided_on": d(2025, 11, 3), "to_months": 2, "is_accepted": True},)
    facts = person(
        contacts=(contact(d(2025, 11, 2)), contact(d(2025, 12, 1), way="phone")), paces=pace
    )
    assert latest_interview(facts, on) == d(2026, 1, 31)
    assert has_declined(person(contacts=(contact(d(2025, 12, 1), "refused"),)), on)
    assert not has_declined(person(contacts=(contact(d(2025, 11, 30), "refused"),)), on)
    assert latest_interview(person(ends_on=d(2025, 12, 9), end_reason="moved"), on) is None
