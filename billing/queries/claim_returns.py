"""返戻: whose claim of a month came back and is not claimed anew yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from billing.models import ClaimReturn
from billing.queries.claim_rows import unclaimed
from clients.queries.subject import names_seen
from teikyaku.accounts.models import Office
from teikyaku.clock import date_of
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class ReturnedPerson:
    """One person's month whose claim came back."""

    person_month: UUID
    name: str
    kana: str
    returned_on: date
    """When it was recorded."""


def returned_people(office: Office, month: Month, on: date) -> list[ReturnedPerson]:
    """By kana; whoever was corrected since is told there (three queries at most)."""
    returns = (
        ClaimReturn.objects.filter(
            entry__person_month__in=unclaimed(office).filter(month=month.first_day)
        )
        .select_related("entry__person_month__enrolment")
        .order_by("pk")
    )
    last = {row.entry.person_month: row for row in returns}
    if not last:
        return []
    names = names_seen([row.enrolment for row in last], on)
    found = [
        ReturnedPerson(
            person_month=row.public_id,
            name=names[row.enrolment_id].name if row.enrolment_id in names else "",
            kana=names[row.enrolment_id].kana if row.enrolment_id in names else "",
            returned_on=date_of(each.recorded_at),
        )
        for row, each in last.items()
    ]
    return sorted(found, key=lambda each: (each.kana, each.name))
