"""One person's month as the office's board judges it, without reading the board."""

from __future__ import annotations

from datetime import date

from billing.queries.additions import addition_facts
from billing.queries.cap_figures import cap_figures
from billing.queries.cap_management import support_in
from billing.queries.month import MonthEntry, entry_of
from billing.queries.office_month import office_month
from billing.queries.people_months import people_months
from clients.models import Enrolment
from teikyaku.periods import Month


def open_entry(
    enrolment: Enrolment, month: Month, on: date, *, is_answered: bool = True
) -> MonthEntry | None:
    """The verdict on the month as of `on`; None where there was no use in it (a constant number of queries).

    `is_answered=False`: as if the municipality had said nothing, so that every question stands.
    """
    office, support = enrolment.office, support_in(enrolment, month, on)
    if support is None:
        return None
    own = office_month(office, month)
    known = people_months([office], month, month).get(month)
    claimed = known.claims.get(enrolment.client_id, enrolment.pk) if known else enrolment.pk
    additions = addition_facts(office, month, month, on).of(support, own)
    return entry_of(
        support, own, is_claimed_elsewhere=claimed != enrolment.pk,
        managed=cap_figures([office], month, month).get((enrolment.pk, month)),
        additions=additions if is_answered else additions._replace(city=None),
    )  # fmt: skip
