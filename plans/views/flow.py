"""The shape that the provider's pages share: a form about one enrolment, one action, back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from clients.models import Enrolment
from teikyaku.accounts.access import active_membership
from teikyaku.clock import now
from teikyaku.constraints import violations_as_form_errors
from teikyaku.form_pages import form_page


def enrolment_form(
    request: HttpRequest,
    enrolment: Enrolment,
    form: Any,
    *,
    heading: str,
    done: str,
    run: Callable[..., Any],
    checked: tuple[type[models.Model], ...],
    **page: Any,
) -> HttpResponse:
    """Show `form`; on a valid post call `run(by=…, at=…)` and return to the person.

    `checked` are the models whose constraints may answer at the form's fields.
    """
    person = enrolment.client.public_id
    if request.method == "POST" and form.is_valid():
        with violations_as_form_errors(form, *checked):
            run(by=active_membership(request), at=now(request))
        if not form.errors:
            messages.success(request, done)
            return redirect("client_page", person)
    cancel_url = reverse("client_page", args=[person])
    return form_page(request, form, heading=heading, cancel_url=cancel_url, **page)
