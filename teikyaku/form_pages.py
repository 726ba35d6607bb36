"""One way to show a form on a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

# A name, not an import: the plain modules know no app.
PERSON_PAGE = "client_page"


def trail(heading: str, back: str) -> list[dict[str, str]]:
    """The way to a form that leads back to a person's page; empty for every other form.

    No name in it: browsers keep what they show.
    """
    try:
        is_person = resolve(back).view_name == PERSON_PAGE
    except Resolver404:
        is_person = False
    if not is_person:
        return []
    return [
        {"label": _("利用者"), "url": reverse("client_list")},
        {"label": _("この人のページ"), "url": back},
        {"label": heading, "url": ""},
    ]


def form_page(
    request: HttpRequest,
    form: Any,
    *,
    heading: str,
    cancel_url: str,
    lead: str = "",
    submit_label: str = "",
    template: str = "components/form_page.html",
    **context: Any,
) -> HttpResponse:
    """The page with `form`; 422 when it comes back with errors, so that nothing takes it for done."""
    values = {
        "subject": None,
        "breadcrumbs": trail(heading, cancel_url),
        "form": form,
        "heading": heading,
        "lead": lead,
        "cancel_url": cancel_url,
        "submit": submit_label,
        **context,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, values, status=status)
