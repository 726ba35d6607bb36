"""Do the support plans lie in the time in which the office worked with the person?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q

from plans.models import SupportPlan
from teikyaku.desk.inconsistencies.found import Found

CHUNK = 500


def plan_periods(at: datetime) -> Iterator[Found]:
    """Plans handed over that begin before the office knew the person, or after its work ended."""
    outside = Q(starts_on__lt=F("enrolment__starts_on")) | Q(starts_on__gt=F("enrolment__ends_on"))
    rows = SupportPlan.objects.complete().filter(outside).select_related("enrolment")
    for plan in rows.order_by("pk").iterator(chunk_size=CHUNK):
        yield Found(
            str(plan.public_id), plan.enrolment.office_id, "",
            "support_plan_page", (str(plan.enrolment.public_id), str(plan.public_id)),
        )  # fmt: skip
