"""利用できるかの確認 of the ward: kept with the person, beside the application."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from clients.views.screening import screen_and_keep
from plans.access import active_ward, get_application_or_404
from plans.views.ward import WRITES


@WRITES
def ward_screening(request: HttpRequest, application: UUID) -> HttpResponse:
    """Ask, answer with reasons, and keep the answer; not after the file passed to another ward."""
    row = get_application_or_404(request, application)
    decision = getattr(row, "decision", None)
    if decision is not None and decision.passed_to_id not in (None, active_ward(request).pk):
        raise Http404
    back = reverse("admin:application_page", args=[row.public_id])
    return screen_and_keep(request, row.client, back=back)
