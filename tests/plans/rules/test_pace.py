"""The pace, by hand: docs/rules.md §6."""

from datetime import date as d
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.rules.kinds import Rating
from plans.rules.pace import (
    History,
    PaceContact,
    PaceDecision,
    PaceEvent,
    PaceEventKind,
    PaceSettings,
    next_due,
)
from teikyaku.periods import Month

SETTINGS = PaceSettings()
START = d(2025, 4, 1)
# First monthly span: 2025-04-01 to 09-30; last: 2027-10-01 to 2028-03-31.
LAST = d(2028, 3, 31)


def met(on, **facts):
    return PaceContact(on, **{"work": Rating.SETTLED, "life": Rating.SETTLED, **facts})


def history(*contacts, **facts):
    base = {"use_starts_on": START, "last_usable_on": LAST, "contacts": contacts}
    return History(**{**base, **facts})


def monthly(first, count, day=10):
    return [met((Month.of(first) + n).first_day.replace(day=day)) for n in range(count)]


def due(*contacts, **facts):
    return next_due(history(*contacts, **facts), SETTINGS)


def test_before_use_nothing_is_due():
    assert next_due(History(), SETTINGS).due_on is None


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        pytest.param(d(2025, 4, 1), d(2025, 4, 30), id="first of the month"),
        pytest.param(d(2025, 4, 30), d(2025, 4, 30), id="last of the month"),
        pytest.param(d(2024, 2, 15), d(2024, 2, 29), id="leap year"),
    ],
)
def test_the_first_is_due_in_the_month_of_use(starts, expected):
    assert next_due(history(use_starts_on=starts), SETTINGS).due_on == expected


@pytest.mark.parametrize(
    ("met_on", "pace", "expected", "suggested"),
    [
        pytest.param(d(2025, 11, 2), 1, d(2025, 12, 31), d(2025, 12, 2), id="monthly 11/2"),
        pytest.param(d(2025, 11, 30), 1, d(2025, 12, 31), d(2025, 12, 30), id="monthly 11/30"),
        pytest.param(d(2025, 11, 2), 2, d(2026, 1, 31), d(2026, 1, 2), id="every two 11/2"),
        pytest.param(d(2025, 11, 30), 3, d(2026, 2, 28), d(2026, 2, 28), id="every three, short"),
        pytest.param(d(2026, 1, 31), 1, d(2026, 2, 28), d(2026, 2, 28), id="month end"),
        pytest.param(d(2027, 12, 31), 1, d(2028, 1, 31), d(2028, 1, 31), id="over the year"),
        pytest.param(d(2028, 1, 31), 1, d(2028, 2, 29), d(2028, 2, 29), id="leap day"),
    ],
)
def test_due_is_the_last_day_of_the_nth_month(met_on, pace, expected, suggested):
    # Met month after month up to that day, so that nothing was missed; loosened step by step.
    months = Month.of(met_on) - Month.of(START)
    contacts = [*monthly(START, months), met(met_on)]
    earlier = (PaceDecision(contacts[-4].on, 2),) if pace == 3 else ()
    decisions = (*earlier, PaceDecision(met_on, pace)) if pace > 1 else ()
    answer = due(*contacts, decisions=decisions)
    assert (answer.due_on, answer.suggested_on, answer.pace_months) == (expected, suggested, pace)


def test_three_settled_meetings_suggest_one_step():
    answer = due(*monthly(START, 8))
    assert answer.suggestion is not None
    assert answer.suggestion.to_months == 2
    assert answer.suggestion.unbillable_months[0] == Month(2025, 12)


def test_in_the_first_six_months_nothing_is_suggested():
    assert due(*monthly(START, 5)).suggestion is None
    # Met in September: October lies after the span, so skipping it is possible.
    assert due(*monthly(START, 6)).suggestion is not None


@pytest.mark.parametrize("worry", ["worries", "wants_more", "employer_concern"])
def test_a_worry_breaks_the_row(worry):
    contacts = [*monthly(START, 7), met(d(2025, 11, 10), **{worry: True})]
    assert due(*contacts).suggestion is None


def test_two_settled_meetings_are_not_enough():
    contacts = [*monthly(START, 5), met(d(2025, 9, 10), work=Rating.WATCH)]
    contacts += [met(d(2025, 10, 10)), met(d(2025, 11, 10))]
    assert due(*contacts).suggestion is None
    assert due(*contacts, met(d(2025, 12, 10))).suggestion is not None


