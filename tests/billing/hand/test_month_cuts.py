"""Reductions that the office notified: the month says so, links to it, and tells what they cost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from billing.actions.office import notify_item
from billing.queries.month import month_board
from billing.queries.month_cuts import cut_people, cut_steps, cut_yen, cuts_by_item
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.desk.queries.month_glance import glance_of
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in
from tests.billing.hand.world import APRIL

OFFICE_70 = ("cut_no_manager", "cut_no_public_report")


@pytest.fixture
def board(world):
    return month_board(world.offices["70"], APRIL, world.cast.today)


def test_everybody_who_is_reduced_says_so(world, board):
    assert board.ready
    for entry in board.ready:
        assert entry.state is MonthState.READY_REDUCED
        assert tuple(r.code for r in entry.reasons if r.code.startswith("cut_")) == OFFICE_70
    plain = month_board(world.offices["95"], APRIL, world.cast.today)
    assert any(entry.state is MonthState.READY for entry in plain.ready)


def test_what_they_cost_is_the_difference_to_the_month_without(world, board):
    (entry,) = [e for e in board.ready if e.support.enrolment_id == world.people["t70"].pk]
    assert [line.total_units for line in entry.lines] == [1_564, -78, 128]
    costs = cuts_by_item(board)
    manager, report = "サービス管理責任者欠如減算（4か月目まで）", "情報公表未報告減算"
    # By hand, at 10.68 yen: 2,234 + 192 = 2,426 → 25,909; 1,564 + 135 = 1,699 → 18,145; then 17,237.
    assert costs[manager][25_909 - 18_145] >= 1
    assert costs[report][18_145 - 17_237] >= 1
    assert cut_yen(board) == sum(c * n for each in costs.values() for c, n in each.items())
    assert cut_people(board) == len(board.ready) + len(board.held)
    assert cut_steps(board)[-1].label.startswith("合計")
    # Where the office notified no reduction, it is the plans alone.
    others = cuts_by_item(month_board(world.offices["90"], APRIL, world.cast.today))
    assert all(label.startswith("個別支援計画未作成減算") for label in others)


def test_on_the_board_the_home_and_the_close(client, world, board):
    reader = world.staff["70"]
    glance = glance_of(board, world.cast.today, reader)
    assert "うち減算：サービス管理責任者欠如（4か月目まで）" in [
        each.label for each in glance.counts
    ]
    assert glance.cut_yen == cut_yen(board)


def test_the_page_of_a_month(client, cast):
    month = Month.of(cast.person_month.month) + 1
    notify_item(
        office=cast.office, item="no_public_report", first_month=month.first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    entries = month_board(cast.office, month, cast.today)
    assert [*entries.ready, *entries.held]
    sign_in(client, cast, "billing")
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert "減算がある" in page
    assert "「情報公表未報告減算」の届出があります。" in page
    assert f'href="{reverse("office_settings")}' in page
