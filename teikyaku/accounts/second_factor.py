"""Whether somebody must set up a second factor before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

# Pages that stay open without a second factor: those that set one up, and the way out.
OPEN_PREFIXES = ("/accounts/", "/static/", "/healthz")


def has_second_factor(user: Any) -> bool:
    """Whether the user has set up an app or a key (recovery codes alone are none)."""
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=types).exists()


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the active roles demand a second factor and the user has none."""
    membership = getattr(request, "membership", None)
    if membership is None or not set(membership.roles) & set(settings.SECOND_FACTOR_ROLES):
        return False
    # Asked anew each time: a factor can be taken off in this session, or by a reset meanwhile.
    return not has_second_factor(request.user)


class SecondFactorMiddleware:
    """Leads who must have a second factor to setting one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or lead to the second factor."""
        is_open = request.path.startswith(OPEN_PREFIXES)
        if request.user.is_authenticated and not is_open and lacks_second_factor(request):
            messages.warning(request, _("この役割では、二要素認証の設定が必要です。"))
            return redirect("mfa_index")
        return self.get_response(request)