def test_the_longest_pace_suggests_nothing_more():
    contacts = monthly(START, 8)
    settled = [*contacts, met(d(2026, 1, 10)), met(d(2026, 3, 10)), met(d(2026, 5, 10))]
    two = (PaceDecision(d(2025, 11, 20), 2),)
    assert due(*settled, decisions=two).suggestion.to_months == 3
    three = (*two, PaceDecision(d(2026, 5, 20), 3))
    later = [*settled, met(d(2026, 8, 10)), met(d(2026, 11, 10)), met(d(2027, 2, 10))]
    answer = due(*later, decisions=three)
    assert answer.pace_months == 3
    assert answer.suggestion is None


def test_a_declined_suggestion_needs_three_more():
    no = (PaceDecision(d(2025, 11, 20), 2, accepted=False),)
    assert due(*monthly(START, 8), decisions=no).suggestion is None
    assert due(*monthly(START, 10), decisions=no).suggestion is None
    assert due(*monthly(START, 11), decisions=no).suggestion is not None


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("work", {"work": Rating.UNSTABLE}),
        ("life", {"life": Rating.UNSTABLE}),
        ("wants_more", {"wants_more": True}),
        ("employer", {"employer_concern": True}),
    ],
)
def test_the_pace_returns_to_monthly_at_once(code, facts):
    contacts = [*monthly(START, 8), met(d(2026, 1, 10), **facts)]
    answer = due(*contacts, decisions=(PaceDecision(d(2025, 11, 20), 2),))
    assert (answer.pace_months, answer.due_on) == (1, d(2026, 2, 28))
    assert [reason.code for reason in answer.tightened_because] == [code]


@pytest.mark.parametrize("kind", list(PaceEventKind))
def test_a_life_event_tightens(kind):
    answer = due(
        *monthly(START, 8),
        decisions=(PaceDecision(d(2025, 11, 20), 2),),
        events=(PaceEvent(d(2025, 12, 5), kind),),
    )
    assert (answer.pace_months, answer.due_on) == (1, d(2025, 12, 31))


def test_one_attempt_changes_nothing_and_two_tighten():
    decided = (PaceDecision(d(2025, 11, 20), 2),)
    attempt = PaceContact(d(2025, 12, 5), counts=False, is_attempt=True)
    again = PaceContact(d(2025, 12, 9), counts=False, is_attempt=True)
    assert due(*monthly(START, 8), attempt, decisions=decided).pace_months == 2
    assert due(*monthly(START, 8), attempt, again, decisions=decided).pace_months == 1


def test_an_attempt_or_a_call_never_resets_the_clock():
    call = PaceContact(d(2025, 12, 5), counts=False)
    attempt = PaceContact(d(2025, 12, 6), counts=False, is_attempt=True)
    answer = due(*monthly(START, 8), call, attempt)
    assert (answer.last_met_on, answer.due_on) == (d(2025, 11, 10), d(2025, 12, 31))


def test_a_missed_due_date_tightens_on_the_next_meeting():
    contacts = [*monthly(START, 8), met(d(2026, 2, 1))]  # due 2026-01-31 at two months
    answer = due(*contacts, decisions=(PaceDecision(d(2025, 11, 20), 2),))
    assert (answer.pace_months, answer.due_on) == (1, d(2026, 3, 31))
    assert [reason.code for reason in answer.tightened_because] == ["missed"]
    on_time = [*monthly(START, 8), met(d(2026, 1, 31))]
    assert due(*on_time, decisions=(PaceDecision(d(2025, 11, 20), 2),)).pace_months == 2


def test_the_last_six_months_are_monthly():
    contacts = [*monthly(START, 29), met(d(2027, 9, 10))]  # October 2027 opens the last span
    answer = due(*contacts, decisions=(PaceDecision(d(2027, 9, 12), 2),))
    assert (answer.agreed_months, answer.pace_months) == (2, 1)
    assert answer.due_on == d(2027, 10, 31)
    assert "monthly_zone" in [reason.code for reason in answer.reasons]


def test_nothing_is_due_after_the_last_usable_day():
    contacts = [*monthly(START, 35), met(d(2028, 3, 5))]
    assert due(*contacts).due_on is None
    assert due(*monthly(START, 35)).due_on == LAST


