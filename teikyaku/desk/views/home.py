"""Home: what is to be done today, by role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from teikyaku.accounts.access import active_membership
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import today
from teikyaku.desk.queries.home import office_home


def home(request: HttpRequest) -> HttpResponse:
    """The page after the sign-in. Wards and administrators work in the admin site."""
    if getattr(request, "membership", None) is None:
        return render(request, "desk/no_membership.html", status=200)
    membership = active_membership(request)
    if membership.scope == Scope.INSTALLATION:
        return redirect("people")
    if membership.scope != Scope.OFFICE:
        return redirect("admin:index")
    on = today(request)
    context = {
        "home": office_home(membership, on),
        "on": on,
        "can_log": membership.may(Permission.INTERVIEW_WRITE),
    }
    return render(request, "desk/home.html", context)
