"""Home: what is to be done today, by role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from teikyaku.accounts.access import active_membership


def home(request: HttpRequest) -> HttpResponse:
    """The page after the sign-in."""
    active_membership(request)
    return render(request, "desk/home.html")
