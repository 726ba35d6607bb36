"""離職の予定 inside a period: the right ends with it, or nothing is settled yet (§2)."""

from datetime import date

import pytest

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import ServiceKind
from clients.rules.last_usable import leaving_ahead
from teikyaku.periods import Period

SERVICES = (ServiceUse(ServiceKind.TRANSITION, date(2023, 1, 1), date(2024, 3, 31)),)
PERIOD = Period(date(2026, 12, 1), date(2027, 11, 30))
ON = date(2026, 11, 26)


def on(text):
    return date.fromisoformat(text)


def job(starts, ends=None, better=None):
    last = on(ends) if ends else None
    return EmploymentFact(on(starts), last, changed_to_improve_conditions=better)


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [
        pytest.param([job("2024-04-01")], None, id="lasts"),
        pytest.param([job("2024-04-01", "2027-11-30", False)], None, id="on the last day of it"),
        pytest.param([job("2024-04-01", "2027-12-01", False)], None, id="after it"),
        pytest.param([job("2024-04-01", "2027-02-28", False)], ("2027-02-28", True), id="not to improve"),
        pytest.param([job("2024-04-01", "2027-02-28")], ("2027-02-28", False), id="a next job may follow"),
        pytest.param(
            [job("2024-04-01", "2027-02-28", True), job("2027-04-01")], ("2027-02-28", True),
            id="the next job is a day too late",
        ),
        pytest.param(
            [job("2024-04-01", "2027-02-28", True), job("2027-03-31")], None, id="in time",
        ),
        pytest.param(
            [job("2024-04-01", "2027-02-28"), job("2027-03-31")], None, id="in time, why is not known",
        ),
        pytest.param(
            [job("2024-04-01", "2025-06-30", True), job("2025-07-01", "2027-01-31", True),
             job("2027-02-01")],
            ("2027-01-31", True), id="the second change",
        ),
    ],
)  # fmt: skip
def test_what_a_leaving_does(jobs, expected):
    found = leaving_ahead(jobs, SERVICES, PERIOD, ON)
    assert (found and (found.left_on.isoformat(), found.is_settled)) == expected


def test_once_the_month_is_over_without_a_job_it_is_settled():
    jobs = [job("2024-04-01", "2026-12-10")]
    assert leaving_ahead(jobs, SERVICES, PERIOD, on("2027-01-10")).is_settled is False
    assert leaving_ahead(jobs, SERVICES, PERIOD, on("2027-01-11")).is_settled is True
