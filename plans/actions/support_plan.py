"""個別支援計画: recorded when it was handed over, with the dates of its steps in order."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from clients.actions.facts import refuse_future
from clients.models import Enrolment
from plans.models import SupportPlan
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership


@transaction.atomic
def record_support_plan(
    *, enrolment: Enrolment, by: Membership, at: datetime, handed_over_on: date, **facts: object
) -> SupportPlan:
    """A plan with its steps: assessment, draft, meeting, consent, handing over (§6).

    Raises ValidationError when the dates are out of order.
    """
    refuse_future(at=at, handed_over_on=handed_over_on)
    row = SupportPlan(enrolment=enrolment, handed_over_on=handed_over_on, **facts)
    person = enrolment.client.public_id
    return save_record(row, verb="support_plan_recorded", by=by, at=at, person_id=person)
