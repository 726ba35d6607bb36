"""はじめての案内: put away from the home, brought back from one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teikyaku.accounts.access import active_membership
from teikyaku.accounts.actions.first_steps import hide_steps, show_steps


@require_POST
def first_steps_hide(request: HttpRequest) -> HttpResponse:
    """Put the card of one's present roles away."""
    hide_steps(user=request.user, roles=active_membership(request).roles)  # type: ignore[arg-type]
    messages.success(request, _("案内をしまいました。右上の自分の名前のメニューから戻せます。"))
    return redirect("home")


@require_POST
def first_steps_show(request: HttpRequest) -> HttpResponse:
    """Bring the cards back."""
    show_steps(user=request.user)  # type: ignore[arg-type]
    return redirect("home")
