"""Facts that are told late or put right under a longer pace, by hand (docs/rules.md §6)."""

from dataclasses import replace
from datetime import date as d
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.rules.kinds import Rating
from plans.rules.pace import DueInForce, History, PaceDecision, PaceEvent, PaceEventKind, next_due
from plans.rules.pace_in_force import after_change, late_after, met_by, standing_on
from plans.rules.pace_past import past_dates
from tests.plans.rules.diary import Diary
from tests.plans.rules.test_pace_histories import (
    FACTORY,
    LAST,
    MONTHS,
    START,
    TO_TWO,
    attempt,
    call,
    met,
    others,
)

TENTH = MONTHS[6]
WATCHED = met(TENTH.on, Rating.WATCH)
# Each met by the end of the second month: 01-31, 03-31, 05-31; the last one leads to 07-31.
PAIRS = tuple(met(d(2026, month, 10)) for month in (1, 3, 5))
LEFT = PaceEventKind.EMPLOYMENT_END


def lived(*contacts, accepted=TO_TWO, months=MONTHS):
    """April to November settled, two months from 11-20 on, and what was written after that."""
    return Diary(START, LAST, *months, *(() if accepted is None else (accepted,)), *contacts)


def told(diary):
    """(due date, since when it stood, the day its lateness counts from at the end of 2026, why monthly)."""
    history, answer = diary.read(), diary.answer()
    assert history.in_force[-1].due_on == answer.due_on
    codes = tuple(reason.code for reason in answer.tightened_because)
    return (
        answer.due_on,
        history.in_force[-1].since,
        late_after(history.in_force, d(2026, 12, 31)),
        codes,
    )


# On which day October was put right, what was written beside it, and what comes of it.
@pytest.mark.parametrize(
    ("on", "contacts", "due_on", "late_on", "expected"),
    [
        pytest.param(
            d(2026, 6, 1), PAIRS, d(2026, 6, 30), d(2026, 6, 30), (), id="each was met in time",
        ),
        pytest.param(
            d(2025, 11, 20), (met(d(2026, 1, 10)),), d(2026, 2, 28), d(2026, 2, 28), ("missed",),
            id="put right on the day of the decision, nobody went by it",
        ),
        pytest.param(
            d(2025, 11, 21), (met(d(2026, 1, 10)),), d(2026, 2, 28), d(2026, 2, 28), ("missed",),
            id="on the day after it",
        ),
        pytest.param(
            d(2026, 6, 1), (*PAIRS, met(d(2026, 6, 30))), d(2026, 7, 31), d(2026, 7, 31), (),
            id="met by the new date",
        ),
        pytest.param(
            d(2026, 6, 1), (*PAIRS, met(d(2026, 7, 1))), d(2026, 8, 31), d(2026, 8, 31), ("missed",),
            id="the new date is missed like any other",
        ),
        pytest.param(
            d(2026, 1, 20), (), d(2025, 12, 31), d(2026, 1, 20), (), id="falls into the past",
        ),
        pytest.param(
            d(2026, 1, 20), (met(d(2026, 1, 22)),), d(2026, 2, 28), d(2026, 2, 28), (),
            id="which nobody has missed",
        ),
        pytest.param(
            d(2026, 6, 1), (met(d(2026, 1, 10)), met(d(2026, 4, 5))), d(2026, 5, 31), d(2026, 5, 31),
            ("missed",), id="03-31 was in force, and was missed",
        ),
        pytest.param(
            d(2026, 2, 10), (met(d(2026, 2, 20)),), d(2026, 3, 31), d(2026, 3, 31), ("missed",),
            id="01-31 was missed before the correction",
        ),
        pytest.param(
            d(2026, 2, 10), (), d(2025, 12, 31), d(2026, 1, 31), ("missed",),
            id="and is told without anything else; late since then",
        ),
        pytest.param(
            d(2026, 6, 1), (PAIRS[0], others(d(2026, 3, 5), employer_concern=True)),
            d(2026, 2, 28), d(2026, 3, 5), ("employer",), id="brought back before the correction",
        ),
        pytest.param(
            d(2026, 6, 1),
            (PAIRS[0], others(d(2026, 3, 5), employer_concern=True), met(d(2026, 3, 8))),
            d(2026, 4, 30), d(2026, 4, 30), (), id="by which nobody was late",
        ),
        pytest.param(
            d(2026, 6, 1), (attempt(d(2026, 1, 5)), attempt(d(2026, 1, 6)), met(d(2026, 1, 7))),
            d(2026, 2, 28), d(2026, 2, 28), (), id="brought back by attempts",
        ),
    ],
)  # fmt: skip
def test_dates_stood_on_their_days(on, contacts, due_on, late_on, expected):
    diary = lived(*contacts).fix(on, TENTH, WATCHED)
    assert told(diary)[0] == due_on
    assert told(diary)[2:] == (late_on, expected)
    assert diary.answer().agreed_months == 1


