"""The sheet of paper names what it was worked out from; without scripts words say how to print."""

import re

import pytest

from clients.rules.kinds import ServiceKind
from teikyaku.desk.guide.forms import CostForm, UseForm
from tests.guide.test_guide import COST, USE, _on_a_day, ask, plain

pytestmark = pytest.mark.django_db
__all__ = ["_on_a_day"]


def told(answer):
    return {each.label: each.words for each in answer.context["form"].told()}


def test_what_was_answered_stands_on_the_sheet_in_words():
    answer = ask("guide_use", {**USE, "services": ["transition", "continued_b"]})
    found = told(answer)

    assert found["就職する前に使っていたもの"] == "・".join(
        (ServiceKind.TRANSITION.label, ServiceKind.CONTINUED_B.label)
    )
    assert found["いまの仕事を始めた日"] == "2026年6月15日（令和8年）"
    assert found["いまの仕事はA型の事業所"] == "いいえ"
    assert len(found) == 6
    sheet = plain(answer).partition("書いたこと")[2]
    assert all(f"{label}：{words}" in sheet for label, words in found.items())


def test_money_too_and_a_zero_is_an_answer():
    found = told(ask("guide_cost", {**COST, "last_salary_yen": "0"}))

    assert found["2025年（令和7年）1月から12月までの給料"] == "0円"
    assert found["2026年（令和8年）1月から12月までの給料"] == "2,400,000円"
    assert found["生活保護を受けていますか"] == "いいえ"


def test_none_of_them_is_an_answer_and_nothing_told_is_said():
    assert told(ask("guide_use", {"services": ["none"]})) == {
        "就職する前に使っていたもの": "どれも使っていない"
    }
    answer = ask("guide_use", {})
    assert told(answer) == {}
    assert "何も書かずに確かめました" in plain(answer)


def test_short_words_are_of_questions_that_are_asked():
    for form in (UseForm, CostForm):
        assert set(form.ON_PAPER) <= set(form.base_fields)


@pytest.mark.parametrize("page", [("guide_use", USE), ("guide_cost", COST)])
def test_without_scripts_no_dead_button_but_words(page):
    text = ask(*page).content.decode()

    assert re.search(r"<button[^>]*data-print[^>]*hidden", text)
    assert "ブラウザー" in text.partition("<noscript>")[2].partition("</noscript>")[0]
