"""一生の利用可能期間: every window, until when the right stood in it, and why it ended."""

from datetime import date

import pytest

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import EmploymentKind, ServiceKind, StandingState
from clients.rules.what_if import jobs_if_changed, jobs_if_on_leave
from clients.rules.windows_of_life import windows_of_life
from teikyaku.periods import Period

TODAY = date(2026, 5, 16)


def job(starts, ends=None, better=None):
    return EmploymentFact(
        date.fromisoformat(starts),
        date.fromisoformat(ends) if ends else None,
        changed_to_improve_conditions=better,
    )


def use(starts, ends=None, during=False):
    return ServiceUse(
        ServiceKind.TRANSITION,
        date.fromisoformat(starts),
        date.fromisoformat(ends) if ends else None,
        during,
    )


def brief(found):
    return [
        (each.right_ends_on.isoformat(), each.state, each.is_current, each.is_ahead)
        for each in found
    ]


BEFORE = use("2015-04-01", "2018-03-31")
S = StandingState


@pytest.mark.parametrize(
    ("jobs", "services", "expected"),
    [
        pytest.param([job("2024-04-01")], [BEFORE],
                     [("2027-09-30", S.OPEN, True, False)], id="one-that-lasts"),
        pytest.param([job("2018-04-01"), job("2024-04-01")], [BEFORE, use("2023-01-01", "2024-03-31")],
                     [("2021-09-30", S.EXPIRED, True, False)], id="a-second-job-beside-joins"),
        pytest.param([job("2018-04-01", "2020-03-31", False), job("2024-04-01")],
                     [BEFORE, use("2022-01-01", "2024-03-31")],
                     [("2020-03-31", S.ENDED, False, False), ("2027-09-30", S.OPEN, True, False)],
                     id="left-then-a-new-service-and-job"),
        pytest.param([job("2018-04-01", "2022-12-31", False), job("2024-04-01")],
                     [BEFORE, use("2023-01-01", "2024-03-31")],
                     [("2021-09-30", S.EXPIRED, False, False), ("2027-09-30", S.OPEN, True, False)],
                     id="ran-out-then-a-new-one"),
        pytest.param([job("2018-04-01", "2018-06-30", False), job("2024-04-01")],
                     [BEFORE, use("2022-01-01", "2024-03-31")],
                     [("2018-06-30", S.ENDED, False, False), ("2027-09-30", S.OPEN, True, False)],
                     id="left-before-the-first-usable-day"),
        pytest.param([job("2018-04-01")], [BEFORE, use("2025-09-01", "2026-03-31", True)],
                     [("2021-09-30", S.EXPIRED, False, False), ("2029-09-30", S.WAITING, True, False)],
                     id="support-during-the-job-after-it-ran-out"),
        pytest.param([job("2024-04-01", "2026-04-30", True)], [BEFORE],
                     [("2027-09-30", S.PENDING, True, False)], id="pending"),
        pytest.param([job("2024-04-01", "2026-03-31", True)], [BEFORE],
                     [("2026-03-31", S.ENDED, True, False)], id="nothing-followed"),
        pytest.param([job("2018-04-01", "2020-03-31", False), job("2026-06-01")],
                     [BEFORE, use("2022-01-01", "2026-05-31")],
                     [("2020-03-31", S.ENDED, True, False), ("2029-11-30", S.WAITING, False, True)],
                     id="the-next-one-lies-ahead"),
        pytest.param([], [BEFORE], [], id="no-job"),
    ],
)  # fmt: skip
def test_every_window_and_how_it_ended(jobs, services, expected):
    assert brief(windows_of_life(jobs, services, TODAY)) == expected


def test_the_right_of_a_window_left_before_its_first_day_is_none():
    jobs = [job("2018-04-01", "2018-06-30", False)]
    assert windows_of_life(jobs, [BEFORE], TODAY)[0].right is None
    assert windows_of_life([job("2024-04-01")], [BEFORE], TODAY)[0].right == Period(
        date(2024, 10, 1), date(2027, 9, 30)
    )


def test_the_jobs_of_what_if():
    jobs = [job("2024-04-01")]
    changed = jobs_if_changed(jobs, left_on=TODAY, starts_on=date(2026, 6, 1))
    assert [(each.starts_on, each.ends_on) for each in changed] == [
        (date(2024, 4, 1), TODAY),
        (date(2026, 6, 1), None),
    ]
    kind = EmploymentKind.CONTINUED_A
    assert jobs_if_changed(jobs, left_on=TODAY, starts_on=TODAY, new_kind=kind)[-1].kind == kind
    assert len(jobs_if_changed(jobs, left_on=TODAY, starts_on=None)) == 1


def test_a_leave_is_from_the_jobs_held_and_ends_with_them():
    jobs = [job("2024-04-01", "2026-05-31"), job("2020-04-01", "2021-03-31")]
    leave = Period(TODAY)
    assert [each.leaves for each in jobs_if_on_leave(jobs, leave)] == [
        (Period(TODAY, date(2026, 5, 31)),),
        (),
    ]
    with pytest.raises(ValueError, match="no job"):
        jobs_if_on_leave(jobs, Period(date(2026, 6, 1)))
