"""Whatever the public tools ask for can be answered there; the rest is left to the window."""

import re
from datetime import date

import pytest

from clients.rules.kinds import ScreeningAnswer
from teikyaku.desk.guide.forms import UseForm
from teikyaku.furigana import unread
from tests.guide.test_guide import COST, TWO_JOBS, USE, _on_a_day, ask, main_of, plain

pytestmark = pytest.mark.django_db
NOW = ScreeningAnswer.ELIGIBLE_NOW
ASK = ScreeningAnswer.INCOMPLETE
OFFICE = "窓口で聞かれること"
__all__ = ["_on_a_day"]


def asked(answer):
    return [each.field.name for each in answer.context["asked"]]


def opened(answer):
    """Names of the fields in the groups that stand open."""
    groups = re.findall(r"<details class=\"form__more\" open>.*?</details>", answer.content.decode(),
                        re.DOTALL)  # fmt: skip
    return set(re.findall(r'name="(\w+)"', "".join(groups)))


CHANGED = {**USE, "employed_on": "2026-06-15", "before_on": "2025-06-01",
           "before_ended_on": "2026-06-10"}  # fmt: skip
LEFT = {**USE, "employed_on": "2024-04-01", "ended_on": "2026-11-20"}


@pytest.mark.parametrize(
    ("told", "field", "value", "answer"),
    [
        pytest.param(CHANGED, "is_before_left_to_improve", "yes", NOW, id="why-the-former-was-left"),
        pytest.param(LEFT, "next_on", "2026-12-01", ASK, id="the-next-job"),
        pytest.param(
            {**LEFT, "next_on": "2026-12-01"}, "is_left_to_improve", "yes",
            ScreeningAnswer.CONTINUES, id="why-this-one-was-left",
        ),
        pytest.param(TWO_JOBS, "is_service_between_jobs", "yes", NOW, id="service-after-it"),
        pytest.param(
            {**USE, "is_support_during": "yes"}, "support_ended_on", "2026-07-31",
            ScreeningAnswer.ELIGIBLE_FROM, id="end-of-support-beside-the-job",
        ),
        pytest.param(
            {**USE, "employed_on": "2025-03-01", "service_until": "2025-04-30",
             "service_from": "2024-04-01"},
            "is_support_during", "no", NOW, id="used-on-into-the-job",
        ),
        pytest.param(
            {**USE, "employed_on": "2025-03-01"}, "service_until", "2025-02-28", NOW,
            id="when-it-was-used",
        ),
        pytest.param({**USE, "services": []}, "services", "transition",
                     ScreeningAnswer.ELIGIBLE_FROM, id="services"),
        pytest.param({**USE, "works_in_niigata": "no"}, "wants_to_work_in_niigata", "yes",
                     ScreeningAnswer.ELIGIBLE_FROM, id="workplace"),
    ],
)  # fmt: skip
def test_each_question_leads_to_its_field_and_is_gone_when_answered(told, field, value, answer):
    before = ask("guide_use", told)
    assert field in asked(before)
    text = before.content.decode()
    anchor = next(each.anchor for each in before.context["asked"] if each.field.name == field)
    assert f'href="#{anchor}"' in text
    assert f'id="{anchor}"' in text
    after = ask("guide_use", {**told, field: value})
    assert after.context["result"].answer == answer
    assert field not in asked(after)


def test_support_beside_the_job_counts_from_the_day_after_its_end():
    told = {**USE, "is_support_during": "yes", "support_ended_on": "2026-07-31"}
    assert ask("guide_use", told).context["result"].first_usable_on == date(2027, 2, 1)


def test_dates_of_the_service_between_two_jobs_answer_by_themselves():
    result = ask("guide_use", {**TWO_JOBS, "service_until": "2025-02-28"}).context["result"]
    assert result.answer == NOW
    assert result.first_usable_on == date(2025, 9, 1)


def test_what_only_the_city_can_judge_stands_under_the_window():
    told = {**CHANGED, "before_on": "2025-03-01", "before_ended_on": "2025-06-30",
            "employed_on": "2025-07-15", "ended_on": "2026-11-01", "next_on": "2026-11-10",
            "is_before_left_to_improve": "yes", "is_left_to_improve": "yes"}  # fmt: skip
    answer = ask("guide_use", told)
    assert answer.context["result"].answer == ASK
    assert answer.context["at_office"] == ("今回の転職を、就労が続いているものとして数えますか。",)
    assert OFFICE in plain(answer)


