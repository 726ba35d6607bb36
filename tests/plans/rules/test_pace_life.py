"""Life events of the pace that lie ahead, and jobs beside each other, by hand (docs/rules.md §6)."""

from datetime import date as d

import pytest

from plans.rules.pace import PaceEvent, PaceEventKind, next_due
from tests.plans.rules.test_pace_histories import FACTORY, MONTHS, TO_TWO, _history, met

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
