"""The shape that the provider's pages share: a form about one enrolment, one action, back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Enrolment
from clients.queries.subject import subject_of
from clients.views.beside import Beside
from teikyaku.accounts.flow import form_flow
from teikyaku.accounts.way_back import mended_month
from teikyaku.clock import today
from teikyaku.form_pages import below


def enrolment_form(
    request: HttpRequest, enrolment: Enrolment, form: Any, **page: Any
) -> HttpResponse:
    """As `form_flow`, and back to the person unless `page` says where to."""
    page.setdefault("back", reverse("client_page", args=[enrolment.client.public_id]))
    subject = subject_of(enrolment.client, today(request))
    return form_flow(request, form, subject=subject, **page)


def form_beside(
    request: HttpRequest,
    enrolment: Enrolment,
    form: Any,
    side: Beside,
    *,
    run: Callable[..., Any],
    dated_by: str = "",
    **page: Any,
) -> HttpResponse:
    """As `enrolment_form`, with the paper at its side; saving links the paper to the record.

    `dated_by` is the field whose day a paper without a date takes over.
    """
    side.keep_typed(form)

    def record(**who: Any) -> Any:
        dated_on = form.cleaned_data[dated_by] if dated_by else None
        return side.recording(lambda: run(**who), dated_on, **who)

    return side.finish(
        enrolment_form(request, enrolment, form, run=record, **side.context(), **page)
    )


def ward_trail(heading: str, parent: str = "admin:index") -> list[dict[str, str]]:
    """The way to a page of the ward, over the list that it belongs to."""
    return below(parent, heading)


def title_of(name: Any, otherwise: str) -> str:
    """Whose record a page is, for its last crumb; what it is, where no name is known."""
    return name.name if name is not None else otherwise


def lead_of_month(request: HttpRequest, lead: str) -> str:
    """The lead of a form; where a month's list led to it, first which month it is to cover."""
    month = mended_month(request)
    if month is None:
        return lead
    text = _(
        "%(month)sの請求に足りないものです。%(month)sが入る期間を、紙のとおりに入れてください。"
    )
    return text % {"month": month.label} + lead
