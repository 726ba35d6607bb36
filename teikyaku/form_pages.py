"""One way to show a form on a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


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
        "form": form,
        "heading": heading,
        "lead": lead,
        "cancel_url": cancel_url,
        "submit": submit_label,
        **context,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, values, status=status)
