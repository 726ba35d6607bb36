"""The shape that the provider's pages share: a form about one enrolment, one action, back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Enrolment
from clients.queries.subject import subject_of
from teikyaku.accounts.flow import form_flow
from teikyaku.clock import today


def enrolment_form(
    request: HttpRequest, enrolment: Enrolment, form: Any, **page: Any
) -> HttpResponse:
    """As `form_flow`, and back to the person."""
    back = reverse("client_page", args=[enrolment.client.public_id])
    subject = subject_of(enrolment.client, today(request))
    return form_flow(request, form, back=back, subject=subject, **page)


def ward_trail(heading: str) -> list[dict[str, str]]:
    """The way to a page of the ward; no name in it, since browsers keep what they show."""
    return [
        {"label": _("申請と支給決定"), "url": reverse("admin:index")},
        {"label": heading, "url": ""},
    ]
