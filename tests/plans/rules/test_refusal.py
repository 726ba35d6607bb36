"""辞退: when a refusal is the person's last word of the month."""

from dataclasses import dataclass
from datetime import date as d

import pytest

from plans.rules.refusal import refusal_in, standing_refusal
from teikyaku.periods import Month

NOV = Month(2026, 11)


@dataclass(frozen=True)
class Contact:
    held_on: d
    outcome: str


def on(day, outcome, month=11):
    return Contact(d(2026, month, day), outcome)


@pytest.mark.parametrize(
    ("contacts", "last_met_on", "expected"),
    [
        pytest.param([], None, None, id="nothing"),
        pytest.param([on(27, "refused")], None, 27, id="today"),
        pytest.param([on(1, "refused")], d(2026, 10, 31), 1, id="first of the month"),
        pytest.param([on(31, "refused", 10)], None, None, id="last of the month before"),
        pytest.param([on(28, "refused")], None, None, id="tomorrow"),
        pytest.param([on(5, "refused"), on(9, "refused")], None, 9, id="the last one"),
        pytest.param([on(5, "refused"), on(9, "attempt")], None, 5, id="an attempt is no word"),
        pytest.param([on(5, "refused"), on(9, "others")], None, 5, id="nor are others"),
        pytest.param([on(5, "refused"), on(9, "met")], None, None, id="spoken with since"),
        pytest.param([on(5, "refused"), on(28, "met")], None, 5, id="spoken with tomorrow"),
        pytest.param([on(5, "met"), on(9, "refused")], None, 9, id="a call before it"),
        pytest.param([on(9, "refused")], d(2026, 11, 1), None, id="met in the month"),
        pytest.param([on(9, "refused")], d(2026, 11, 28), 9, id="met tomorrow"),
    ],
)
def test_the_last_word(contacts, last_met_on, expected):
    found = standing_refusal(contacts, d(2026, 11, 27), last_met_on)
    assert (found.held_on.day if found else None) == expected


def test_of_a_month_that_is_over_the_last_one_is_named():
    contacts = [on(31, "refused", 10), on(3, "refused"), on(9, "refused"), on(1, "refused", 12)]
    assert refusal_in(contacts, NOV).held_on == d(2026, 11, 9)
    assert refusal_in([on(9, "attempt")], NOV) is None
