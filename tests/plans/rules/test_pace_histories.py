"""Whole histories of the pace, computed by hand (docs/rules.md §6): one id for each reading."""

from dataclasses import dataclass, replace
from datetime import date as d

import pytest

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

START, LAST = d(2025, 4, 1), d(2028, 3, 31)
FACTORY = PaceSettings()
JOB_CHANGE = PaceEventKind.JOB_CHANGE


def met(on, work=Rating.SETTLED, life=Rating.SETTLED, **facts):
    return PaceContact(on, work=work, life=life, **facts)


def call(on, **facts):
    return PaceContact(on, counts=False, **facts)


def others(on, **facts):
    return call(on, is_with_others=True, **facts)


def attempt(on):
    return call(on, is_attempt=True)


# April to November 2025, settled each month; two months accepted on 11/20: due 2026-01-31.
MONTHS = tuple(met(d(2025, month, 10)) for month in range(4, 12))
TO_TWO = PaceDecision(d(2025, 11, 20), 2)
# Met in January, March and May; three months accepted on 5/20: due 2026-08-31.
PAIRS = (*MONTHS, met(d(2026, 1, 10)), met(d(2026, 3, 10)), met(d(2026, 5, 10)))
TO_THREE = PaceDecision(d(2026, 5, 20), 3)
MONTHLY = ((START, 1),)


@dataclass(frozen=True)
class Case:
    """A history and what comes of it."""

    contacts: tuple = MONTHS
    decisions: tuple = (TO_TWO,)
    events: tuple = ()
    due_on: d | None = None
    pace: int = 2
    codes: tuple = ()
    """Of what brought it back or keeps it monthly."""


