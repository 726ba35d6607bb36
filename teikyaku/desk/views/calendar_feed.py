"""The calendar feed: read by calendars without a sign-in, by its secret address alone."""

from __future__ import annotations

from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plans.queries.reminder_feed import feed_days, feed_members
from teikyaku.accounts.actions.calendar_feed import note_reading
from teikyaku.accounts.queries.calendar_feed import feed_by, hash_of
from teikyaku.accounts.rate import address_of, wait_seconds
from teikyaku.calendars import MIME, calendar_file
from teikyaku.clock import date_of, now

# Calendars ask every few hours; large services ask for many people from one address.
A_MINUTE_BY_TOKEN = 10
A_MINUTE_BY_ADDRESS = 120


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The days of whoever made this address, as of today.

    404, the same for all, for an address that is wrong, revoked, or whose owner works nowhere now.
    """
    wait = wait_seconds(request, "feed", address_of(request), A_MINUTE_BY_ADDRESS)
    wait = wait or wait_seconds(request, "feed", hash_of(token), A_MINUTE_BY_TOKEN)
    if wait:
        return _private(HttpResponse(status=429, headers={"Retry-After": str(wait)}))
    at = now(request)
    on = date_of(at)
    feed = feed_by(token)
    members = feed_members(feed.user, on) if feed else []
    if feed is None or not members:
        return _private(HttpResponse(status=404))
    body = calendar_file(_("teikyaku 面談の予定"), feed_days(members, on), on=on)
    note_reading(feed=feed, membership=members[0], at=at)
    response = HttpResponse(body, content_type=MIME)
    response["Content-Disposition"] = 'inline; filename="teikyaku.ics"'
    response["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
    kept = get_conditional_response(request, etag=response["ETag"], response=response)
    return _private(kept or response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
