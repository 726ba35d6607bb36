"""Whether somebody must set up a second factor before anything else."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

# Pages that stay open without a second factor: those that set one up, and the way out.
OPEN_PREFIXES = ("/accounts/", "/static/", "/healthz")


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the active roles demand a second factor and the user has none."""
    membership = getattr(request, "membership", None)
    if membership is None or not set(membership.roles) & set(settings.SECOND_FACTOR_ROLES):
        return False
    # Asked once a session: the answer only changes on pages that stay open anyway.
    if request.session.get("has_second_factor"):
        return False
    types = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    has_one = Authenticator.objects.filter(user=request.user, type__in=types).exists()
    if has_one:
        request.session["has_second_factor"] = True
    return not has_one


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
