"""保留 of one person's month: what is missing, where it is mended, or whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from billing.models import PersonMonth
from billing.queries.additions import addition_facts
from billing.queries.cap_figures import cap_figures
from billing.queries.cap_management import support_in
from billing.queries.mending import is_up_to, mend_label, mending_url, only_reduces, who_mends
from billing.queries.month import entry_of
from billing.queries.office_month import office_month
from billing.queries.people_months import people_months
from clients.models import Enrolment
from plans.queries.caseload import staff_names
from plans.rules.month import MonthState
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason: its sentence, and the page that mends it, or who does."""

    text: str
    url: str
    """Empty where the reader cannot mend it, or no page of ours does."""
    label: str
    roles: str
    """Whose turn it is; empty where it is the reader's, or nobody's here."""
    only_reduces: bool = False
    """It holds nothing back: the month is billed for less."""


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """A month that is held, as the person's page tells of it."""

    month: Month
    url: str
    """The list that it stands in."""
    missing: tuple[Missing, ...]
    staff_name: str
    """Who is in charge of the person."""

    @property
    def is_with_others(self) -> bool:
        """The reader can do nothing about it."""
        return all(each.roles for each in self.missing if not each.only_reduces)


def held_month(
    enrolment: Enrolment, month: Month, on: date, reader: Membership
) -> HeldMonth | None:
    """The person's month where it is held; None where it is not (a constant number of queries)."""
    if month > Month.of(on):
        return None
    office, support = enrolment.office, support_in(enrolment, month, on)
    closed = PersonMonth.objects.standing().filter(enrolment=enrolment, month=month.first_day)
    if support is None or closed.exists():
        return None
    own = office_month(office, month)
    known = people_months([office], month, month).get(month)
    claimed = known.claims.get(enrolment.client_id, enrolment.pk) if known else enrolment.pk
    entry = entry_of(
        support, own, is_claimed_elsewhere=claimed != enrolment.pk,
        managed=cap_figures([office], month, month).get((enrolment.pk, month)),
        additions=addition_facts(office, month, month, on).of(support, own),
    )  # fmt: skip
    if entry.state != MonthState.HELD:
        return None
    found = []
    for reason in entry.reasons:
        roles = who_mends(reason, support)
        is_own = is_up_to(reader, roles)
        url = mending_url(reason, support, reader) if is_own else ""
        found.append(
            Missing(
                reason.text, url, mend_label(reason), "" if is_own else roles,
                only_reduces(reason, support),
            )
        )  # fmt: skip
    return HeldMonth(
        month, reverse("month_page", args=[month]) + "?list=held", tuple(found),
        staff_names([enrolment.pk], on).get(enrolment.pk, ""),
    )  # fmt: skip
