"""Reminders of the demo city: three weeks of mails that went out, and two calendars in use."""

from __future__ import annotations

from datetime import timedelta

from plans.actions.reminder import write_reminders
from plans.rules.reminder import monday_of
from teikyaku.accounts.actions.calendar_feed import make_feed, note_reading
from teikyaku.accounts.models import CalendarFeed, OutboxMail
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City

WEEKS = 2
CALENDARS = ("worker2", "akari-all")
CALENDAR_DAYS = 40


def send_notices(city: City) -> None:
    """As if the job had run every Monday and today, and the mail server had taken all."""
    monday = monday_of(city.today)
    days = [monday - timedelta(weeks=back) for back in range(WEEKS, -1, -1)]
    for day in (*days, city.today):
        at = at_noon(day)
        write_reminders(at=at)
        OutboxMail.objects.waiting().update(sent_at=at)
    for key in CALENDARS:
        member = city.staff[key]
        made = at_noon(city.today - timedelta(days=CALENDAR_DAYS))
        make_feed(replaces="", by=member, at=made)
        feed = CalendarFeed.objects.get(user=member.user)
        note_reading(feed=feed, membership=member, at=at_noon(city.today))
