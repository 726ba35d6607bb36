"""Which jobs open a window: services before, between and beside them (docs/rules.md §1, §2)."""

from datetime import date

import pytest

from clients.rules.facts import EmploymentFact, ServiceDuringEmployment, ServiceUse
from clients.rules.kinds import ServiceKind, StandingState
from clients.rules.standing import standing
from clients.rules.window import support_window

NONE, WAITING, OPEN, PENDING, ENDED, EXPIRED = StandingState


def on(text):
    return date.fromisoformat(text)


def job(starts, ends=None, better=None, **more):
    return EmploymentFact(
        on(starts), on(ends) if ends else None, changed_to_improve_conditions=better, **more
    )


def service(starts, ends, **more):
    return ServiceUse(
        ServiceKind.TRANSITION, on(starts) if starts else None, on(ends) if ends else None, **more
    )


def codes(found):
    return {reason.code for reason in found.reasons}


class TestServiceBeforeTheJob:
    jobs = (job("2021-04-01", "2022-03-31", better=False), job("2024-04-01"))

    def test_new_service_and_new_job_open_a_new_window(self):
        services = [service("2020-01-01", "2021-03-31"), service("2022-06-01", "2024-03-31")]

        found = standing(self.jobs, on("2024-10-01"), services_before=services)

        assert found.state is OPEN
        assert [window.employed_on for window in found.windows] == [
            on("2021-04-01"),
            on("2024-04-01"),
        ]
        assert "window.needs_new_service" not in codes(found)
        assert standing(self.jobs, on("2024-03-31"), services_before=services).state is ENDED
        assert standing(self.jobs, on("2024-04-01"), services_before=services).state is WAITING

    def test_a_new_job_without_a_new_service_opens_none(self):
        found = standing(
            self.jobs, on("2024-10-01"), services_before=[service("2020-01-01", "2021-03-31")]
        )

        assert found.state is ENDED
        assert "window.needs_new_service" in codes(found)
        assert len(found.windows) == 1

    def test_without_any_service_there_is_no_window(self):
        found = standing(self.jobs, on("2024-10-01"), services_before=[])

        assert found.state is NONE
        assert "window.no_service" in codes(found)

    def test_a_first_job_without_service_does_not_spoil_the_second_with_one(self):
        found = standing(
            self.jobs, on("2024-10-01"), services_before=[service("2022-06-01", "2024-03-31")]
        )

        assert found.state is OPEN
        assert found.window.employed_on == on("2024-04-01")

    @pytest.mark.parametrize(
        ("starts", "ends", "state"),
        [
            pytest.param(None, "2024-03-31", OPEN, id="ended-the-day-before"),
            pytest.param(None, "2024-04-01", NONE, id="ended-on-the-day-start-unknown"),
            pytest.param("2024-03-31", "2024-04-05", OPEN, id="began-the-day-before"),
            pytest.param("2024-04-01", "2024-04-05", NONE, id="began-on-the-day"),
            pytest.param("2024-04-02", None, NONE, id="began-the-day-after"),
            pytest.param(None, None, OPEN, id="used-dates-unknown"),
        ],
    )
    def test_the_service_must_come_before(self, starts, ends, state):
        found = standing(
            [job("2024-04-01")], on("2024-10-01"), services_before=[service(starts, ends)]
        )

        assert found.state is state

    @pytest.mark.parametrize(
        ("next_starts", "service_ends", "opens"),
        [
            pytest.param("2022-04-01", "2022-05-31", False, id="no-day-between-the-jobs"),
            pytest.param("2022-04-02", "2022-03-31", False, id="ended-with-the-former-job"),
            pytest.param("2022-04-02", "2022-04-01", True, id="used-on-the-one-day-between"),
            pytest.param("2022-06-01", "2022-03-31", False, id="not-used-in-the-gap"),
            pytest.param("2022-06-01", "2022-04-01", True, id="used-on-the-first-day-of-the-gap"),
            pytest.param("2022-06-01", None, True, id="used-on-and-on"),
        ],
    )
    def test_for_a_later_window_the_service_lies_between_the_jobs(
        self, next_starts, service_ends, opens
    ):
        jobs = (job("2021-04-01", "2022-03-31", better=False), job(next_starts))
        use = service("2020-01-01", service_ends)

        found = standing(jobs, on("2022-07-01"), services_before=[use])

        assert len(found.windows) == (2 if opens else 1)
        assert found.state is (WAITING if opens else ENDED)

    def test_undated_services_belong_to_the_first_job_only(self):
        found = standing(self.jobs, on("2024-05-01"), services_before=[service(None, None)])

        assert [window.employed_on for window in found.windows] == [on("2021-04-01")]

    def test_undated_support_during_a_job_is_no_service_before_it(self):
        use = service(None, None, is_during_employment=True)

        assert standing([job("2024-04-01")], on("2025-01-01"), services_before=[use]).window is None


