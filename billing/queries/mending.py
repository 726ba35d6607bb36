"""Where each reason of a held or lost month is mended."""

from __future__ import annotations

from django.urls import reverse

from plans.queries.month import MonthOfSupport
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.reasons import Reason

ENROLMENT_PAGES = {
    "no_meeting": "interview_new",
    "meeting_to_come": "interview_new",
    "no_contract": "contract_new",
    "no_decision": "certificate_transcribe",
    "renewal_late": "certificate_transcribe",
    "no_certificate": "certificate_transcribe",
    "no_cap": "cap_new",
    "no_support_plan": "support_plan_new",
}
# Settled with the person or the municipality, on no page of ours.
ELSEWHERE = ("claimed_elsewhere", "served_elsewhere")
OFFICE_PAGES = {"no_tier": "office_settings"}


def mending_url(reason: Reason, support: MonthOfSupport, reader: Membership) -> str:
    """The page on which the reason is mended; the person's page where there is no better one.

    Also the person's page for a reader who may not write there: who is in charge stands on it.
    """
    url = _page_of(reason, support)
    person = reverse("client_page", args=[support.client_public_id])
    return url if not url or may_open(reader, url) else person


def _page_of(reason: Reason, support: MonthOfSupport) -> str:
    if reason.code in ENROLMENT_PAGES:
        return reverse(ENROLMENT_PAGES[reason.code], args=[support.enrolment_public_id])
    if reason.code == "report_not_shared":
        return reverse("report_page", args=[support.enrolment_public_id, support.month])
    if reason.code in OFFICE_PAGES:
        return reverse(OFFICE_PAGES[reason.code])
    if reason.code in ("no_tariff", "no_unit_price", "refused", "barred", *ELSEWHERE):
        return ""
    return reverse("client_page", args=[support.client_public_id])
