"""つなぎ: from when to when the service can be used after all, as the screening answers."""

from datetime import date, timedelta

import pytest

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ScreeningAnswer, ServiceKind
from clients.rules.referral import eligible_after, waiting_tone
from clients.rules.screening import ScreeningFacts, screen

HIRED = date(2024, 4, 1)
FIRST, LAST = date(2024, 10, 1), date(2027, 9, 30)
SERVICE = ServiceUse(
    ServiceKind.TRANSITION, date(2023, 1, 1), date(2024, 3, 1), is_during_employment=False
)
EARLY = date(2024, 5, 1)


def days(jobs, services=(SERVICE,), referred_on=EARLY, **more):
    found = eligible_after(jobs, services, referred_on, **more)
    return (found.starts_on, found.ends_on) if found else None


JOB = EmploymentFact(HIRED)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"jobs": [JOB]}, (FIRST, LAST), id="six months complete"),
        pytest.param({"jobs": [JOB], "services": ()}, None, id="no service"),
        pytest.param({"jobs": []}, None, id="no job"),
        pytest.param({"jobs": [JOB], "referred_on": date(2025, 2, 3)}, (date(2025, 2, 3), LAST), id="referred inside the window"),
        pytest.param({"jobs": [JOB], "referred_on": LAST}, (LAST, LAST), id="on the last day"),
        pytest.param({"jobs": [JOB], "referred_on": LAST + timedelta(days=1)}, None, id="after it"),
        pytest.param({"jobs": [JOB], "has_difficulties": False}, None, id="no difficulties"),
        pytest.param({"jobs": [JOB], "has_difficulties": True}, (FIRST, LAST), id="difficulties"),
        pytest.param({"jobs": [EmploymentFact(HIRED, date(2024, 9, 30))]}, None, id="left on the day before"),
        pytest.param({"jobs": [EmploymentFact(HIRED, date(2025, 1, 31))]}, (FIRST, date(2025, 1, 31)), id="left later"),
        pytest.param({"jobs": [EmploymentFact(HIRED, kind=EmploymentKind.CONTINUED_A)]}, None, id="A型"),
    ],
)  # fmt: skip
def test_from_when_to_when(facts, expected):
    assert days(**facts) == expected


def test_the_last_window_counts():
    """A later job after another service opens another window: the first is over by then."""
    jobs = [EmploymentFact(HIRED, date(2024, 12, 31)), EmploymentFact(date(2026, 4, 1))]
    again = ServiceUse(
        ServiceKind.CONTINUED_B, date(2025, 2, 1), date(2026, 3, 1), is_during_employment=False
    )
    assert days(jobs, (SERVICE, again)) == (date(2026, 10, 1), date(2029, 9, 30))


@pytest.mark.parametrize("day", [FIRST - timedelta(days=1), FIRST, LAST, LAST + timedelta(days=1)])
def test_it_is_the_answer_of_the_screening(day):
    facts = ScreeningFacts(services_used=(SERVICE,), employments=(JOB,))
    is_yes = screen(facts, day).answer is ScreeningAnswer.ELIGIBLE_NOW
    found = eligible_after([JOB], [SERVICE], EARLY)
    assert found.contains(day) is is_yes


def test_how_long_is_long():
    assert [waiting_tone(n) for n in (0, 13, 14, 29, 30)] == [
        "neutral", "neutral", "warning", "warning", "danger",
    ]  # fmt: skip
