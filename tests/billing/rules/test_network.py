"""地域連携会議実施加算: once a month, 4 times a year, in either reading of the year."""

from __future__ import annotations

from datetime import date

import pytest

from billing.rules.network import Meeting, NetworkYear, network_answer, years_of
from teikyaku.periods import Month

APRIL = Month(2026, 4)


def year(*used: Month, limit: int = 4, is_elsewhere: bool = False) -> NetworkYear:
    return NetworkYear(APRIL, APRIL + 11, limit, used, is_elsewhere=is_elsewhere)


def meeting(day: int, kind: str = "community_2") -> Meeting:
    return Meeting(date(2026, 9, day), kind)


@pytest.mark.parametrize(
    ("month", "kind", "expected"),
    [
        (Month(2026, 4), "年度", (Month(2026, 4), Month(2027, 3))),
        (Month(2027, 3), "年度", (Month(2026, 4), Month(2027, 3))),
        (Month(2027, 3), "12か月", (Month(2026, 4), Month(2027, 3))),
        (Month(2026, 5), "12か月", (Month(2025, 6), Month(2026, 5))),
    ],
)
def test_the_year(month, kind, expected):
    assert years_of(month, kind)[0] == expected


def test_any_twelve_months_hold_a_month():
    years = years_of(APRIL, "12か月")
    assert (years[0], years[-1]) == ((APRIL - 11, APRIL), (APRIL, APRIL + 11))
    assert all(last - first == 11 and first <= APRIL <= last for first, last in years)


def test_an_unknown_year_is_refused():
    with pytest.raises(ValueError, match="ではありません"):
        years_of(APRIL, "暦年")


def test_one_a_month_the_dearer_first():
    found = network_answer([meeting(3), meeting(20, "community_1")], year())
    assert found.item == "network_1"
    assert found.counted == meeting(20, "community_1")
    (other,) = found.not_counted
    assert other.meeting == meeting(3)
    assert "月に1回まで" in other.text


@pytest.mark.parametrize(("used", "item"), [(3, "network_2"), (4, ""), (5, "")])
def test_four_a_year(used, item):
    found = network_answer([meeting(3)], year(*[APRIL + n for n in range(used)]))
    assert found.item == item
    if not item:
        assert "2026年4月、2026年5月" in found.not_counted[0].text


def test_used_elsewhere_in_the_month():
    found = network_answer([meeting(3)], year(is_elsewhere=True))
    assert (found.item, len(found.not_counted)) == ("", 1)


def test_nothing_held_nothing_told():
    assert network_answer([], year()) == network_answer([], year(APRIL))
    assert network_answer([], year()).item == ""
