"""利用できるかの確認 of the ward: kept with the person, beside the application."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clients.views.screening import screen_and_keep
from plans.access import get_filed_application_or_404
from plans.actions.referral import keep_asked
from plans.views.ward import WRITES


@WRITES
def ward_screening(request: HttpRequest, application: UUID) -> HttpResponse:
    """Ask, answer with reasons, and keep the answer; only where the person's file lies here."""
    row = get_filed_application_or_404(request, application)
    back = reverse("admin:application_page", args=[row.public_id])
    refer_url = reverse("admin:ward_referral_new", args=[row.public_id])
    return screen_and_keep(request, row.client, back=back, keep=keep_asked, refer_url=refer_url)