def test_a_missed_date_is_told_with_the_day_that_was_in_force():
    diary = lived(met(d(2026, 1, 10)), met(d(2026, 4, 5))).fix(d(2026, 6, 1), TENTH, WATCHED)
    assert "2026年3月31日" in diary.answer().tightened_because[0].text.replace("（令和8年）", "")


def test_an_event_inside_the_interval_that_stood_has_its_day():
    # Last met 01-10: in force was 03-31; the job of 03-05 lies before it.
    changed = PaceEvent(d(2026, 3, 5), PaceEventKind.JOB_CHANGE)
    diary = lived(PAIRS[0], changed).fix(d(2026, 6, 1), TENTH, WATCHED)
    assert told(diary) == (d(2026, 2, 28), d(2026, 3, 5), d(2026, 3, 5), ("job_change",))


def test_set_monthly_by_hand_before_the_correction():
    by_hand = PaceDecision(d(2026, 1, 20), 1)
    diary = lived(PAIRS[0], by_hand).fix(d(2026, 6, 1), TENTH, WATCHED)
    assert told(diary) == (d(2026, 2, 28), d(2026, 1, 20), d(2026, 2, 28), ("by_hand",))


@pytest.mark.parametrize(
    ("contacts", "due_on", "since"),
    [
        # Met 01-10 and thought settled: 03-31 in force until 03-12, by which they met on 03-10.
        pytest.param((met(d(2026, 3, 10)),), d(2026, 4, 30), d(2026, 3, 12), id="met before it"),
        pytest.param((), d(2026, 2, 28), d(2026, 3, 12), id="not met yet"),
        pytest.param((met(d(2026, 3, 14)),), d(2026, 4, 30), d(2026, 3, 14), id="met after it"),
    ],
)
def test_a_meeting_that_is_unstable_only_since_a_later_day(contacts, due_on, since):
    calm = met(d(2026, 1, 10))
    diary = lived(calm, *contacts).fix(d(2026, 3, 12), calm, met(calm.on, Rating.UNSTABLE))
    assert told(diary)[:2] == (due_on, since)
    assert told(diary)[3] == ("work",)


def test_a_date_that_falls_back_to_a_longer_pace_is_not_missed_by_that():
    # Two months hold (11/20); three of 5/20 do not: met 5/10, 08-31 in force until 08-10.
    diary = lived(*PAIRS, PaceDecision(d(2026, 5, 20), 3))
    diary.fix(d(2026, 8, 10), PAIRS[2], met(d(2026, 5, 10), Rating.WATCH))
    answer = diary.answer()
    assert told(diary)[:3] == (d(2026, 7, 31), d(2026, 8, 10), d(2026, 8, 10))
    assert "missed" not in [reason.code for reason in answer.reasons_on(d(2026, 8, 10))]
    assert answer.lapses_on == d(2026, 9, 1)  # met by the end of the month in which it was set


