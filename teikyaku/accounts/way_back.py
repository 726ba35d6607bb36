"""The way back: who mends what holds a month comes back to that month, and sees what is left.

The links of the month's page carry the month and the list on it (`mend=2026-10.held..2`). A form that was
opened by such a link ends at that list instead of wherever it ends otherwise, with its own message; pages on
the way show a line that leads back, until the month is opened again. Only a month, a list, a reason and a
page are taken from the address: it leads nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from teikyaku.accounts.roles import Permission
from teikyaku.form_pages import STORED
from teikyaku.periods import Month

PARAMETER = "mend"
KEY = "mending_month"
PAGE = "month_page"
# The money of an office as a whole: whoever turns to it is not mending somebody's month any more.
ELSEWHERE = frozenset(
    {
        "billing_home", "payments", "open_items", "payment_reminders", "debits", "journal",
        "opening_invoices", "opening_claims", "claim_payments", "money_page", "correction_list",
    }
)  # fmt: skip
# Whoever is at the month, or went home, is on no way back any more.
ENDS = (PAGE, "home")
# A button that keeps what is being written leads on to the same form.
KEEPS = "save_draft"


# As written in an address: month, list, reason, page of the list.
_WRITTEN = re.compile(
    r"(?P<month>[0-9-]{7})(\.(?P<list>[a-z-]{0,20})\.(?P<reason>[a-z_]{0,40})\.(?P<page>[0-9]{0,4}))?"
)


@dataclass(frozen=True, slots=True)
class WayBack:
    """A month, and where on its page somebody was: list, reason and page, each empty for the first."""

    month: Month
    list: str = ""
    reason: str = ""
    page: str = ""

    def __str__(self) -> str:
        place = (self.list, self.reason, self.page)
        return ".".join((str(self.month), *place)) if any(place) else str(self.month)

    @classmethod
    def parse(cls, text: Any) -> WayBack | None:
        """As `__str__` writes it; None for anything else."""
        match = _WRITTEN.fullmatch(str(text))
        if match is None:
            return None
        found = {name: match[name] or "" for name in ("list", "reason", "page")}
        try:
            return cls(Month.parse(match["month"]), **found)
        except ValueError:
            return None

    @property
    def url(self) -> str:
        """The list of the month's page."""
        found = {"list": self.list, "reason": self.reason, "page": self.page}
        asked = urlencode({name: value for name, value in found.items() if value})
        return reverse(PAGE, args=[self.month]) + (f"?{asked}" if asked else "")


def with_way_back(url: str, way: Month | WayBack) -> str:
    """The address of a page that mends something of the month."""
    path, hash_mark, part = url.partition("#")
    joint = "&" if "?" in path else "?"
    return f"{path}{joint}{PARAMETER}={way}{hash_mark}{part}"


def keeping_way_back(request: HttpRequest, url: str) -> str:
    """An address within a page: it leads to the same month as the page does."""
    way = WayBack.parse(request.GET.get(PARAMETER))
    return with_way_back(url, way) if way else url


def mended_month(request: HttpRequest) -> Month | None:
    """The month that the page was opened to mend; None where it was opened for itself."""
    way = WayBack.parse(request.GET.get(PARAMETER))
    return way.month if way else None


def way_back(request: HttpRequest) -> dict[str, Any] | None:
    """Label and address of the line that leads back, and the page alone; None where nobody came from a month.

    `mends`: this page itself was opened by such a link, so that whoever gives it up goes back there.
    """
    membership = getattr(request, "membership", None)
    if membership is None or not membership.may(Permission.MONTH_READ):
        return None
    way = WayBack.parse(request.session.get(KEY))
    if way is None:
        return None
    label = _("%(month)sの請求に戻る") % {"month": way.month.label}
    mends = request.GET.get(PARAMETER) == str(way)
    page = reverse(PAGE, args=[way.month])
    return {"label": label, "url": way.url, "page": page, "mends": mends}


class WayBackMiddleware:
    """Keeps the month that somebody came from, and leads back to it after a form was stored."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        way = WayBack.parse(request.GET.get(PARAMETER)) if request.user.is_authenticated else None
        if way and request.method == "GET" and request.session.get(KEY) != str(way):
            request.session[KEY] = str(way)
        answer = self.get_response(request)
        match = request.resolver_match
        if way and request.method == "POST" and _is_done(request, answer):
            # What waited on the device is told to go by this mark.
            _page, _mark, part = answer["Location"].partition("#")
            kept = f"#{part}" if f"#{part}".startswith(STORED) else ""
            return HttpResponseRedirect(way.url + kept)
        is_there = match is not None and match.url_name in ENDS and request.method == "GET"
        if is_there and request.user.is_authenticated and KEY in request.session:
            del request.session[KEY]
        return answer

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Before a page of `ELSEWHERE` that was not opened by such a link, the way back is forgotten."""
        match = request.resolver_match
        if match is None or match.url_name not in ELSEWHERE or PARAMETER in request.GET:
            return
        if request.user.is_authenticated and KEY in request.session:
            del request.session[KEY]


def _is_done(request: HttpRequest, answer: HttpResponse) -> bool:
    """Whether the form was stored: it leads on, and no error is told."""
    if not isinstance(answer, HttpResponseRedirect) or KEEPS in request.POST:
        return False
    told = getattr(messages.get_messages(request), "_queued_messages", ())
    return all(each.level < messages.ERROR for each in told)
