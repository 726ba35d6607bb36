"""The sums of a month unfold to what they consist of, and come to the same."""

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from billing.queries.month import month_board
from billing.queries.month_lost import lost_steps, lost_yen
from billing.queries.month_sums import held_steps, ready_steps
from billing.queries.person_month import get_person_month
from plans.models import Interview
from plans.rules.month import MonthState
from teikyaku.periods import Month
from teikyaku.reasons import Reason
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


def test_what_cannot_be_billed_is_told_in_yen_by_reason(client, cast, board):
    """Without its meeting the month of 2,768 units at 10 yen brings nothing."""
    assert (lost_steps(board), lost_yen(board)) == ((), None)
    Interview.objects.all().delete()
    month = Month.of(cast.today) - 1
    lost = month_board(cast.office, month, cast.today)
    (step,) = lost_steps(lost)
    assert (step.label, step.expression, step.result) == (
        "面談なし　1人", "27,680円 × 1人", "27,680円",
    )  # fmt: skip
    assert lost_yen(lost) == 27_680
    enter(client, cast.members["billing"])
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert "請求できたとすれば 総費用 27,680円（見込み）" in page
    assert 'id="lost-sum"' in page
    home = client.get(reverse("home")).content.decode()
    assert "請求できない分 27,680円（見込み）" in home
    assert f'{reverse("month_page", args=[month])}#lost-sum"' in home


def test_each_person_is_lost_once_under_the_first_reason(cast, board):
    own, (entry,) = board.office_month, board.ready
    two = tuple(Reason(code, code, "") for code in ("no_contract", "no_meeting"))
    dear = entry.support._replace(has_initial_addition=True)
    entries = (
        entry._replace(state=MonthState.NOT_BILLABLE, reasons=two),
        entry._replace(state=MonthState.NOT_BILLABLE, reasons=two[1:]),
        entry._replace(state=MonthState.NOT_BILLABLE, reasons=two[1:], support=dear),
    )
    lost = replace(board, entries=entries)
    first, second, total_step = lost_steps(lost)
    assert first.expression == "36,680円 × 1人 ＋ 27,680円 × 1人"
    assert (second.result, total_step.result) == ("27,680円", "92,040円")
    assert lost_yen(replace(lost, office_month=replace(own, tier=None))) is None
