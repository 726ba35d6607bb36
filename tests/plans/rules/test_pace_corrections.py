"""Records that are put right under a longer pace, computed by hand (docs/rules.md §6)."""

from datetime import date as d

import pytest

from plans.rules.kinds import Rating
from plans.rules.pace import (
    History,
    PaceCorrection,
    PaceDecision,
    PaceEvent,
    PaceEventKind,
    next_due,
)
from tests.plans.rules.test_pace_histories import (
    FACTORY,
    LAST,
    MONTHS,
    START,
    TO_TWO,
    attempt,
    met,
    others,
)

# Of April to November one is no longer settled: two months of 11/20 do not hold.
VOID = tuple(met(row.on, Rating.WATCH) if row.on.month == 10 else row for row in MONTHS)


def corrected(on, *contacts, decisions=(TO_TWO,), events=(), months=VOID):
    """The record of 2025-10-10 was put right on a day (None: nobody knows when)."""
    corrections = () if on is None else (PaceCorrection(of=d(2025, 10, 10), on=on),)
    history = History(START, LAST, (*months, *contacts), events, decisions, corrections)
    return next_due(history, FACTORY)


def codes(answer):
    return tuple(reason.code for reason in answer.tightened_because)


# Each met by the end of the second month: 01-31, 03-31, 05-31; the last one leads to 07-31.
PAIRS = tuple(met(d(2026, month, 10)) for month in (1, 3, 5))


@pytest.mark.parametrize(
    ("on", "contacts", "due_on", "moved_on", "expected"),
    [
        pytest.param(
            d(2026, 6, 1), PAIRS, d(2026, 6, 30), d(2026, 6, 1), (), id="each was met in time",
        ),
        pytest.param(None, PAIRS, d(2026, 6, 30), None, (), id="nobody knows since when"),
        pytest.param(
            d(2025, 11, 20), (met(d(2026, 1, 10)),), d(2026, 2, 28), None, ("missed",),
            id="put right on the day of the decision, nobody went by it",
        ),
        pytest.param(
            d(2026, 6, 1), (*PAIRS, met(d(2026, 6, 30))), d(2026, 7, 31), None, (),
            id="met by the new date",
        ),
        pytest.param(
            d(2026, 6, 1), (*PAIRS, met(d(2026, 7, 1))), d(2026, 8, 31), None, ("missed",),
            id="the new date is missed like any other",
        ),
        pytest.param(
            d(2026, 1, 20), (), d(2025, 12, 31), d(2026, 1, 20), (), id="falls into the past",
        ),
        pytest.param(
            d(2026, 1, 20), (met(d(2026, 1, 22)),), d(2026, 2, 28), None, (),
            id="which nobody has missed",
        ),
        pytest.param(
            d(2026, 6, 1), (met(d(2026, 1, 10)), met(d(2026, 4, 5))), d(2026, 5, 31), None,
            ("missed",), id="03-31 was in force, and was missed",
        ),
        pytest.param(
            d(2026, 2, 10), (met(d(2026, 2, 20)),), d(2026, 3, 31), None, ("missed",),
            id="01-31 was missed before the correction",
        ),
        pytest.param(
            d(2026, 6, 1), (*PAIRS[:1], others(d(2026, 3, 5), employer_concern=True)),
            d(2026, 2, 28), d(2026, 3, 5), ("employer",), id="brought back before the correction",
        ),
        pytest.param(
            d(2026, 6, 1),
            (*PAIRS[:1], others(d(2026, 3, 5), employer_concern=True), met(d(2026, 3, 8))),
            d(2026, 4, 30), None, (), id="by which nobody was late",
        ),
        pytest.param(
            d(2026, 6, 1), (attempt(d(2026, 1, 5)), attempt(d(2026, 1, 6)), met(d(2026, 1, 7))),
            d(2026, 2, 28), None, (), id="brought back by attempts",
        ),
    ],
)  # fmt: skip
def test_dates_that_were_in_force_stay_so_for_their_days(on, contacts, due_on, moved_on, expected):
    answer = corrected(on, *contacts)
    assert (answer.due_on, answer.moved_on, codes(answer)) == (due_on, moved_on, expected)
    assert answer.agreed_months == 1