# --- Told late, put right again, taken back --------------------------------------------------------

LEFT_EARLY = PaceEvent(d(2025, 12, 5), LEFT)


def test_a_leaving_heard_of_weeks_later_makes_nobody_late_before_that_day():
    # 01-31 stood; by the leaving 12-31: heard on 01-20, met on 01-22.
    diary = lived().write(LEFT_EARLY, d(2026, 1, 20))
    assert told(diary)[:3] == (d(2025, 12, 31), d(2026, 1, 20), d(2026, 1, 20))
    diary.write(met(d(2026, 1, 22)))
    assert told(diary)[3] == ("employment_end",)


def test_a_date_set_when_it_had_passed_says_since_when_it_stands():
    diary = lived().write(LEFT_EARLY, d(2026, 1, 20))
    reasons = {row.code: row.text for row in diary.answer().reasons_on(d(2026, 1, 20))}
    assert "2026年1月20日" in reasons["set_late"].replace("（令和8年）", "")
    assert "2026年1月31日" in reasons["set_late"].replace("（令和8年）", "")
    in_time = lived().write(LEFT_EARLY, d(2025, 12, 20))
    missed = lived().write(LEFT_EARLY, d(2026, 2, 2))
    for other in (in_time, missed):
        assert "set_late" not in [row.code for row in other.answer().reasons]


def test_a_job_change_before_the_decision_heard_of_after_it():
    # It takes the row from the decision; the date of the longer pace stood until then.
    changed = PaceEvent(d(2025, 10, 20), PaceEventKind.JOB_CHANGE)
    diary = lived(met(d(2026, 1, 22))).write(changed, d(2026, 1, 20))
    answer = diary.answer()
    assert [reason.code for reason in answer.reasons].count("void") == 1
    assert told(diary) == (d(2026, 2, 28), d(2026, 1, 22), d(2026, 2, 28), ())
    # From then on dates are missed like any other, and no row grows over them.
    diary.write(met(d(2026, 3, 5))).write(met(d(2026, 4, 5)))
    assert diary.answer().suggestion is None


def test_another_correction_later_begins_no_lateness_anew():
    early = attempt(d(2025, 7, 1))
    diary = lived(early).fix(d(2026, 1, 5), TENTH, WATCHED)
    assert told(diary)[:3] == (d(2025, 12, 31), d(2026, 1, 5), d(2026, 1, 5))
    diary.fix(d(2026, 1, 20), early).fix(d(2026, 1, 25), WATCHED, met(TENTH.on, Rating.UNSTABLE))
    assert told(diary)[:3] == (d(2025, 12, 31), d(2026, 1, 5), d(2026, 1, 5))


def test_a_missed_date_is_forgiven_by_no_other_fact_of_the_record():
    unstable = call(d(2025, 11, 25), work=Rating.UNSTABLE)
    diary = lived(unstable, met(d(2026, 1, 5)))
    assert told(diary)[3] == ("work", "missed")
    diary.fix(d(2026, 1, 10), unstable, replace(unstable, life=Rating.WATCH))
    assert told(diary)[3] == ("work", "missed")


def test_a_missed_date_is_none_where_the_record_behind_it_was_wrong():
    # 12-31 stood by a slip of the pen; nobody has missed it: 01-31 was right.
    slip = call(d(2025, 11, 25), work=Rating.UNSTABLE)
    diary = lived(slip, met(d(2026, 1, 5))).fix(d(2026, 1, 10), slip, call(slip.on))
    assert told(diary)[3] == ()
    assert diary.answer().agreed_months == 2


def test_a_last_meeting_taken_back_leaves_its_date_for_its_days():
    # 03-31 stood from 01-10 to 03-05; then it was January's date, long past, that nobody missed.
    diary = lived(PAIRS[0]).fix(d(2026, 3, 5), PAIRS[0]).write(met(d(2026, 3, 8)))
    assert told(diary)[3] == ()
    assert diary.answer().agreed_months == 2


