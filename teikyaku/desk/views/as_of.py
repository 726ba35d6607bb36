"""As of: choosing the date as of which the demo is looked at."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.clock import today
from teikyaku.desk.as_of import SESSION_KEY
from teikyaku.desk.forms.as_of import AsOfForm
from teikyaku.era import both
from teikyaku.periods import months_later

# The demo lives some years; further away nothing is there to be seen.
MOST_MONTHS = 60


@require_POST
def as_of(request: HttpRequest) -> HttpResponse:
    """Look at everything as of the date; an empty one, or today's, goes back to today."""
    if settings.MODE == "production":
        raise Http404
    form, on = AsOfForm(request.POST), today(request)
    request.session.pop(SESSION_KEY, None)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["as_of"])))
    elif (chosen := form.cleaned_data["as_of"]) is not None and chosen != on:
        first, last = months_later(on, -MOST_MONTHS), months_later(on, MOST_MONTHS)
        if first <= chosen <= last:
            request.session[SESSION_KEY] = chosen.isoformat()
        else:
            text = _("%(first)sから%(last)sまでの日にしてください。")
            messages.error(request, text % {"first": both(first), "last": both(last)})
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    # Anything else would be looked up as the name of a page.
    return wanted if is_ours and wanted.startswith("/") else "home"
