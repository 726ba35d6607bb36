"""The way from a month to the page of the municipality's answer."""

from __future__ import annotations

from django.urls import reverse

from billing.queries.month import MonthEntry
from plans.rules.city_answer import asked_about
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership


def answer_url(entry: MonthEntry, reader: Membership) -> str:
    """Where an answer is recorded, or read; "" where nothing is asked and nothing was said."""
    asked = asked_about((*entry.reasons, *entry.warnings))
    if not asked and entry.additions.city is None:
        return ""
    support = entry.support
    url = reverse("city_answer", args=[support.enrolment_public_id, support.month])
    return url if may_open(reader, url) else ""
