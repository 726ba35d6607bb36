"""kill -9 in the middle of a close: nothing is half closed, and the next run closes all.

`KILLS=50` kills so often at moments by chance, and at each statement instead of at every other.
"""

from __future__ import annotations

import os
import random
import signal
import time
from typing import Any

import pytest
from django.db import connection

from billing.actions import close_run
from billing.actions.close_run import close_months
from billing.models import MonthClosing, PersonMonth, PersonMonthLine
from billing.queries.verify import broken_closings
from teikyaku.accounts.models import AuditEvent
from teikyaku.clock import at_noon, today
from teikyaku.periods import Month
from tests.cast import cast_of
from tests.chaos.killing import Killer, forked, was_killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

KILLS = int(os.environ.get("KILLS", "5"))
STEP = 1 if "KILLS" in os.environ else 2
FAR = 1_000


class TwoOffices:
    """The two offices of the cast, each with one person whose last month is ready."""

    def __init__(self) -> None:
        self.cast = cast_of(today())
        self.month = Month.of(self.cast.today) - 1
        self.before = AuditEvent.objects.count()

    def close(self) -> None:
        by = [self.cast.members["billing"], self.cast.members["outsider"]]
        for run in close_months(month=self.month, by=by, at=at_noon(self.cast.today)):
            assert not run.problem

    def close_and_die(self, after: int) -> None:
        with connection.execute_wrapper(Killer(after)):
            self.close()

    @property
    def closings(self) -> Any:
        return MonthClosing.objects.filter(month=self.month.first_day)

    def assert_nothing_is_half(self) -> int:
        """How many offices are closed: each wholly, with its line in the audit, or not at all."""
        closed = self.closings.count()
        assert list(broken_closings()) == []
        for row in self.closings:
            people = row.person_months.count()
            lines = PersonMonthLine.objects.filter(person_month__closing=row).count()
            assert (people, lines) == (1, 1)
        assert PersonMonth.objects.filter(month=self.month.first_day).count() == closed
        assert AuditEvent.objects.count() == self.before + closed
        return closed

    def open_again(self) -> None:
        """Take the closes back, behind the frozen rows."""
        closings = self.closings.values("pk")
        rows = PersonMonth.objects.filter(closing__in=closings).values("pk")
        PersonMonthLine.objects.filter(person_month__in=rows)._raw_delete("default")
        PersonMonth.objects.filter(closing__in=closings)._raw_delete("default")
        self.closings._raw_delete("default")
        last = AuditEvent.objects.order_by("pk")[: self.before].values_list("pk", flat=True)
        AuditEvent.objects.exclude(pk__in=list(last))._raw_delete("default")


@pytest.mark.parametrize(
    ("together", "left"),
    [
        (1, {0, 1}),  # after the last statement of the second office comes its commit
        (2, {0}),  # after that of both comes the commit of both
    ],
)
def test_killed_at_each_statement_it_leaves_nothing_half(monkeypatch, together, left):
    monkeypatch.setattr(close_run, "OFFICES_TOGETHER", together)
    town = TwoOffices()
    seen, after = set(), 1
    while was_killed(forked(lambda after=after: town.close_and_die(after))):
        seen.add(town.assert_nothing_is_half())
        town.close()  # the next run closes all
        assert town.assert_nothing_is_half() == 2
        town.open_again()
        after += STEP
        assert after < FAR
    assert seen == left
    assert town.assert_nothing_is_half() == 2


def test_killed_at_any_moment_it_leaves_nothing_half():
    town, chance = TwoOffices(), random.Random(7)
    began = time.perf_counter()
    assert not was_killed(forked(town.close))
    whole = time.perf_counter() - began
    for _each in range(KILLS):
        town.open_again()
        child = forked(town.close)
        time.sleep(chance.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
        was_killed(child)
        town.assert_nothing_is_half()
        town.close()
        assert town.assert_nothing_is_half() == 2
