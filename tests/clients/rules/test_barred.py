"""請求できない月 by other support (M): subsidised months one by one, services for their whole time."""

from datetime import date

import pytest

from clients.rules.barred import BarringSupport, barred, barred_months, months_of_support
from clients.rules.facts import ServiceUse
from clients.rules.kinds import ServiceKind, SupportKind
from teikyaku.periods import Month, Period
from teikyaku.reasons import Certainty

JUNE = Month(2026, 6)
SPAN = Period(date(2026, 5, 31), date(2026, 8, 1))
COACH = BarringSupport(SupportKind.JOB_COACH, SPAN, (JUNE, Month(2026, 8)))
LIVING = BarringSupport(SupportKind.INDEPENDENT_LIVING, SPAN)
TRAINING = ServiceUse(
    ServiceKind.SELF_RELIANCE, date(2026, 6, 30), date(2026, 7, 1), is_during_employment=True
)


def codes(supports, services=()):
    found = [barred(month, supports, services) for month in Month.span(JUNE - 2, JUNE + 3)]
    return [each.code.removeprefix("barred.") if each else None for each in found]


@pytest.mark.parametrize(
    ("supports", "services", "expected"),
    [
        pytest.param([COACH], [], [None, None, "subsidy", None, "subsidy", None], id="subsidy"),
        pytest.param([LIVING], [], [None, *["independent_living"] * 4, None], id="living"),
        pytest.param([], [TRAINING], [None, None, "training", "training", None, None], id="training"),
        pytest.param([BarringSupport(SupportKind.CENTRE, SPAN)], [], [None] * 6, id="centre"),
        pytest.param([BarringSupport(SupportKind.JOB_COACH, SPAN)], [], [None] * 6, id="without subsidy"),
    ],
)  # fmt: skip
def test_which_months(supports, services, expected):
    assert codes(supports, services) == expected


def test_every_reason_says_that_it_is_practice():
    reasons = [reason for _month, reason in barred_months([COACH, LIVING], JUNE - 2, JUNE + 3)]
    assert reasons
    assert {reason.certainty for reason in reasons} == {Certainty.PRACTICE}


def test_months_of_a_support():
    assert months_of_support(SPAN, JUNE) == tuple(Month.span(JUNE - 1, JUNE + 2))
    assert months_of_support(Period(date(2026, 6, 1)), JUNE + 1) == (JUNE, JUNE + 1)
    assert months_of_support(Period(date(2026, 6, 1)), JUNE - 5) == (JUNE,)
