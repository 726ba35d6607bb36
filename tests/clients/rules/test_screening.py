"""Screening: who may use the service; never a bare no (docs/rules.md §1, §2)."""

from datetime import date

import pytest

from clients.rules.facts import EmploymentFact, ServiceUse
from clients.rules.kinds import (
    CentreKind,
    EmploymentKind,
    JobRoute,
    ScreeningAnswer,
    ServiceKind,
)
from clients.rules.screening import RULES_VERSION, ScreeningFacts, screen

NOW = ScreeningAnswer.ELIGIBLE_NOW
FROM = ScreeningAnswer.ELIGIBLE_FROM
NOT = ScreeningAnswer.NOT_ELIGIBLE
OVER = ScreeningAnswer.EXPIRED
ASK = ScreeningAnswer.INCOMPLETE

EMPLOYED = date(2024, 4, 1)
USED = ServiceUse(ServiceKind.TRANSITION, date(2022, 4, 1), date(2024, 3, 31))
OPEN_DAY = date(2025, 1, 1)


def facts(**changes):
    """Somebody who used 就労移行支援, is employed and has difficulties."""
    told = {
        "services_used": (USED,),
        "employed_on": EMPLOYED,
        "has_difficulties": True,
        "lives_in": "新潟市中央区",
        "works_in_niigata": True,
    }
    return ScreeningFacts(**(told | changes))


def codes(result):
    return {reason.code for reason in result.reasons}


def asked(result):
    return {question.code for question in result.questions}


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        pytest.param(date(2024, 3, 31), FROM, id="before-the-job-begins"),
        pytest.param(date(2024, 4, 1), FROM, id="first-day-employed"),
        pytest.param(date(2024, 9, 30), FROM, id="six-months-complete"),
        pytest.param(date(2024, 10, 1), NOW, id="first-usable"),
        pytest.param(date(2027, 9, 30), NOW, id="last-usable"),
        pytest.param(date(2027, 10, 1), OVER, id="day-after"),
    ],
)
def test_the_answer_follows_the_window(on, answer):
    result = screen(facts(), on)

    assert result.answer is answer
    assert result.first_usable_on == date(2024, 10, 1)
    assert result.last_usable_on == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("changes", "on", "is_yes", "right_ended_on"),
    [
        pytest.param({}, date(2024, 5, 1), True, None, id="from"),
        pytest.param({}, date(2027, 9, 30), True, None, id="now"),
        pytest.param({}, date(2027, 10, 1), False, date(2027, 9, 30), id="expired"),
        pytest.param(
            {"employment_ended_on": date(2024, 10, 1)}, date(2025, 3, 1), False,
            date(2024, 10, 1), id="left-on-the-first-usable-day",
        ),
        pytest.param(
            {"employment_ended_on": date(2024, 9, 30)}, date(2025, 3, 1), False, None,
            id="left-the-day-before",
        ),
        pytest.param(
            {"employment_ended_on": date(2024, 12, 31)}, date(2025, 1, 10), False, None,
            id="asked-for-the-next-job",
        ),
        pytest.param({"has_difficulties": False}, OPEN_DAY, False, None, id="no-difficulties"),
    ],
)  # fmt: skip
def test_days_are_announced_with_a_yes_else_the_true_last_one(changes, on, is_yes, right_ended_on):
    result = screen(facts(**changes), on)

    assert (result.is_yes, result.right_ended_on) == (is_yes, right_ended_on)
    assert bool(result.steps) is (is_yes or on > date(2027, 9, 30))


def test_apply_by_stands_only_where_it_lies_ahead_of_the_window():
    assert screen(facts(), date(2024, 5, 1)).apply_by == date(2024, 8, 2)
    assert screen(facts(), date(2024, 5, 1), apply_days_before=30).apply_by == date(2024, 9, 1)
    assert screen(facts(), OPEN_DAY).apply_by is None


