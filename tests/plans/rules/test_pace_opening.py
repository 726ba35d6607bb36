"""移行時の事実: the pace goes on from what the office knew before it wrote here."""

from datetime import date as d

import pytest

from plans.rules.kinds import Rating
from plans.rules.pace import History, PaceContact, PaceDecision, PaceOpening, PaceSettings, next_due

SETTINGS = PaceSettings()
FIRST = d(2026, 4, 1)


def answer(*contacts, use=d(2025, 1, 10), decisions=(), **opening):
    return next_due(
        History(
            use_starts_on=use, last_usable_on=d(2028, 1, 9), contacts=contacts, decisions=decisions,
            opening=PaceOpening(**{"first_day": FIRST, **opening}),
        ),
        SETTINGS,
    )  # fmt: skip


def met(on):
    return PaceContact(on, work=Rating.SETTLED, life=Rating.SETTLED)


def test_without_a_meeting_on_file_nothing_is_due_before_the_first_month_here():
    found = answer()
    assert found.due_on == d(2026, 4, 30)
    assert "最初の月" in found.steps[0].expression


@pytest.mark.parametrize(
    ("met_on", "pace", "due_on"),
    [
        pytest.param(d(2026, 3, 12), 1, d(2026, 4, 30), id="monthly, met the month before"),
        pytest.param(d(2025, 12, 3), 1, d(2026, 4, 30), id="overdue there: the end of the first month"),
        pytest.param(d(2026, 3, 12), 2, d(2026, 5, 31), id="every two months"),
        pytest.param(d(2026, 3, 12), 3, d(2026, 6, 30), id="every three months"),
        pytest.param(d(2026, 4, 2), 1, d(2026, 5, 31), id="met here already, told by the sheet"),
    ],
)  # fmt: skip
def test_the_date_is_counted_from_the_last_meeting_there(met_on, pace, due_on):
    found = answer(last_met_on=met_on, pace_months=pace)
    assert found.due_on == due_on
    assert found.last_met_on == met_on
    assert found.agreed_months == pace
    assert found.reasons[1].code == "moved_in"


def test_settled_meetings_of_before_count_for_the_next_step():
    assert answer(last_met_on=d(2026, 3, 12), settled_meetings=2).suggestion is None
    assert answer(last_met_on=d(2026, 3, 12), settled_meetings=3).suggestion.to_months == 2
    after = answer(met(d(2026, 4, 9)), last_met_on=d(2026, 3, 12), settled_meetings=2)
    assert after.suggestion.to_months == 2
    assert after.due_on == d(2026, 5, 31)
    assert "moved_in" not in {reason.code for reason in after.reasons}


def test_an_acceptance_rests_on_the_meetings_of_before():
    accepted = PaceDecision(d(2026, 4, 1), 2)
    told = {"last_met_on": d(2026, 3, 12), "settled_meetings": 3}
    assert answer(decisions=(accepted,), **told).agreed_months == 2


def test_contacts_of_before_are_told_by_the_opening():
    found = answer(met(d(2026, 2, 1)), last_met_on=d(2026, 3, 12), pace_months=2)
    assert (found.last_met_on, found.agreed_months) == (d(2026, 3, 12), 2)


def test_a_meeting_of_before_the_use_is_none():
    assert answer(use=d(2026, 3, 20), last_met_on=d(2026, 3, 12)).last_met_on is None


def test_who_begins_here_is_asked_as_ever():
    assert answer(use=d(2026, 5, 7)).due_on == d(2026, 5, 31)
