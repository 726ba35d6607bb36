"""Life events of the pace that lie ahead, and jobs beside each other, by hand (docs/rules.md §6)."""

from datetime import date as d

import pytest

from clients.rules.facts import EmploymentFact
from plans.queries.pace import events_of
from plans.rules.pace import PaceEvent, PaceEventKind, next_due
from teikyaku.periods import Period
from tests.plans.rules.test_pace_histories import FACTORY, MONTHS, TO_TWO, _history, attempt, met

JOB_CHANGE = PaceEventKind.JOB_CHANGE
END = PaceEventKind.EMPLOYMENT_END
LEAVE = PaceEventKind.LEAVE_START
SEEN_ON = d(2025, 11, 26)


def answer_of(*events, contacts=MONTHS, decisions=()):
    return next_due(_history(contacts, decisions, events), FACTORY)


def words(answer, code, on):
    return [reason.text for reason in answer.reasons_on(on) if reason.code == code]


# --- After the due date ---------------------------------------------------------------------------


def test_an_event_after_the_due_date_takes_nothing_away_before_it():
    # Last met 11-10, monthly: due 12-31. The job of 01-10 lies after that.
    answer = answer_of(PaceEvent(d(2026, 1, 10), JOB_CHANGE))
    assert (answer.due_on, answer.suggestion.to_months) == (d(2025, 12, 31), 2)
    assert not words(answer, "missed", SEEN_ON)
    assert not words(answer, "job_change", d(2026, 1, 9))
    (told,) = words(answer, "job_change", d(2026, 1, 10))
    assert "2026年1月10日に転職しました" in told.replace("（令和8年）", "")


def test_after_a_date_of_a_longer_interval_the_missed_one_goes_before_it():
    answer = answer_of(PaceEvent(d(2026, 2, 10), END), decisions=(TO_TWO,))  # due 2026-01-31
    assert (answer.due_on, answer.agreed_months) == (d(2026, 1, 31), 2)
    codes = [reason.code for reason in answer.reasons_on(d(2026, 2, 10))]
    assert codes == ["pace_1", "missed", "missed_interval", "employment_end"]
    assert codes[:-1] == [reason.code for reason in answer.reasons_on(d(2026, 2, 9))]


def test_met_in_time_it_has_its_say_on_its_own_day():
    # Met 12-10, due 01-31: now the job of 01-10 lies inside.
    contacts = (*MONTHS, met(d(2025, 12, 10)))
    answer = answer_of(PaceEvent(d(2026, 1, 10), JOB_CHANGE), contacts=contacts)
    assert (answer.due_on, answer.suggestion) == (d(2026, 1, 31), None)


# --- Inside the interval --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (JOB_CHANGE, "に転職する予定です", "に転職しました"),
        (LEAVE, "から休職する予定です", "から休職しています"),
        (END, "に離職する予定です", "に離職しました"),
    ],
)
@pytest.mark.parametrize("decisions", [(), (TO_TWO,)], ids=["monthly", "two-months"])
def test_an_event_ahead_is_told_as_planned(kind, before, after, decisions):
    day = d(2025, 12, 5)
    answer = answer_of(PaceEvent(day, kind), decisions=decisions)
    assert (answer.due_on, answer.agreed_months) == (d(2025, 12, 31), 1)
    for on, told, not_told in ((d(2025, 12, 4), before, after), (day, after, before)):
        (text,) = words(answer, kind.value, on)
        assert told in text
        assert not_told not in text
        assert not words(answer, "missed", on)


# --- A job beside a job ---------------------------------------------------------------------------

MAIN = EmploymentFact(d(2024, 4, 1))
ENDED = EmploymentFact(d(2025, 11, 1), d(2025, 11, 25))
AWAY = Period(d(2025, 11, 10), d(2025, 11, 20))
LEFT = PaceEvent(d(2025, 11, 25), END)


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        pytest.param((MAIN, ENDED), (), id="a side job ends"),
        pytest.param((ENDED,), (LEFT,), id="the only job ends"),
        pytest.param(
            (EmploymentFact(d(2024, 4, 1), d(2025, 11, 25)), ENDED), (LEFT, LEFT),
            id="both end on one day",
        ),
        pytest.param(
            (EmploymentFact(d(2024, 4, 1), d(2025, 11, 26)), ENDED),
            (PaceEvent(d(2025, 11, 26), END),), id="the other ends on the day after",
        ),
        pytest.param(
            (ENDED, EmploymentFact(d(2025, 11, 26))), (PaceEvent(d(2025, 11, 26), JOB_CHANGE),),
            id="the next begins on the day after: a change of job",
        ),
        pytest.param(
            (ENDED, EmploymentFact(d(2025, 11, 27))),
            (LEFT, PaceEvent(d(2025, 11, 27), JOB_CHANGE)), id="the next begins a day later",
        ),
        pytest.param(
            (MAIN, EmploymentFact(d(2025, 11, 1), leaves=(AWAY,))), (), id="leave from a side job",
        ),
        pytest.param(
            (EmploymentFact(d(2024, 4, 1), leaves=(AWAY,)),
             EmploymentFact(d(2025, 11, 1), leaves=(AWAY,))),
            (PaceEvent(AWAY.starts_on, LEAVE),) * 2, id="leave from both",
        ),
        pytest.param(
            (EmploymentFact(d(2024, 4, 1), leaves=(Period(d(2025, 11, 10), None),)), ENDED),
            (LEFT,), id="left while on leave from the other",
        ),
    ],
)  # fmt: skip
def test_who_works_on_at_another_job_has_not_left(jobs, expected):
    assert events_of(jobs) == expected


# --- Before the first meeting ----------------------------------------------------------------------


def test_attempts_before_the_first_meeting_name_no_last_one():
    answer = answer_of(contacts=(attempt(d(2025, 4, 5)), attempt(d(2025, 4, 8))))
    (told,) = (reason.text for reason in answer.tightened_because)
    assert "まだ面談がなく、会えないことが続きました" in told
    assert "最後の面談" not in told
