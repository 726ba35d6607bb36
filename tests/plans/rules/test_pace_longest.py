"""A step past the longest interval of the office is not offered (docs/rules.md §6)."""

from datetime import date as d

import pytest

from plans.rules.pace import PaceDecision, next_due
from tests.plans.rules.test_pace_histories import MONTHS, _codes, _history, met, since


@pytest.mark.parametrize(
    ("first", "suggested", "codes"),
    [
        pytest.param(d(2026, 1, 31), None, ("pace_2", "accepted"), id="on the due date"),
        pytest.param(d(2026, 2, 1), 3, ("pace_2", "accepted", "waiting"), id="after it"),
        pytest.param(d(2025, 11, 26), None, ("pace_2", "accepted"), id="from today"),
    ],
)
def test_no_step_past_the_longest_is_offered(first, suggested, codes):
    # Two months accepted on 09-12; met 09-20, 10-20 and 11-20: due 2026-01-31, three would be next.
    contacts = (*MONTHS[:6], *(met(d(2025, month, 20)) for month in (9, 10, 11)))
    decisions = (PaceDecision(d(2025, 9, 12), 2),)
    answer = next_due(_history(contacts, decisions), since(first, longest_months=2))
    assert answer.due_on == d(2026, 1, 31)
    assert (answer.suggestion.to_months if answer.suggestion else None) == suggested
    assert _codes(answer.reasons) == codes