def test_a_first_attempt_written_late():
    first, second = attempt(d(2025, 12, 10)), attempt(d(2025, 12, 20))
    diary = lived(second).write(first, d(2026, 1, 20)).write(met(d(2026, 1, 22)))
    assert "missed" not in told(diary)[3]


def test_a_meeting_in_time_that_was_written_late():
    diary = lived().write(met(d(2026, 1, 30)), d(2026, 2, 3))
    assert told(diary) == (d(2026, 3, 31), d(2026, 2, 3), d(2026, 3, 31), ())
    assert diary.answer().agreed_months == 2


def test_a_meeting_moved_inside_its_month_forgives_nothing():
    moved = met(d(2025, 11, 12))
    diary = lived(met(d(2026, 2, 5))).fix(d(2026, 2, 8), MONTHS[-1], moved)
    assert "missed" in told(diary)[3]


def test_a_leaving_ahead_brings_the_date_forward_at_once():
    # Told on 12-01 that they leave on 01-20: 12-31 stands from then on; missed it is by 01-31.
    diary = lived().write(PaceEvent(d(2026, 1, 20), LEFT), d(2025, 12, 1))
    assert told(diary)[:3] == (d(2025, 12, 31), d(2025, 12, 1), d(2025, 12, 31))
    leaving = PaceEvent(d(2026, 1, 20), LEFT)
    for met_on, codes in (
        (d(2026, 1, 25), ("employment_end",)),
        (d(2026, 2, 2), ("employment_end", "missed")),
    ):
        diary = lived().write(leaving, d(2025, 12, 1)).write(met(met_on))
        assert told(diary)[3] == codes


def test_nobody_has_missed_a_date_before_the_first_one_was_stored():
    history = History(START, LAST, (MONTHS[0], MONTHS[3]))
    first = DueInForce(d(2025, 8, 1), d(2025, 8, 31))
    assert next_due(replace(history, in_force=(first,)), FACTORY).tightened_because == ()


@pytest.mark.parametrize("in_force", [(), (DueInForce(d(2025, 8, 1), d(2025, 8, 31), True),)])
def test_days_of_dates_that_nobody_stored_are_judged_by_the_facts(in_force):
    history = History(START, LAST, (MONTHS[0], MONTHS[3]), in_force=in_force)
    assert next_due(history, FACTORY).tightened_because[0].code == "missed"


def test_who_writes_late_is_forgiven_no_date_that_was_really_missed():
    # 01-31 in the lists, 02-28 by the meeting of 12-10 that was typed in March: both passed.
    diary = lived().write(met(d(2025, 12, 10)), d(2026, 3, 10)).write(met(d(2026, 3, 12)))
    assert told(diary)[0] == d(2026, 4, 30)
    assert told(diary)[3] == ("missed",)
    months = [met(d(2025, month, 10)) for month in (4, 7, 10, 11)]
    typed = Diary(START, LAST)
    for row in months:
        typed.write(row, d(2025, 11, 12))
    assert typed.answer().suggestion is None
    assert "続けて2回" in str(typed.answer().reasons)


def test_a_leaving_after_the_due_date_changes_nothing_before_that_date():
    leaving = PaceEvent(d(2026, 4, 10), LEFT)
    diary = lived(met(d(2026, 1, 15))).write(leaving, d(2025, 12, 1))
    assert told(diary)[0] == d(2026, 3, 31)
    assert diary.answer().agreed_months == 2
    assert told(lived().write(leaving, d(2025, 11, 15)))[0] == d(2026, 1, 31)


