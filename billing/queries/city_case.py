"""What the municipality is asked about one person's month, and what it has said so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from billing.models import CityAnswer
from billing.queries.open_entry import open_entry
from billing.rules.city_answer import mark
from clients.models import Enrolment
from plans.rules.city_answer import SETTLED_BY_YES, asked_about
from teikyaku.periods import Month
from teikyaku.reasons import Reason


@dataclass(frozen=True, slots=True)
class CityCase:
    """A month about which the municipality is asked."""

    asked: tuple[Reason, ...]
    """Why it is asked, as the facts stand, whatever it has said."""
    rows: tuple[CityAnswer, ...]
    """Everything that was recorded, oldest first."""
    payer: int | None
    """The key of the municipality that the month would be claimed from."""

    @property
    def newest(self) -> CityAnswer | None:
        """The row that the next one replaces; it may take the answer back."""
        return self.rows[-1] if self.rows else None

    @property
    def standing(self) -> CityAnswer | None:
        """What holds."""
        newest = self.newest
        return None if newest is None or newest.is_withdrawn else newest

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons that an answer of today is about."""
        return tuple(each.code for each in self.asked)

    @property
    def mark(self) -> str:
        """What the page shows: an answer to something else is refused."""
        return mark(str(self.newest.public_id) if self.newest else "", self.codes, self.payer)

    @property
    def can_be_settled(self) -> bool:
        """Whether a yes lets the month be billed: nothing else is to be put right for it."""
        return any(code in SETTLED_BY_YES for code in self.codes)


def city_case(enrolment: Enrolment, month: Month, on: date) -> CityCase | None:
    """The case of one month; None where there was no use in it (a constant number of queries)."""
    entry = open_entry(enrolment, month, on, is_answered=False)
    if entry is None:
        return None
    rows = CityAnswer.objects.filter(enrolment=enrolment, month=month.first_day)
    told = rows.select_related("recorded_by__user").order_by("pk")
    asked = asked_about((*entry.reasons, *entry.warnings))
    return CityCase(asked, tuple(told), entry.support.municipality_id)