CASES = {
    # An attempt in the morning and the meeting in the afternoon.
    "attempt typed before the meeting of its day": Case(
        (*MONTHS, attempt(d(2025, 12, 8)), attempt(d(2026, 1, 10)), met(d(2026, 1, 10))),
        due_on=d(2026, 3, 31),
    ),
    "attempt typed after the meeting of its day": Case(
        (*MONTHS, attempt(d(2025, 12, 8)), met(d(2026, 1, 10)), attempt(d(2026, 1, 10))),
        due_on=d(2026, 3, 31),
    ),
    "attempts of two days before the meeting": Case(
        (*MONTHS, attempt(d(2025, 12, 8)), attempt(d(2026, 1, 9)), met(d(2026, 1, 10))),
        due_on=d(2026, 2, 28), pace=1, codes=("attempts",),
    ),
    # The ground of an acceptance falls away.
    "ground: the last meeting was not settled": Case(
        (*MONTHS[:-1], met(d(2025, 11, 10), Rating.WATCH)), due_on=d(2025, 12, 31), pace=1,
    ),
    "ground: the last meeting was unstable": Case(
        (*MONTHS[:-1], met(d(2025, 11, 10), Rating.UNSTABLE)),
        due_on=d(2025, 12, 31), pace=1, codes=("work",),
    ),
    "ground: an employer's concern typed later": Case(
        (*MONTHS, others(d(2025, 11, 12), employer_concern=True)),
        due_on=d(2025, 12, 31), pace=1, codes=("employer",),
    ),
    "ground: of three meetings one is withdrawn": Case(
        (met(d(2025, 4, 10), Rating.WATCH), met(d(2025, 5, 10)), met(d(2025, 6, 10))),
        decisions=(PaceDecision(d(2025, 6, 12), 2),), due_on=d(2025, 7, 31), pace=1,
    ),
    "ground: only the second step falls": Case(
        (*PAIRS[:-1], met(d(2026, 5, 10), Rating.WATCH)), decisions=(TO_TWO, TO_THREE),
        due_on=d(2026, 7, 31), pace=2,
    ),
    "ground: a step of two months at once is none": Case(
        decisions=(PaceDecision(d(2025, 11, 20), 3),), due_on=d(2025, 12, 31), pace=1,
    ),
    "what happened after the acceptance leaves its ground": Case(
        (*MONTHS, met(d(2026, 1, 10), Rating.WATCH)), due_on=d(2026, 3, 31), pace=2,
    ),
    # A missed date.
    "missed: they meet the day after": Case(
        (*MONTHS, met(d(2026, 2, 1))), due_on=d(2026, 3, 31), pace=1, codes=("missed",),
    ),
    "missed: the date stays until they meet": Case(due_on=d(2026, 1, 31), pace=2),
    "missed: a job change after it leaves the date": Case(
        events=(PaceEvent(d(2026, 2, 15), JOB_CHANGE),), due_on=d(2026, 1, 31), pace=2,
    ),
    # A tightening that moves the date into the past is no missed date.
    "moved into the past, met before the old date": Case(
        (*PAIRS, attempt(d(2026, 7, 10)), attempt(d(2026, 7, 20)), met(d(2026, 7, 25))),
        decisions=(TO_TWO, TO_THREE), due_on=d(2026, 8, 31), pace=1, codes=("attempts",),
    ),
    "moved into the past, not met yet": Case(
        (*PAIRS, attempt(d(2026, 7, 10)), attempt(d(2026, 7, 20))),
        decisions=(TO_TWO, TO_THREE), due_on=d(2026, 6, 30), pace=1, codes=("attempts",),
    ),
    "moved, and then missed": Case(
        (*PAIRS, attempt(d(2026, 6, 2)), attempt(d(2026, 6, 9)), met(d(2026, 7, 5))),
        decisions=(TO_TWO, TO_THREE), due_on=d(2026, 8, 31), pace=1, codes=("attempts", "missed"),
    ),
    # The reason stays until it is loosened again.
    "the reason outlives the next meetings": Case(
        (*MONTHS, others(d(2025, 12, 5), employer_concern=True), met(d(2025, 12, 10)),
         met(d(2026, 1, 10))),
        due_on=d(2026, 2, 28), pace=1, codes=("employer",),
    ),
    "loosened again it is gone": Case(
        (*MONTHS, others(d(2025, 12, 5), employer_concern=True),
         *(met(d(2026, month, 10)) for month in (1, 2, 3)), met(d(2025, 12, 10))),
        decisions=(TO_TWO, PaceDecision(d(2026, 3, 20), 2)), due_on=d(2026, 5, 31), pace=2,
    ),
    "a second meeting of the day keeps the first one's reason": Case(
        (*MONTHS, met(d(2026, 1, 10), Rating.UNSTABLE), met(d(2026, 1, 10))),
        due_on=d(2026, 2, 28), pace=1, codes=("work",),
    ),
    "both reasons of the day on which it came back stay": Case(
        (*MONTHS, others(d(2025, 12, 5), employer_concern=True), met(d(2025, 12, 10))),
        events=(PaceEvent(d(2025, 12, 5), PaceEventKind.LEAVE_START),),
        due_on=d(2026, 1, 31), pace=1, codes=("leave_start", "employer"),
    ),
    # By hand.
    "set monthly by hand": Case(
        decisions=(TO_TWO, PaceDecision(d(2025, 12, 3), 1)),
        due_on=d(2025, 12, 31), pace=1, codes=("by_hand",),
    ),
    "accepted and taken back on one day": Case(
        decisions=(TO_TWO, PaceDecision(d(2025, 11, 20), 1)),
        due_on=d(2025, 12, 31), pace=1, codes=("by_hand",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_history(case):
    answer = next_due(_history(case.contacts, case.decisions, case.events), FACTORY)
    found = (answer.due_on, answer.agreed_months, _codes(answer.tightened_because))
    assert found == (case.due_on, case.pace, case.codes)


def _history(contacts, decisions=(), events=()):
    return History(START, LAST, tuple(contacts), tuple(events), tuple(decisions))


def _codes(reasons):
    return tuple(reason.code for reason in reasons)


# --- what a reason says ------------------------------------------------------------------------


def _reasons(*contacts, decisions=(), on=None):
    answer = next_due(_history(contacts, decisions), FACTORY)
    return _codes(answer.reasons if on is None else answer.reasons_on(on))


@pytest.mark.parametrize(
    ("contacts", "decisions", "expected"),
    [
        pytest.param((), (), ("pace_1", "first_months"), id="before the first meeting"),
        pytest.param(MONTHS[:1], (), ("pace_1", "first_months", "settled_row"), id="first months"),
        pytest.param(MONTHS[:5], (), ("pace_1", "first_months", "settled_row"), id="enough, too early"),
        pytest.param(MONTHS, (), ("pace_1", "waiting"), id="waits for its decision"),
        pytest.param(MONTHS, (TO_TWO,), ("pace_2", "accepted", "settled_row"), id="accepted"),
        pytest.param(
            (*MONTHS[:7], met(d(2025, 11, 10), Rating.WATCH)), (TO_TWO,),
            ("pace_1", "void", "settled_row"), id="the ground has gone",
        ),
        pytest.param(
            (*MONTHS, others(d(2025, 12, 5), employer_concern=True), met(d(2025, 12, 10))), (TO_TWO,),
            ("pace_1", "employer", "settled_row"), id="brought back, and met since",
        ),
    ],
)  # fmt: skip
def test_monthly_is_explained_too(contacts, decisions, expected):
    assert _reasons(*contacts, decisions=decisions) == expected


def test_the_last_months_are_named():
    met_on = [d(2025 + (n + 3) // 12, (n + 3) % 12 + 1, 10) for n in range(30)]
    answer = next_due(_history([met(on) for on in met_on]), FACTORY)  # last met 2027-09-10
    assert "last_months" in _codes(answer.reasons)
    assert "2027" in next(r.text for r in answer.reasons if r.code == "last_months")


def test_the_row_is_counted():
    answer = next_due(
        _history((*MONTHS[:5], met(d(2025, 9, 10), Rating.WATCH), *MONTHS[6:])), FACTORY
    )
    assert "続けて2回です（3回続くと、2か月ごと" in answer.reasons[-1].text


def test_a_monthly_pace_is_not_said_to_have_come_back():
    answer = next_due(_history((*MONTHS[:-1], met(d(2025, 11, 10), Rating.UNSTABLE))), FACTORY)
    assert "毎月のままです" in answer.tightened_because[0].text
    back = next_due(_history((*MONTHS, met(d(2026, 1, 10), Rating.UNSTABLE)), (TO_TWO,)), FACTORY)
    assert "毎月に戻っています" in back.tightened_because[0].text


# --- a missed date, by its days ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "agreed", "changes", "codes"),
    [
        pytest.param(
            d(2026, 1, 31), 2, (*MONTHLY, (d(2025, 11, 20), 2)),
            ("pace_2", "accepted", "settled_row"), id="on the day",
        ),
        pytest.param(
            d(2026, 2, 1), 1, (*MONTHLY, (d(2025, 11, 20), 2), (d(2026, 2, 1), 1)),
            ("pace_1", "missed", "missed_interval"), id="the day after",
        ),
    ],
)  # fmt: skip
def test_a_missed_date_brings_the_pace_back_the_day_after(on, agreed, changes, codes):
    answer = next_due(_history(MONTHS, (TO_TWO,)), FACTORY)
    assert (answer.agreed_on(on), answer.changes_on(on)) == (agreed, changes)
    assert _codes(answer.reasons_on(on)) == codes
    assert answer.due_on == d(2026, 1, 31)


def test_a_missed_date_is_told_once_as_what_brought_it_back():
    concern = others(d(2026, 2, 10), employer_concern=True)
    answer = next_due(_history((*MONTHS, concern, met(d(2026, 2, 20))), (TO_TWO,)), FACTORY)
    (missed,) = answer.tightened_because
    assert (missed.code, "毎月に戻っています" in missed.text) == ("missed", True)


def test_the_change_is_dated_by_the_missed_date_and_not_by_the_late_meeting():
    answer = next_due(_history((*MONTHS, met(d(2026, 2, 20))), (TO_TWO,)), FACTORY)
    assert answer.changes[-1] == (d(2026, 2, 1), 1)


def test_what_happens_after_a_missed_date_is_told_beside_it():
    concern = others(d(2026, 2, 10), employer_concern=True)
    answer = next_due(_history((*MONTHS, concern), (TO_TWO,)), FACTORY)
    assert _codes(answer.reasons_on(d(2026, 2, 10))) == (
        "pace_1", "missed", "missed_interval", "employer",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("second", "moved_on"),
    [
        pytest.param(d(2026, 6, 9), d(2026, 6, 9), id="to a day ahead"),
        pytest.param(d(2026, 7, 20), d(2026, 7, 20), id="into the past"),
    ],
)
def test_a_date_that_a_tightening_moved_knows_its_day(second, moved_on):
    contacts = (*PAIRS, attempt(d(2026, 6, 2)), attempt(second))
    answer = next_due(_history(contacts, (TO_TWO, TO_THREE)), FACTORY)
    assert (answer.due_on, answer.moved_on) == (d(2026, 6, 30), moved_on)


# --- three settled meetings ----------------------------------------------------------------------

QUIET = tuple(met(d(2025, month, 10), Rating.WATCH) for month in range(4, 9))
ROW = (met(d(2025, 9, 10)), met(d(2025, 10, 10)), met(d(2025, 11, 10)))


@pytest.mark.parametrize(
    ("contacts", "suggested"),
    [
        pytest.param(ROW, 2, id="three months"),
        pytest.param((*ROW, call(d(2025, 10, 20))), 2, id="a call between that tells nothing"),
        pytest.param((*ROW, call(d(2025, 10, 20), worries=True)), None, id="a worried call between"),
        pytest.param((*ROW, call(d(2025, 11, 20), work=Rating.WATCH)), None, id="a rated call after"),
        pytest.param((*ROW, others(d(2025, 11, 20), worries=True)), None, id="the family worries"),
        pytest.param((*ROW, call(d(2025, 8, 20), worries=True)), 2, id="a worry before the first"),
        pytest.param(
            (met(d(2025, 11, 5)), met(d(2025, 11, 6)), met(d(2025, 11, 7))), None, id="one month",
        ),
        pytest.param((*ROW[:2], met(d(2025, 10, 20))), None, id="two of one month are one"),
    ],
)  # fmt: skip
def test_nothing_worries_between_or_after(contacts, suggested):
    suggestion = next_due(_history((*QUIET, *contacts)), FACTORY).suggestion
    assert (suggestion.to_months if suggestion else None) == suggested


# --- settings with their date --------------------------------------------------------------------


def since(first, **changed):
    """The settings change on a day."""
    return lambda on: replace(FACTORY, **changed) if on >= first else FACTORY


ATTEMPTS = (attempt(d(2026, 6, 10)), attempt(d(2026, 6, 20)))
AFTER = (*ATTEMPTS, met(d(2026, 6, 25)), met(d(2026, 7, 25)))


@pytest.mark.parametrize(
    ("contacts", "decisions", "settings", "due_on", "pace"),
    [
        pytest.param(
            (*PAIRS, *AFTER), (TO_TWO, TO_THREE), since(d(2026, 7, 1), attempts_to_tighten=3),
            d(2026, 8, 31), 1, id="more attempts from later on: what tightened stays",
        ),
        pytest.param(
            (*PAIRS, *ATTEMPTS), (TO_TWO, TO_THREE), since(d(2026, 6, 15), attempts_to_tighten=3),
            d(2026, 8, 31), 3, id="more attempts from before the second on",
        ),
        pytest.param(
            (*PAIRS, attempt(d(2026, 6, 10))), (TO_TWO, TO_THREE),
            since(d(2026, 6, 11), attempts_to_tighten=1),
            d(2026, 8, 31), 3, id="fewer attempts from later on: what did not tighten stays",
        ),
        pytest.param(
            PAIRS, (TO_TWO, TO_THREE), since(d(2026, 6, 1), longest_months=2),
            d(2026, 8, 31), 3, id="a shorter longest leaves the date that stands",
        ),
        pytest.param(
            (*PAIRS, met(d(2026, 8, 10))), (TO_TWO, TO_THREE), since(d(2026, 6, 1), longest_months=2),
            d(2026, 10, 31), 2, id="and binds from the next meeting on",
        ),
        pytest.param(
            PAIRS, (TO_TWO, TO_THREE), since(d(2026, 5, 20), longest_months=2),
            d(2026, 7, 31), 2, id="an acceptance of that day is bound by it",
        ),
        pytest.param(
            MONTHS, (TO_TWO,), since(d(2025, 11, 15), settled_meetings=9),
            d(2026, 1, 31), 2, id="more settled meetings later: what was accepted stays",
        ),
        pytest.param(
            MONTHS, (TO_TWO,), since(d(2025, 12, 1), monthly_first_months=12),
            d(2026, 1, 31), 2, id="longer first months: the date that stands stays",
        ),
        pytest.param(
            (*MONTHS, met(d(2026, 1, 10))), (TO_TWO,), since(d(2025, 12, 1), monthly_first_months=12),
            d(2026, 2, 28), 2, id="and are heeded from the next meeting on",
        ),
    ],
)  # fmt: skip
def test_each_fact_is_judged_by_the_settings_of_its_day(
    contacts, decisions, settings, due_on, pace
):
    answer = next_due(_history(contacts, decisions), settings)
    assert (answer.due_on, answer.agreed_months) == (due_on, pace)


def test_a_shorter_longest_is_told_and_never_grows_back_by_itself():
    def settings(on):
        return (
            replace(FACTORY, longest_months=2) if d(2026, 6, 1) <= on < d(2026, 9, 1) else FACTORY
        )

    contacts = (*PAIRS, met(d(2026, 8, 10)))
    answer = next_due(_history(contacts, (TO_TWO, TO_THREE)), settings)
    assert "capped" in _codes(answer.reasons)
    later = next_due(_history((*contacts, met(d(2026, 10, 10))), (TO_TWO, TO_THREE)), settings)
    assert (later.agreed_months, later.due_on) == (2, d(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "suggested"),
    [
        pytest.param(d(2025, 11, 10), None, id="by the last meeting's day"),
        pytest.param(d(2025, 11, 11), 2, id="from the day after it on nothing changes"),
    ],
)
def test_a_suggestion_is_judged_by_the_day_of_the_last_meeting(first, suggested):
    answer = next_due(_history(MONTHS), since(first, settled_meetings=9))
    assert (answer.suggestion.to_months if answer.suggestion else None) == suggested
