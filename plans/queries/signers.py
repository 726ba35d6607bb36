"""Who may sign for a person on a day, as this office knows them."""

from __future__ import annotations

from datetime import date

from clients.access import not_of_another_office
from clients.models import Enrolment, RelatedPerson
from teikyaku.periods import in_force


def who_may_sign(enrolment: Enrolment, on: date) -> list[RelatedPerson]:
    """関係者 with the power to sign, 成年後見人 first (one query)."""
    found = RelatedPerson.objects.filter(
        in_force(on),
        not_of_another_office(enrolment.office_id),
        client=enrolment.client_id,
        may_sign=True,
    )
    return sorted(found, key=lambda row: (row.kind != RelatedPerson.Kind.GUARDIAN, row.pk))
