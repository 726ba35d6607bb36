"""請求の予定 where reports are handed over after the day for claims: the next days stand beside it."""

from __future__ import annotations

import pytest

from billing.queries.claim_calendar import claim_days
from billing.rules.claim_calendar import CLAIM, HANDED, REPORT
from teikyaku.desk.queries.billing_desk import billing_desk
from teikyaku.periods import Month
from tests.billing.test_city_answers import due_by
from tests.desk.test_billing_desk import drawn, member


def test_without_such_a_day_nothing_stays_open(cast):
    assert claim_days(cast.today.replace(day=11)).still_open == ()


@pytest.mark.parametrize(
    ("day", "calendar_of", "next_key", "still_open"),
    [
        pytest.param(2, 0, REPORT, [], id="all-ahead"),
        pytest.param(10, 0, CLAIM, [], id="on-the-last-day-of-claims"),
        pytest.param(11, 1, HANDED, [HANDED], id="claims-are-over"),
        pytest.param(25, 1, HANDED, [HANDED], id="on-the-day"),
        pytest.param(26, 1, REPORT, [], id="over"),
    ],
)
def test_what_is_shown_through_the_month(cast, day, calendar_of, next_key, still_open):
    due_by(cast, 25)
    on = cast.today.replace(day=day)
    found = claim_days(on)
    assert found.calendar.month == Month.of(on) + calendar_of
    assert found.next_day.key == next_key
    assert [each.key for each in found.still_open] == still_open


def test_the_home_shows_both(cast):
    due_by(cast, 25)
    on = cast.today.replace(day=11)
    text = drawn(billing_desk(member(cast, "billing"), on), on)
    last, following = Month.of(on) - 1, Month.of(on) + 1
    assert f"{following.label}の請求の予定" in text
    assert f"{last.label}分で、まだ開いている期限" in text
    assert f"次は <strong>{on.month}月25日" in text
    assert f"{following.month}月3日" in text
