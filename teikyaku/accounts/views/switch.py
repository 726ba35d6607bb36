"""Switching the office or ward in which one acts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.middleware import MEMBERSHIP_KEY


@require_POST
def switch_membership(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own memberships from now on."""
    wanted = request.POST.get("membership", "")
    for membership in request.memberships:  # type: ignore[attr-defined]
        if str(membership.public_id) == wanted:
            request.session[MEMBERSHIP_KEY] = wanted
            messages.success(
                request, _("%(place)s に切り替えました。") % {"place": membership.label}
            )
            return redirect("home")
    raise Http404
