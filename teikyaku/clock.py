"""The one edge where "now" enters. Below it, every question takes its date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")


def now(request: HttpRequest | None = None) -> datetime:
    """This instant, aware. Views pass their request: in the demo it may look as of another date."""
    moment = timezone.now()
    as_of: date | None = getattr(request, "as_of", None)
    if as_of is None:
        return moment
    return datetime.combine(as_of, moment.astimezone(TOKYO).timetz())


def today(request: HttpRequest | None = None) -> date:
    """Today's date in Tokyo, also at 00:30 there on a server in UTC."""
    return date_of(now(request))


def date_of(at: datetime) -> date:
    """The date in Tokyo of an aware instant (docs/rules.md §10). Raises ValueError for a naive one."""
    if at.tzinfo is None:
        # astimezone would take it for the server's own time, whatever that is.
        raise ValueError("an instant without a time zone has no date")
    return at.astimezone(TOKYO).date()


def at_noon(day: date) -> datetime:
    """Noon in Tokyo of a day: an instant for facts that only have a date.

    On a morning, today's facts are of now: stamped ahead, they would stand after what follows them.
    """
    noon, moment = datetime.combine(day, time(12), tzinfo=TOKYO), now()
    return moment if moment < noon and date_of(moment) == day else noon


def at_start_of(day: date) -> datetime:
    """The instant at which a day begins in Tokyo."""
    return datetime.combine(day, time.min, tzinfo=TOKYO)


def end_of(day: date) -> datetime:
    """The instant at which a day is over in Tokyo: what happened before it was on that day or earlier."""
    return at_start_of(day + timedelta(days=1))