def test_a_date_that_had_passed_when_it_was_set_is_missed_by_the_end_of_that_month():
    # 03-31 stood; January's meeting was taken back on 03-05: 01-31 again, to be met in March.
    diary = lived(PAIRS[0]).fix(d(2026, 3, 5), PAIRS[0])
    answer = diary.answer()
    assert (answer.due_on, answer.lapses_on) == (d(2026, 1, 31), d(2026, 4, 1))
    diary.write(met(d(2026, 5, 20)))
    assert told(diary)[0] == d(2026, 6, 30)
    assert "3月31日" in diary.answer().tightened_because[0].text


def test_a_meeting_in_time_written_late_ends_the_lateness_for_who_is_told():
    # Late by 01-31 until the meeting of 01-20 is written on 04-03: then late by 03-31, anew.
    diary = lived()
    assert late_after(diary.read().in_force, d(2026, 4, 2)) == d(2026, 1, 31)
    diary.write(met(d(2026, 1, 20)), d(2026, 4, 3))
    assert late_after(diary.read().in_force, d(2026, 4, 20)) == d(2026, 4, 3)


def test_an_end_of_the_dates_is_kept_but_not_that_there_never_was_one():
    assert after_change((), START, None) == ()
    first = after_change((), START, LAST)
    assert after_change(first, START, None) == (DueInForce(START, None),)


FACTS = st.tuples(
    st.dates(d(2025, 12, 1), d(2026, 6, 30)), st.sampled_from(Rating), st.integers(0, 4)
)


def _fact(on, rating, kind):
    return (met(on, rating), met(on), attempt(on), call(on, work=rating), PaceEvent(on, LEFT))[kind]


@settings(max_examples=60)
@given(st.lists(FACTS, max_size=7))
def test_facts_written_on_their_days_read_the_same_with_and_without_what_stood(drawn):
    diary = lived(*(_fact(*each) for each in drawn))
    history, answer = diary.read(), diary.answer()
    by_facts = next_due(replace(history, in_force=()), FACTORY)
    kept = ("due_on", "agreed_months", "lapses_on", "tightened_because", "suggestion", "changes")
    for name in kept:
        assert getattr(answer, name) == getattr(by_facts, name), name
    older = replace(history, in_force=())
    assert past_dates(older, lambda _on: FACTORY, d(2026, 12, 31)) == history.in_force


@settings(max_examples=60)
@given(st.lists(st.tuples(FACTS, st.sampled_from((0, 0, 3, 40))), max_size=6))
def test_whatever_is_written_when_nobody_misses_a_date_while_a_later_one_stands(drawn):
    diary = lived()
    for each, late in drawn:
        diary.write(_fact(*each), each[0] + timedelta(days=late))
    history, answer = diary.read(), diary.answer()
    assert history.in_force[-1].due_on == answer.due_on
    if answer.lapses_on:
        last = answer.lapses_on - timedelta(days=1)
        standing = standing_on(history.in_force, last)
        assert standing is not None
        assert met_by(standing) <= last


# --- The row of settled meetings -----------------------------------------------------------------


def test_an_acceptance_that_does_not_hold_leaves_the_row():
    # 09-10 was put right; accepted 10-12; settled 10-10, 11-10 and 12-10 are three.
    accepted = PaceDecision(d(2025, 10, 12), 2)
    diary = lived(met(d(2025, 12, 10)), accepted=accepted)
    diary.fix(d(2025, 12, 12), MONTHS[5], met(MONTHS[5].on, Rating.WATCH))
    answer = diary.answer()
    assert answer.suggestion.to_months == 2
    assert answer.suggestion.meetings == tuple(d(2025, month, 10) for month in (10, 11, 12))


@pytest.mark.parametrize("is_settled_first", [True, False])
def test_of_a_days_meetings_any_worry_wins(is_settled_first):
    day = [met(d(2025, 11, 10)), met(d(2025, 11, 10), Rating.WATCH)]
    contacts = (*MONTHS[:-1], *(day if is_settled_first else reversed(day)))
    answer = next_due(History(START, LAST, contacts), FACTORY)
    assert answer.suggestion is None
    assert "続けて0回" in "".join(reason.text for reason in answer.reasons)