def test_a_missed_date_is_told_with_the_day_that_was_in_force():
    answer = corrected(d(2026, 6, 1), met(d(2026, 1, 10)), met(d(2026, 4, 5)))
    assert "2026年3月31日" in answer.tightened_because[0].text.replace("（令和8年）", "")


def test_an_event_inside_the_believed_interval_has_its_day():
    # Last met 01-10: in force was 03-31; the job of 03-05 lies before it.
    events = (PaceEvent(d(2026, 3, 5), PaceEventKind.JOB_CHANGE),)
    answer = corrected(d(2026, 6, 1), PAIRS[0], events=events)
    assert (answer.due_on, answer.moved_on) == (d(2026, 2, 28), d(2026, 3, 5))
    assert codes(answer) == ("job_change",)


def test_set_monthly_by_hand_before_the_correction():
    decisions = (TO_TWO, PaceDecision(d(2026, 1, 20), 1))
    answer = corrected(d(2026, 6, 1), PAIRS[0], decisions=decisions)
    assert (answer.due_on, answer.moved_on) == (d(2026, 2, 28), d(2026, 1, 20))


@pytest.mark.parametrize(
    ("contacts", "due_on", "moved_on"),
    [
        # Met 01-10 and thought settled: 03-31 in force until 03-12, by which they met on 03-10.
        pytest.param((met(d(2026, 3, 10)),), d(2026, 4, 30), d(2026, 3, 12), id="met before it"),
        pytest.param((), d(2026, 2, 28), d(2026, 3, 12), id="not met yet"),
        pytest.param((met(d(2026, 3, 14)),), d(2026, 4, 30), None, id="met after it"),
    ],
)
def test_a_meeting_that_is_unstable_only_since_a_later_day(contacts, due_on, moved_on):
    unstable = met(d(2026, 1, 10), Rating.UNSTABLE, known_on=d(2026, 3, 12))
    answer = corrected(None, unstable, *contacts, months=MONTHS)
    assert (answer.due_on, answer.moved_on, codes(answer)) == (due_on, moved_on, ("work",))


def test_a_date_that_falls_back_to_a_longer_pace_is_not_missed_by_that():
    # Two months hold (11/20); three of 5/20 do not: met 5/10, 08-31 in force until 08-10.
    pairs = (*PAIRS[:2], met(d(2026, 5, 10), Rating.WATCH))
    history = History(
        START, LAST, (*MONTHS, *pairs), (), (TO_TWO, PaceDecision(d(2026, 5, 20), 3)),
        (PaceCorrection(of=d(2026, 5, 10), on=d(2026, 8, 10)),),
    )  # fmt: skip
    answer = next_due(history, FACTORY)
    assert (answer.due_on, answer.moved_on) == (d(2026, 7, 31), d(2026, 8, 10))
    assert "missed" not in [reason.code for reason in answer.reasons_on(d(2026, 8, 10))]


# --- The row of settled meetings -----------------------------------------------------------------


def test_an_acceptance_that_does_not_hold_leaves_the_row():
    # 09-10 was put right; accepted 10-12; settled 10-10, 11-10 and 12-10 are three.
    months = tuple(met(row.on, Rating.WATCH) if row.on.month == 9 else row for row in MONTHS)
    accepted = PaceDecision(d(2025, 10, 12), 2)
    answer = corrected(None, met(d(2025, 12, 10)), decisions=(accepted,), months=months)
    assert answer.suggestion.to_months == 2
    assert answer.suggestion.meetings == tuple(d(2025, month, 10) for month in (10, 11, 12))


@pytest.mark.parametrize("is_settled_first", [True, False])
def test_of_a_days_meetings_any_worry_wins(is_settled_first):
    day = [met(d(2025, 11, 10)), met(d(2025, 11, 10), Rating.WATCH)]
    contacts = (*MONTHS[:-1], *(day if is_settled_first else reversed(day)))
    answer = next_due(History(START, LAST, contacts), FACTORY)
    assert answer.suggestion is None
    assert "続けて0回" in "".join(reason.text for reason in answer.reasons)