class TestSupportDuringTheEmployment:
    def test_moves_the_count_to_the_day_after_its_end(self):
        support = ServiceDuringEmployment(on("2024-06-30"), starts_on=on("2024-04-15"))
        jobs = [job("2024-04-01")]

        assert standing(jobs, on("2024-12-31"), [support]).state is WAITING
        found = standing(jobs, on("2025-01-01"), [support])
        assert found.state is OPEN
        assert found.window.counted_from == on("2024-07-01")
        assert found.window.employed_on == on("2024-04-01")
        assert "window.after_support" in codes(found)

    def test_opens_a_window_for_a_job_that_followed_no_service(self):
        support = ServiceDuringEmployment(on("2024-03-31"), starts_on=on("2024-01-01"))

        found = standing([job("2010-04-01")], on("2024-10-01"), [support], services_before=[])

        assert found.state is OPEN
        assert found.window == support_window(on("2010-04-01"), on("2024-04-01"))

    def test_marked_among_the_services_does_the_same(self):
        use = service("2024-01-01", "2024-03-31", is_during_employment=True)

        found = standing([job("2010-04-01")], on("2024-10-01"), services_before=[use])

        assert found.window == support_window(on("2010-04-01"), on("2024-04-01"))

    def test_still_running_keeps_the_person_waiting_without_dates(self):
        support = ServiceDuringEmployment(starts_on=on("2024-05-01"))

        found = standing([job("2024-04-01")], on("2025-01-01"), [support])

        assert (found.state, found.window) == (WAITING, None)
        assert codes(found) == {"window.support_running"}

    @pytest.mark.parametrize(
        ("starts", "first_usable"),
        [
            pytest.param("2024-09-30", "2025-07-01", id="last-day-of-the-six-months"),
            pytest.param("2024-10-01", "2024-10-01", id="first-usable-day-keeps-the-window"),
        ],
    )
    def test_inside_the_open_window_it_is_a_question(self, starts, first_usable):
        support = ServiceDuringEmployment(on("2024-12-31"), starts_on=on(starts))

        found = standing([job("2024-04-01")], on("2025-08-01"), [support])

        assert found.window.first_usable_on == on(first_usable)
        assert ("window.support_inside" in codes(found)) is (first_usable == "2024-10-01")

    @pytest.mark.parametrize(
        ("starts", "ends", "counted_from"),
        [
            pytest.param(None, "2024-03-31", "2024-04-01", id="ended-the-day-before-the-job"),
            pytest.param(None, "2024-04-01", "2024-04-02", id="ended-on-its-first-day"),
            pytest.param("2024-02-01", "2024-03-31", "2024-04-01", id="wholly-before"),
            pytest.param("2024-02-01", "2024-04-01", "2024-04-02", id="reaches-into-the-job"),
            pytest.param("2024-12-31", "2025-01-31", "2024-04-01", id="inside-the-window"),
            pytest.param("2024-09-01", "2025-01-31", "2025-02-01", id="before-the-window-opens"),
            pytest.param(None, "2024-12-31", "2025-01-01", id="ended-with-the-job"),
            pytest.param(None, "2025-01-01", "2024-04-01", id="ended-after-the-job"),
            pytest.param("2025-01-01", "2025-02-01", "2024-04-01", id="began-after-the-job"),
            pytest.param("2025-01-01", None, "2024-04-01", id="began-after-the-job-and-goes-on"),
            pytest.param(None, None, "2024-04-01", id="undated-and-the-job-is-over"),
        ],
    )
    def test_belongs_to_the_job_that_it_touches(self, starts, ends, counted_from):
        support = ServiceDuringEmployment(
            on(ends) if ends else None, on(starts) if starts else None
        )

        found = standing([job("2024-04-01", "2024-12-31")], on("2024-12-31"), [support])

        assert found.window.counted_from == on(counted_from)

    def test_support_on_the_last_day_at_work_belongs_to_the_job(self):
        support = ServiceDuringEmployment(on("2024-05-31"), starts_on=on("2024-05-31"))

        found = standing([job("2024-04-01", "2024-05-31")], on("2024-05-31"), [support])

        assert found.window.counted_from == on("2024-06-01")

    def test_undated_support_runs_beside_the_job_that_lasts(self):
        found = standing([job("2024-04-01")], on("2025-01-01"), [ServiceDuringEmployment()])

        assert (found.state, found.window) == (WAITING, None)

    def test_of_several_the_last_decides_whatever_their_order(self):
        supports = [
            ServiceDuringEmployment(on("2024-08-31"), starts_on=on("2024-07-01")),
            ServiceDuringEmployment(on("2024-05-31"), starts_on=on("2024-05-01")),
        ]

        for order in (supports, supports[::-1]):
            found = standing([job("2024-04-01")], on("2025-01-01"), order)
            assert found.window.counted_from == on("2024-09-01")
            assert len(found.windows) == 1

    @pytest.mark.parametrize(
        ("starts", "windows"),
        [
            pytest.param("2027-09-30", 1, id="on-the-last-usable-day"),
            pytest.param("2027-10-01", 2, id="day-after"),
        ],
    )
    def test_after_the_last_usable_day_it_counts_anew(self, starts, windows):
        support = ServiceDuringEmployment(on("2028-03-31"), starts_on=on(starts))

        assert len(standing([job("2024-04-01")], on("2028-04-01"), [support]).windows) == windows

    def test_after_the_window_it_opens_another(self):
        support = ServiceDuringEmployment(on("2028-03-31"), starts_on=on("2028-01-01"))
        jobs = [job("2024-04-01")]

        assert standing(jobs, on("2028-02-01"), [support]).state is EXPIRED
        assert standing(jobs, on("2028-04-01"), [support]).state is WAITING
        assert standing(jobs, on("2028-10-01"), [support]).state is OPEN
