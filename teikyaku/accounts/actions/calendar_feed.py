"""The secret address of one's calendar: made, made anew, revoked, read."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import validate
from teikyaku.accounts.models import AuditEvent, CalendarFeed, Membership, User
from teikyaku.accounts.queries.calendar_feed import feed_of, hash_of
from teikyaku.clock import date_of

TOKEN_BYTES = 32


@transaction.atomic
def make_feed(*, replaces: str, by: Membership, at: datetime) -> str:
    """A new secret address for `by`'s own calendar; the former one, if any, is revoked.

    Returns the token, which nobody can read again. `replaces` is the public id of the address that
    the page showed, "" for none. Raises ValidationError when it is another one by now: a page sent
    twice must not undo the address that it has just handed out.
    """
    user = User.objects.select_for_update().get(pk=by.user_id)
    former = feed_of(user)
    if replaces != (str(former.public_id) if former else ""):
        raise ValidationError(
            _("このあいだに、予定表のアドレスが変わっています。いまの状態を確かめてください。")
        )
    if former is not None:
        _revoke(former, by, at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = CalendarFeed(user=user, token_hash=hash_of(token), created_at=at)
    validate(row)
    row.save()
    audit(verb="feed_issued", subject=row, by=by, at=at)
    return token


@transaction.atomic
def revoke_feed(*, by: Membership, at: datetime) -> None:
    """`by`'s address answers nobody any more; without one, nothing happens."""
    user = User.objects.select_for_update().get(pk=by.user_id)
    feed = feed_of(user)
    if feed is not None:
        _revoke(feed, by, at)


def _revoke(feed: CalendarFeed, by: Membership, at: datetime) -> None:
    feed.revoked_at = at
    feed.save(update_fields=["revoked_at"])
    audit(verb="feed_revoked", subject=feed, by=by, at=at)


def note_reading(*, feed: CalendarFeed, membership: Membership, at: datetime) -> None:
    """The feed was read: its day, and one audit line a day. Calendars ask every few hours."""
    on = date_of(at)
    unread = CalendarFeed.objects.filter(
        Q(last_fetched_on=None) | Q(last_fetched_on__lt=on), pk=feed.pk
    )
    if feed.last_fetched_on == on or not unread.update(last_fetched_on=on):
        return
    AuditEvent.objects.create(
        at=at, user=feed.user, membership=membership, verb="feed_read",
        outcome=AuditEvent.Outcome.READ, subject_type="calendarfeed", subject_id=feed.public_id,
    )  # fmt: skip