@pytest.mark.parametrize("kind", ServiceKind)
def test_each_of_the_five_services_opens_the_right(kind):
    used = ServiceUse(kind, date(2022, 4, 1), date(2024, 3, 31))

    result = screen(facts(services_used=(used,)), OPEN_DAY)

    assert result.answer is NOW
    assert any(kind.label in reason.text for reason in result.reasons)


@pytest.mark.parametrize("kind", ServiceKind)
def test_a_bare_kind_counts_as_used_before_and_its_dates_are_asked(kind):
    result = screen(facts(services_used=frozenset({kind})), OPEN_DAY)

    assert result.answer is NOW
    assert "service_dates" in asked(result)


@pytest.mark.parametrize("route", [*JobRoute, None])
def test_the_route_never_excludes_by_itself(route):
    assert screen(facts(job_route=route), OPEN_DAY).answer is NOW


@pytest.mark.parametrize("route", [*JobRoute, None])
def test_the_route_never_qualifies_by_itself(route):
    result = screen(facts(job_route=route, services_used=()), OPEN_DAY)

    assert result.answer is NOT
    assert "screening.no_service" in codes(result)


@pytest.mark.parametrize(
    "route",
    [
        JobRoute.SPECIAL_NEEDS_SCHOOL,
        JobRoute.HELLO_WORK,
        JobRoute.CORE_SUPPORT,
        JobRoute.LIFE_UP,
    ],
)
def test_where_somebody_may_think_the_route_excludes_the_answer_says_it_does_not(route):
    assert "screening.route" in codes(screen(facts(job_route=route), OPEN_DAY))
    assert "screening.route" not in codes(screen(facts(job_route=JobRoute.OFFICE), OPEN_DAY))


@pytest.mark.parametrize(
    ("starts", "ends", "answer"),
    [
        pytest.param(date(2022, 4, 1), date(2024, 3, 31), NOW, id="ended-the-day-before"),
        pytest.param(None, date(2024, 3, 31), NOW, id="only-last-day-known"),
        pytest.param(date(2024, 3, 1), date(2024, 4, 1), ASK, id="reaches-the-first-day"),
        pytest.param(None, date(2024, 4, 1), ASK, id="ended-on-the-day-start-unknown"),
        pytest.param(date(2022, 4, 1), None, ASK, id="goes-on"),
        pytest.param(date(2024, 4, 1), date(2024, 8, 31), NOT, id="began-on-the-day"),
        pytest.param(date(2024, 5, 1), date(2024, 8, 31), NOT, id="began-after"),
    ],
)
def test_the_service_comes_before_the_job(starts, ends, answer):
    use = ServiceUse(ServiceKind.TRANSITION, starts, ends)

    assert screen(facts(services_used=(use,)), OPEN_DAY).answer is answer


def test_a_service_used_on_into_the_job_asks_what_for():
    use = ServiceUse(ServiceKind.CONTINUED_B, date(2022, 4, 1), date(2024, 6, 30))

    result = screen(facts(services_used=(use,)), OPEN_DAY)

    assert asked(result) == {"support_during_employment"}
    assert "2024年6月30日" in result.questions[0].text


@pytest.mark.parametrize(
    ("is_during", "first_usable_on"),
    [
        pytest.param(True, date(2025, 1, 1), id="yes-counts-from-its-end"),
        pytest.param(False, date(2024, 10, 1), id="no-counts-from-the-job"),
    ],
)
@pytest.mark.parametrize("others", [(), (USED,)], ids=["alone", "beside-another"])
def test_once_said_what_for_the_dates_are_clear(others, is_during, first_usable_on):
    use = ServiceUse(
        ServiceKind.CONTINUED_B, date(2022, 4, 1), date(2024, 6, 30), is_during_employment=is_during
    )

    result = screen(facts(services_used=(*others, use)), OPEN_DAY)

    assert result.answer is NOW
    assert result.first_usable_on == first_usable_on


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        pytest.param(date(2024, 12, 31), FROM, id="day-before"),
        pytest.param(date(2025, 1, 1), NOW, id="first"),
        pytest.param(date(2027, 12, 31), NOW, id="last"),
        pytest.param(date(2028, 1, 1), OVER, id="day-after"),
    ],
)
@pytest.mark.parametrize("services", [None, (), (USED,)], ids=["unasked", "none", "before"])
def test_support_during_the_job_counts_from_the_day_after_its_end(services, on, answer):
    told = facts(services_used=services, support_during_employment_ended_on=date(2024, 6, 30))

    result = screen(told, on)

    assert result.answer is answer
    assert result.first_usable_on == date(2025, 1, 1)


