"""The edge where "now" enters, and whose date it has: Tokyo's, also on a server in UTC."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from teikyaku import clock

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("teikyaku", "clients", "plans", "billing")


@pytest.mark.parametrize(
    ("at", "on"),
    [
        pytest.param("2026-03-31T14:59:59+00:00", "2026-03-31", id="23:59-in-tokyo"),
        pytest.param("2026-03-31T15:00:00+00:00", "2026-04-01", id="midnight-in-tokyo"),
        pytest.param("2026-03-31T15:30:00+00:00", "2026-04-01", id="00:30-in-tokyo"),
        pytest.param("2026-04-01T00:30:00+09:00", "2026-04-01", id="00:30-written-in-tokyo"),
        pytest.param("2026-03-31T10:30:00-05:00", "2026-04-01", id="written-elsewhere"),
        pytest.param("2026-12-31T15:30:00+00:00", "2027-01-01", id="new-year"),
    ],
)
def test_the_date_of_an_instant_is_tokyos(at, on):
    assert clock.date_of(datetime.fromisoformat(at)) == date.fromisoformat(on)


def test_an_instant_without_a_zone_has_no_date():
    with pytest.raises(ValueError, match="time zone"):
        clock.date_of(datetime(2026, 4, 1, 0, 30))


def test_noon_of_a_day_is_that_day():
    noon = clock.at_noon(date(2026, 4, 1))

    assert noon == datetime(2026, 4, 1, 3, tzinfo=UTC)
    assert clock.date_of(noon) == date(2026, 4, 1)


def test_facts_of_today_are_never_stamped_ahead():
    """At one in the morning, noon would stand after everything that is done before it."""
    early = datetime(2026, 3, 31, 16, tzinfo=UTC)
    with time_machine.travel(early, tick=False):
        assert clock.at_noon(date(2026, 4, 1)) == early
        assert clock.at_noon(date(2026, 3, 31)) == datetime(2026, 3, 31, 3, tzinfo=UTC)
        assert clock.at_noon(date(2026, 4, 2)) == datetime(2026, 4, 2, 3, tzinfo=UTC)
    with time_machine.travel(early + timedelta(hours=12), tick=False):
        assert clock.at_noon(date(2026, 4, 1)) == datetime(2026, 4, 1, 3, tzinfo=UTC)


def test_now_and_today_ask_the_real_clock():
    with time_machine.travel(datetime(2026, 3, 31, 15, 30, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 3, 31, 15, 30, tzinfo=UTC)
        assert clock.now().tzinfo is not None
        assert clock.today() == date(2026, 4, 1)


def _asks_the_clock(node: ast.AST) -> bool:
    """timezone.now, date.today, datetime.now / utcnow / today, time.time, timezone.localdate…"""
    asking = {"now", "today", "utcnow", "localdate", "localtime"}
    owners = {"timezone", "date", "datetime"}
    if not isinstance(node, ast.Attribute) or node.attr not in asking:
        return False
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name in owners


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("timezone.now()", True),
        ("date.today()", True),
        ("datetime.now(tz=UTC)", True),
        ("datetime.datetime.utcnow()", True),
        ("default=timezone.now", True),
        ("timezone.localdate()", True),
        ("now(request)", False),
        ("clock.today(request)", False),
    ],
)
def test_the_search_finds_what_it_looks_for(line, asks):
    tree = ast.parse(line)

    assert any(_asks_the_clock(node) for node in ast.walk(tree)) is asks


def test_nobody_but_the_clock_asks_what_time_it_is():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != ROOT / "teikyaku" / "clock.py" and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if _asks_the_clock(node)
    ]

    assert found == []
