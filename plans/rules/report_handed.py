"""Whether a report counts as handed over: not on a day before all that its month brought. Pure.

docs/rules.md §6: a report that went out before the first meeting of its month is held (?). A correction
of that meeting can make it so later; whoever asks, lists, mails or bills asks here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def is_early(shared_on: date, met: Sequence[date]) -> bool:
    """Whether it went to the person before the first of `met`, the counted meetings of its month.

    Where nothing counts, there is nothing to tell of, and a report is never early.
    """
    return bool(met) and shared_on < min(met)


def handed_on(shared: Sequence[date], met: Sequence[date]) -> date | None:
    """The first day on which it was handed over and was not early; None without one."""
    return min((day for day in shared if not is_early(day, met)), default=None)
