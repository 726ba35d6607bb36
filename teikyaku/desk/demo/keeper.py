"""Whether the database holds a demo city, of which day, and whether somebody wrote in it."""

from __future__ import annotations

from datetime import date

from django.core.management import call_command

from clients.models import Attachment
from teikyaku.accounts.models import AuditEvent, User
from teikyaku.desk.demo.city import BUILT
from teikyaku.scans import store


def built_on() -> date | None:
    """The day of the city on file; None when there is none."""
    event = AuditEvent.objects.filter(verb=BUILT).order_by("pk").last()
    return date.fromisoformat(event.fields[0]) if event else None


def is_empty() -> bool:
    """Whether nobody is on file at all."""
    return not User.objects.exists()


def was_written_in() -> bool:
    """Whether anything was done after the city was built."""
    event = AuditEvent.objects.filter(verb=BUILT).order_by("pk").last()
    if event is None:
        return not is_empty()
    return AuditEvent.objects.filter(pk__gt=event.pk, outcome=AuditEvent.Outcome.DONE).exists()


def clear() -> None:
    """Empty every table, and erase the files that its rows held (nothing else in the folder)."""
    parts = Attachment.objects.values_list("file", "picture", "thumbnail")
    names = [name for row in parts for name in row]
    call_command("flush", interactive=False, verbosity=0)
    store.remove(names)
