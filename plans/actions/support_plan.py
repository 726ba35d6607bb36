"""個別支援計画: recorded when it was handed over, with the dates of its steps in order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions.facts import refuse_future
from clients.models import Enrolment
from plans.models import SupportPlan
from plans.rules.support_plan import latest_review
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.accounts.queries.figures import figure
from teikyaku.era import both
from teikyaku.periods import Month


@transaction.atomic
def record_support_plan(
    *, enrolment: Enrolment, by: Membership, at: datetime, handed_over_on: date, **facts: Any
) -> SupportPlan:
    """A plan with its steps: assessment, draft, meeting, consent, handing over (§6).

    Raises ValidationError when the dates are out of order.
    """
    refuse_future(at=at, handed_over_on=handed_over_on)
    refuse_late_review(facts["starts_on"], facts["review_by"])
    row = SupportPlan(enrolment=enrolment, handed_over_on=handed_over_on, **facts)
    person = enrolment.client.public_id
    return save_record(row, verb="support_plan_recorded", by=by, at=at, person_id=person)


def refuse_late_review(starts_on: date, review_by: date) -> None:
    """Refuse a review later than the rule allows, at `review_by`."""
    months = int(figure("support_plan.review_months", Month.of(starts_on)).value)
    latest = latest_review(starts_on, months)
    if review_by > latest:
        message = _("見直しは%(n)sか月以内（%(on)sまで）にしてください。")
        raise ValidationError({"review_by": message % {"n": months, "on": both(latest)}})
