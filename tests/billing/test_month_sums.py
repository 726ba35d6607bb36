"""The sums of a month unfold to what they consist of, and come to the same."""

import re

import pytest
from django.urls import reverse

from billing.queries.month import month_board
from billing.queries.month_sums import held_steps, ready_steps
from billing.queries.person_month import get_person_month
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


def yen_of(text):
    return int(re.sub(r"\D", "", text))


def total(steps):
    parts = [step for step in steps if step.expression]
    return sum(yen_of(step.result) for step in parts)


@pytest.fixture
def board(cast):
    return month_board(cast.office, Month.of(cast.today) - 1, cast.today)


def test_the_parts_make_the_sum_of_who_is_ready(board):
    assert board.ready
    steps = ready_steps(board)
    assert total(steps) == board.ready_yen > 0
    assert "単位 ×" in steps[0].expression
    assert steps[0].rule


def test_the_parts_make_the_sum_of_who_is_held(cast):
    running = month_board(cast.office, Month.of(cast.today), cast.today)
    assert running.held
    assert total(held_steps(running)) == running.held_yen > 0


def test_the_page_unfolds_them_where_the_home_leads(client, cast):
    enter(client, cast.members["billing"])
    month = Month.of(cast.today) - 1
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert 'id="ready-sum"' in page
    assert "1円未満は切り捨て" in page
    home = client.get(reverse("home")).content.decode()
    assert f'{reverse("month_page", args=[month])}#ready-sum"' in home


def test_staff_are_told_of_the_month_and_not_addressed_as_the_person(cast):
    row = cast.person_month
    words = get_person_month(row, cast.today).why
    assert words[0].startswith(f"{Month.of(row.month).label}の総費用は、")
    assert "あなた" not in "".join(words)
    assert "今月" not in "".join(words)
