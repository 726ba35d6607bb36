"""Calendar files (RFC 5545): whole days, published for reading only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from icalendar import Calendar, Event

from teikyaku.clock import TOKYO
from teikyaku.periods import day_after

PRODUCT = "-//teikyaku//calendar//JA"
MIME = "text/calendar; charset=utf-8"
REFRESH = "PT6H"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One all-day entry. `uid` stays the same while the thing is the same, also on another day."""

    uid: UUID
    on: date
    title: str
    text: str = ""
    url: str = ""


def calendar_file(name: str, days: Iterable[CalendarDay], *, on: date) -> bytes:
    """The file as calendars subscribe to it; the same bytes for the same entries all day of `on`."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", TOKYO.key)
    calendar.add("x-published-ttl", REFRESH)
    # Whole days need no time zone; the stamp is an instant in UTC.
    stamp = datetime.combine(on, time.min, tzinfo=TOKYO).astimezone(UTC)
    for day in days:
        calendar.add_component(_event(day, stamp))
    return calendar.to_ical()


def _event(day: CalendarDay, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{day.uid}@teikyaku")
    event.add("dtstamp", stamp)
    event.add("dtstart", day.on)
    event.add("dtend", day_after(day.on))
    event.add("summary", day.title)
    if day.text:
        event.add("description", day.text)
    if day.url:
        event.add("url", day.url)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
