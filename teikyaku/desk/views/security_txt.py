"""security.txt (RFC 9116): whom to tell of a weakness, where the operator has named somebody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from teikyaku.clock import at_noon, today
from teikyaku.periods import Month

# The standard wants less than a year: whoever reads it later asks again.
VALID_MONTHS = 6


@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Contact, last day and languages; 404 where no contact is set."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    until = at_noon((Month.of(today(request)) + VALID_MONTHS).first_day)
    lines = (
        f"Contact: {contact}",
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: ja, en",
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
