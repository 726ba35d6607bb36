"""返戻: whose claim of a month came back and is not claimed anew yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from billing.models import ClaimReturn, ClaimReturnReason, PersonMonth
from billing.queries.claim_rows import unclaimed
from billing.rules.claim_return import ReturnReason
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
    public_id: UUID
    """Of the return."""
    returned_on: date
    """As the list says; without a reason, when it was recorded."""
    reason: str
    """Code and words; empty where nobody has recorded them."""


def returned_people(office: Office, month: Month, on: date) -> list[ReturnedPerson]:
    """By kana; whoever was corrected since is told there (four queries at most)."""
    returns = (
        ClaimReturn.objects.filter(
            entry__person_month__in=unclaimed(office).filter(month=month.first_day)
        )
        .select_related("entry__person_month__enrolment")
        .prefetch_related("reasons")
        .order_by("pk")
    )
    last = {row.entry.person_month: row for row in returns}
    if not last:
        return []
    names = names_seen([row.enrolment for row in last], on)
    found = [
        ReturnedPerson(
            public_id=each.public_id,
            person_month=row.public_id,
            name=names[row.enrolment_id].name if row.enrolment_id in names else "",
            kana=names[row.enrolment_id].kana if row.enrolment_id in names else "",
            returned_on=said.returned_on if (said := _last(each)) else date_of(each.recorded_at),
            reason=said.text if said else "",
        )
        for row, each in last.items()
    ]
    return sorted(found, key=lambda each: (each.kana, each.name))


def _last(row: ClaimReturn) -> ReturnReason | None:
    """What the list says of it, as it was recorded last (of rows read with their reasons)."""
    found = list(row.reasons.all())
    return found[-1].value if found else None


def reason_of(row: PersonMonth) -> ReturnReason | None:
    """Why the claim of this month came back the last time; None where it did not, or nobody said (one query)."""
    last = ClaimReturnReason.objects.filter(claim_return__entry__person_month=row).last()
    return last.value if last else None


def reasons_told(people: Iterable[ReturnedPerson]) -> dict[UUID, str]:
    """Of each person's month what a list says of its return."""
    return {
        each.person_month: _("返戻：%(why)s") % {"why": each.reason or _("事由の記録がありません")}
        for each in people
    }