def test_support_during_the_job_that_goes_on_is_asked_for_its_end():
    result = screen(facts(uses_support_during_employment=True), OPEN_DAY)

    assert result.answer is ASK
    assert "support_ended_on" in asked(result)
    assert result.first_usable_on is None


def test_continued_employment_type_a_is_no_ordinary_employment():
    result = screen(facts(employment_kind=EmploymentKind.CONTINUED_A), OPEN_DAY)

    assert result.answer is NOT
    assert codes(result) == {"screening.continued_a"}
    assert result.first_usable_on is None


def test_self_employment_is_asked_and_not_decided():
    result = screen(facts(employment_kind=EmploymentKind.SELF_EMPLOYED), OPEN_DAY)

    assert result.answer is ASK
    assert asked(result) == {"employment_kind"}


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        pytest.param({"employed_on": None}, "employed_on", id="no-job-known"),
        pytest.param({"services_used": None}, "services_used", id="services-not-asked"),
    ],
)
def test_what_the_answer_hangs_on_is_asked(changes, question):
    result = screen(facts(**changes), OPEN_DAY)

    assert result.answer is ASK
    assert question in asked(result)


def test_nothing_told_is_answered_with_questions():
    result = screen(ScreeningFacts(), OPEN_DAY)

    assert result.answer is ASK
    assert asked(result) == {"employed_on", "services_used", "centre"}
    assert result.reasons
    assert result.referrals


@pytest.mark.parametrize(
    ("has_difficulties", "on", "answer"),
    [
        pytest.param(None, OPEN_DAY, NOW, id="unasked-does-not-exclude"),
        pytest.param(False, OPEN_DAY, NOT, id="none-at-present"),
        pytest.param(False, date(2024, 5, 1), FROM, id="none-yet-in-the-first-six-months"),
    ],
)
def test_difficulties_belong_to_the_right(has_difficulties, on, answer):
    result = screen(facts(has_difficulties=has_difficulties), on)

    assert result.answer is answer
    assert ("has_difficulties" in asked(result)) is (has_difficulties is None)


def test_without_difficulties_the_answer_says_until_when_one_may_still_apply():
    result = screen(facts(has_difficulties=False), OPEN_DAY)

    assert result.reasons[0].code == "screening.no_difficulties"
    assert "2027年9月30日" in result.reasons[0].text


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        pytest.param(date(2025, 4, 30), NOW, id="last-day-at-work"),
        pytest.param(date(2025, 5, 1), ASK, id="day-after-leaving"),
        pytest.param(date(2025, 5, 31), ASK, id="last-day-of-the-month"),
        pytest.param(date(2025, 6, 1), NOT, id="day-after-the-month"),
    ],
)
def test_who_has_left_the_job_is_asked_for_the_next(on, answer):
    result = screen(facts(employment_ended_on=date(2025, 4, 30)), on)

    assert result.answer is answer
    # On the last day too: that it is the last is known, what follows is not.
    assert ("job_change" in asked(result)) is (answer is not NOT)


def test_a_joined_job_change_counts_from_the_first_job():
    jobs = (
        EmploymentFact(EMPLOYED, date(2025, 4, 30), changed_to_improve_conditions=True),
        EmploymentFact(date(2025, 5, 31)),
    )

    result = screen(facts(employed_on=None, employments=jobs), date(2025, 8, 1))

    assert result.answer is NOW
    assert result.last_usable_on == date(2027, 9, 30)


