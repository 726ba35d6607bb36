"""計画未作成: the months in a row without a plan, against counting them one by one."""

import random
from datetime import date, timedelta

import pytest

from plans.queries.month import months_without_plan
from plans.queries.month_values import PlanRow, Use
from plans.queries.opening import asked_from
from plans.rules.pace_facts import PaceOpening
from teikyaku.periods import Month

FIRST = date(2025, 1, 1)


def day(chance):
    return FIRST + timedelta(days=chance.randrange(500))


def plan(chance):
    starts_on = chance.choice([None, day(chance)])
    review_by = starts_on and starts_on + timedelta(days=chance.randrange(200))
    handed_over_on = chance.choice([None, starts_on])
    return PlanRow(1, starts_on, review_by, handed_over_on, None, FIRST, *[None] * 5)


def has_plan(plans, month):
    return any(
        each.is_complete and each.starts_on <= month.last_day and each.review_by >= month.first_day
        for each in plans
    )


def counted(plans, began, month):
    found = 0
    while month - found >= began and not has_plan(plans, month - found):
        found += 1
    return found


@pytest.mark.parametrize("seed", range(100))
def test_as_counted_one_by_one(seed):
    chance = random.Random(seed)
    plans = [plan(chance) for _each in range(chance.randrange(4))]
    starts_on, month = day(chance), Month.of(day(chance))
    since = chance.choice([None, None, day(chance)])
    opening = PaceOpening(since and Month.of(since).first_day, None, 1, 0, None)
    use = Use(1, None, 1, None, 1, starts_on, None, None, None)
    began = asked_from(opening, starts_on, month)
    assert months_without_plan(plans, use, month, opening) == counted(plans, began, month)
