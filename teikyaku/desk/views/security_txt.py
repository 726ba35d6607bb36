"""security.txt (RFC 9116): whom to tell of a weakness, where the operator has named somebody."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from teikyaku.clock import TOKYO, today
from teikyaku.periods import Month

# The standard wants less than a year: whoever reads it later asks again.
VALID_MONTHS = 6
END_OF_DAY = time(23, 59, 59)


@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact, last day and languages; 404 where no contact is set, or the day that was set is over."""
    contact, on = settings.SECURITY_CONTACT, today(request)
    last = settings.SECURITY_CONTACT_UNTIL or (Month.of(on) + VALID_MONTHS).first_day
    if not contact or last < on:
        raise Http404
    until = datetime.combine(last, END_OF_DAY, TOKYO)
    lines = (
        f"Contact: {contact}",
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: ja, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
