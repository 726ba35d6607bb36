"""A suggestion names the meetings on which it rests."""

from datetime import date

from plans.rules.kinds import Rating
from plans.rules.pace import History, PaceContact, PaceSettings, next_due


def met(on, work=Rating.SETTLED):
    return PaceContact(on=on, counts=True, work=work, life=Rating.SETTLED)


def test_the_settled_meetings_in_a_row_alone():
    days = [date(2026, month, 10) for month in range(4, 11)]
    contacts = tuple(met(day, Rating.WATCH if day.month == 6 else Rating.SETTLED) for day in days)
    history = History(
        use_starts_on=date(2026, 4, 1), last_usable_on=date(2029, 3, 31), contacts=contacts
    )
    suggestion = next_due(history, PaceSettings()).suggestion
    assert suggestion is not None
    assert suggestion.meetings == tuple(day for day in days if day.month > 6)