def test_nothing_is_due_after_the_end():
    assert due(*monthly(START, 8), ended_on=d(2025, 11, 30)).due_on is None


def test_changes_of_the_pace_are_drawn():
    answer = due(
        *monthly(START, 8),
        decisions=(PaceDecision(d(2025, 11, 20), 2),),
        events=(PaceEvent(d(2025, 12, 5), PaceEventKind.JOB_CHANGE),),
    )
    expected = ((START, 1), (d(2025, 11, 20), 2), (d(2025, 12, 5), 1))
    assert answer.changes_on(d(2025, 12, 5)) == expected


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_due_lies_after_the_last_meeting_and_within_three_months(offsets):
    days = sorted({START.toordinal() + offset for offset in offsets})
    answer = due(*(met(d.fromordinal(day)) for day in days))
    if answer.due_on is None:
        return
    months = Month.of(answer.due_on) - Month.of(answer.last_met_on)
    assert 1 <= months <= 3
    assert answer.last_met_on < answer.due_on


@given(st.lists(st.integers(0, 900), min_size=2, max_size=20))
def test_a_later_meeting_never_brings_an_earlier_due_date(offsets):
    days = sorted({START.toordinal() + offset for offset in offsets})
    answers = [due(*(met(d.fromordinal(day)) for day in days[: n + 1])) for n in range(len(days))]
    found = [answer.due_on or LAST for answer in answers]
    assert all(first <= second for first, second in pairwise(found))


def test_an_end_that_lies_ahead_leaves_what_falls_due_before_it():
    contacts = monthly(START, 3)
    assert due(*contacts, ended_on=d(2025, 9, 30)).due_on == d(2025, 7, 31)
    assert due(*contacts, ended_on=d(2025, 7, 10)).due_on == d(2025, 7, 10)
    assert due(*contacts, ended_on=d(2025, 6, 30)).due_on is None


def test_a_longer_pace_accepted_after_a_missed_date_is_none():
    contacts = monthly(START, 8)  # last met 2025-11-10, due 12-31
    in_time = due(*contacts, decisions=(PaceDecision(d(2025, 12, 31), 2),))
    assert (in_time.pace_months, in_time.due_on) == (2, d(2026, 1, 31))
    late = due(*contacts, decisions=(PaceDecision(d(2026, 1, 1), 2),))
    assert (late.pace_months, late.due_on) == (1, d(2025, 12, 31))
    assert [reason.code for reason in late.tightened_because] == ["missed"]


def test_what_tightens_on_a_day_beats_an_acceptance_of_that_day():
    day = d(2025, 11, 20)
    events = (PaceEvent(day, PaceEventKind.LEAVE_START),)
    answer = due(*monthly(START, 8), events=events, decisions=(PaceDecision(day, 2),))
    assert answer.agreed_months == 1


def test_three_meetings_of_one_day_are_one():
    unsettled = [met(c.on, worries=True) for c in monthly(START, 7)]
    day = d(2025, 11, 10)
    assert due(*unsettled, met(day), met(day), met(day)).suggestion is None
    rest = (met(day), met(d(2025, 12, 10)), met(d(2026, 1, 10)))
    assert due(*unsettled, *rest).suggestion.to_months == 2


@pytest.mark.parametrize(
    ("between", "pace"),
    [
        pytest.param(PaceContact(d(2025, 12, 4), counts=False), 2, id="reached by telephone"),
        pytest.param(
            PaceContact(d(2025, 12, 4), counts=False, is_with_others=True), 1, id="the employer"
        ),
    ],
)
def test_attempts_count_while_nobody_is_reached(between, pace):
    contacts = [*monthly(START, 8), between]
    contacts += [PaceContact(d(2025, 12, n), counts=False, is_attempt=True) for n in (2, 8)]
    decisions = (PaceDecision(d(2025, 11, 20), 2),)
    assert due(*contacts, decisions=decisions).agreed_months == pace


def test_attempts_on_the_day_of_a_meeting_are_none():
    day = monthly(START, 8)[-1].on
    contacts = [*monthly(START, 8)]
    contacts += [PaceContact(day, counts=False, is_attempt=True)] * 2
    decisions = (PaceDecision(d(2025, 11, 20), 2),)
    assert due(*contacts, decisions=decisions).agreed_months == 2
