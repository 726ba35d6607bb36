"""Which backups stay: a pure rule over their times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

# Within two days every one stays: what went wrong this morning is undone to the hour before.
EVERY_ONE = timedelta(days=2)


def to_remove(made: Iterable[datetime], now: datetime, keep_days: int) -> list[datetime]:
    """The times of those to remove: older than `keep_days`, or not the last of their day.

    docs/keeping.md: an erasure reaches no backup, so they are kept for a short time. The newest one
    always stays, however old: when the job has stopped, the last good copy is not lost to it.
    """
    times = sorted(set(made))
    if not times:
        return []
    last_of_day = {moment.date(): moment for moment in times}
    oldest = now - timedelta(days=keep_days)
    return [
        moment
        for moment in times[:-1]
        if moment < oldest or (moment < now - EVERY_ONE and last_of_day[moment.date()] != moment)
    ]