class TestSeveralJobs:
    jobs = (
        EmploymentFact(date(2020, 4, 1), date(2021, 3, 31), changed_to_improve_conditions=False),
        EmploymentFact(EMPLOYED),
    )

    def screen(self, *services, on=OPEN_DAY):
        return screen(facts(employed_on=None, employments=self.jobs, services_used=services), on)

    def test_a_service_between_the_jobs_opens_the_second(self):
        result = self.screen(USED)

        assert result.answer is NOW
        assert result.first_usable_on == date(2024, 10, 1)

    def test_a_service_before_the_first_job_does_not_open_the_second(self):
        used = ServiceUse(ServiceKind.TRANSITION, date(2018, 4, 1), date(2020, 3, 31))

        result = self.screen(used)

        assert result.answer is NOT
        assert "window.needs_new_service" in codes(result)

    def test_a_service_that_began_with_the_second_job_opens_nothing(self):
        used = ServiceUse(ServiceKind.TRANSITION, date(2024, 4, 1), date(2024, 8, 31))

        assert self.screen(used).answer is NOT

    def test_of_two_services_the_undated_one_is_asked_for_its_dates(self):
        result = self.screen(USED, ServiceUse(ServiceKind.CONTINUED_B))

        assert "service_dates" in asked(result)
        assert "service_dates" not in asked(self.screen(USED))

    def test_type_a_and_self_employment_together_are_asked(self):
        jobs = (
            EmploymentFact(date(2020, 4, 1), kind=EmploymentKind.CONTINUED_A),
            EmploymentFact(EMPLOYED, kind=EmploymentKind.SELF_EMPLOYED),
        )

        assert screen(facts(employments=jobs), OPEN_DAY).answer is ASK


def test_a_known_last_day_is_date_enough():
    use = ServiceUse(ServiceKind.TRANSITION, ends_on=date(2024, 3, 31))

    assert "service_dates" not in asked(screen(facts(services_used=(use,)), OPEN_DAY))


def test_no_support_at_present_changes_nothing():
    told = facts(services_used=(), uses_support_during_employment=False)

    assert screen(told, OPEN_DAY).answer is NOT


def test_a_service_that_reaches_into_the_job_with_unknown_beginning_is_asked_about():
    use = ServiceUse(ServiceKind.CONTINUED_B, ends_on=date(2024, 6, 30), is_during_employment=False)

    assert screen(facts(services_used=(use,)), OPEN_DAY).answer is ASK


EVERYBODY = [
    pytest.param(facts(), OPEN_DAY, id="now"),
    pytest.param(facts(), date(2024, 5, 1), id="from"),
    pytest.param(facts(), date(2028, 1, 1), id="expired"),
    pytest.param(facts(services_used=()), OPEN_DAY, id="no-service"),
    pytest.param(facts(employment_kind=EmploymentKind.CONTINUED_A), OPEN_DAY, id="type-a"),
    pytest.param(facts(has_difficulties=False), OPEN_DAY, id="no-difficulties"),
    pytest.param(facts(employment_ended_on=date(2024, 12, 1)), date(2025, 3, 1), id="left"),
    pytest.param(ScreeningFacts(), OPEN_DAY, id="nothing-told"),
]


@pytest.mark.parametrize(("told", "on"), EVERYBODY)
def test_never_a_bare_answer(told, on):
    result = screen(told, on)

    assert result.reasons
    assert all(reason.text and reason.rule for reason in result.reasons)
    assert "就職の前に利用していた事業所" in result.advice.text
    assert any(not referral.is_addition for referral in result.referrals)
    assert result.referrals[-1].kind is CentreKind.JOB_COACH
    assert result.rules_version == RULES_VERSION


@pytest.mark.parametrize(("told", "on"), EVERYBODY)
def test_no_sentence_blames_or_bars(told, on):
    result = screen(told, on)
    words = "".join(reason.text for reason in (*result.reasons, result.advice))

    assert not any(hard in words for hard in ("できません。", "違反", "怠", "失格", "不可", "禁止"))