def test_rare_questions_are_folded_until_they_matter():
    blank = ask("guide_use", {})
    assert opened(blank) == set()
    assert "is_support_during" in blank.content.decode()
    assert "is_service_between_jobs" in opened(ask("guide_use", TWO_JOBS))
    assert "next_on" in opened(ask("guide_use", {**USE, "ended_on": "2026-11-20"}))
    wrong = ask("guide_use", {**USE, "support_ended_on": "2026-07-31", "is_support_during": "no"})
    assert wrong.status_code == 422
    assert "support_ended_on" in opened(wrong)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"next_on": "2026-12-01"}, "ended_on"),
        ({"ended_on": "2026-11-20", "next_on": "2026-11-20"}, "next_on"),
        ({"service_from": "2020-01-01"}, "service_until"),
        ({"service_from": "2020-01-02", "service_until": "2020-01-01"}, "service_until"),
        ({"support_ended_on": "2026-06-14", "is_support_during": "yes"}, "support_ended_on"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(changes, field):
    form = UseForm({**USE, **changes})
    assert not form.is_valid()
    assert set(form.errors) == {field}


def test_no_mix_of_days_ends_in_an_error():
    days = ("", "2024-04-01", "2026-05-31", "2026-12-20")
    for at, day in enumerate(days):
        other, third = days[at - 1], days[at - 2]
        for told in (
            {"support_ended_on": day, "ended_on": other, "is_support_during": "yes"},
            {"service_until": day, "service_from": other, "before_on": third,
             "before_ended_on": day},
            {"ended_on": day, "next_on": other, "service_until": third},
        ):  # fmt: skip
            assert ask("guide_use", {**USE, **told}).status_code in (200, 422)


class TestCost:
    told = {**COST, "is_taxed": "yes"}

    def test_the_adjusted_amount_settles_this_tax_year(self):
        before = ask("guide_cost", self.told)
        assert "adjusted_levy_yen" in asked(before)
        assert "adjusted_levy_yen" in opened(before)
        after = ask("guide_cost", {**self.told, "adjusted_levy_yen": "１５９，９９９"})
        months = after.context["cost"].months
        assert {row.caps_yen for row in months[:8]} == {(9300,)}
        assert {row.caps_yen for row in months[8:]} == {(9300, 37200)}
        assert "adjusted_levy_yen" not in asked(after)

    def test_of_the_next_tax_year_it_is_left_to_the_window(self):
        answer = ask("guide_cost", {**self.told, "adjusted_levy_yen": "159999"})
        assert len(answer.context["at_office"]) == 1
        assert "所得割額" in answer.context["at_office"][0]
        assert OFFICE in plain(answer)

    def test_every_open_question_has_its_field(self):
        assert set(asked(ask("guide_cost", {}))) == {
            "receives_public_assistance", "is_taxed", "has_spouse", "lives_in_group_home",
            "adjusted_levy_yen",
        }  # fmt: skip

    def test_the_salary_of_this_year_is_asked_for_the_next_tax_year(self):
        assert "next_salary_yen" in asked(ask("guide_cost", {**self.told, "next_salary_yen": ""}))


def test_the_words_of_these_questions_have_their_readings():
    changes = (
        CHANGED, LEFT, TWO_JOBS, {**LEFT, "next_on": "2026-12-01"},
        {**LEFT, "next_on": "2026-12-01", "is_left_to_improve": "yes"},
        {**LEFT, "next_on": "2026-12-01", "is_left_to_improve": "no"},
        {**CHANGED, "is_before_left_to_improve": "yes", "ended_on": "2026-11-20"},
        {**USE, "is_support_during": "yes"}, {**USE, "service_until": "2026-07-01"},
        {**USE, "is_support_during": "no", "support_ended_on": "2026-07-01"},
        {**USE, "is_support_during": "yes", "support_ended_on": "2026-01-01"},
        {**USE, "service_from": "2026-01-01", "next_on": "2026-12-01"},
        {**USE, "is_support_during": "yes", "support_ended_on": "2026-07-01"},
    )  # fmt: skip
    pages = [ask("guide_use", told) for told in changes]
    pages += [
        ask("guide_cost", {"is_taxed": "yes", "adjusted_levy_yen": each}) for each in ("1", "x")
    ]
    told = {"receives_public_assistance": "yes", "is_taxed": "yes", "is_spouse_taxed": "yes"}
    pages += [ask("guide_cost", {**told, "has_spouse": "no"})]
    pages += [ask("guide_cost", {"is_taxed": "no", "has_spouse": "no", "adjusted_levy_yen": "9",
                                 "last_salary_yen": "3000000"})]  # fmt: skip
    assert all("確かめてください" in plain(page) for page in pages[-2:])
    missing: set[str] = set()
    for page in pages:
        missing |= unread(main_of(page))
    assert missing == set()
