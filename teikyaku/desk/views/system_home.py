"""The system administrator's home."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.accounts.access import requires
from teikyaku.accounts.roles import Permission, Scope
from teikyaku.clock import date_of, now
from teikyaku.desk.queries.system_desk import system_desk


@requires(Permission.USER_MANAGE, scope=Scope.INSTALLATION)
def system_home(request: HttpRequest) -> HttpResponse:
    """Users, places, figures to check, mail and health, each with the list behind it."""
    at = now(request)
    context = {"desk": system_desk(at), "on": date_of(at)}
    return render(request, "desk/system_home.html", context)
