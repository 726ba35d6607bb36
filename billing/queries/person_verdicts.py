"""The open months of one person as the month's board judges them: what they come to, or what they lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import PersonMonth
from billing.queries.additions import additions_of
from billing.queries.cap_figures import cap_figures
from billing.queries.mending import label_of, mend_label, mending_url
from billing.queries.month import MonthEntry, judged
from billing.queries.month_lists import TONES
from billing.queries.office_month import months_of_offices
from billing.queries.people_months import people_months
from clients.models import Enrolment
from plans.queries.month import months_in_span
from plans.rules.month import MonthState
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month

_LISTS = {
    MonthState.READY: "ready", MonthState.READY_REDUCED: "ready", MonthState.HELD: "held",
    MonthState.NOT_BILLABLE: "not-billable",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerdictReason:
    """What holds a month back in a few words, and where it is mended; no address where nobody can."""

    label: str
    url: str
    url_label: str


@dataclass(frozen=True, slots=True)
class MonthVerdict:
    """How one open month stands today. Sums are what the close would write."""

    month: Month
    label: str
    tone: str
    url: str
    """The list of the month's board in which the person stands."""
    reasons: tuple[VerdictReason, ...] = ()
    total_cost_yen: int | None = None
    """None where it is not ready."""
    payable_yen: int | None = None


def person_verdicts(
    enrolment: Enrolment, first: Month, last: Month, on: date, reader: Membership
) -> dict[Month, MonthVerdict]:
    """By month, of what is not closed from `first` to `last`; a constant number of queries.

    The same function as the office's board; what was closed and then withdrawn says so.
    """
    office, client = enrolment.office, enrolment.client_id
    closed, withdrawn = _closed(enrolment, first, last)
    here = Enrolment.objects.filter(office=office, client=client).values_list("pk", flat=True)
    entries = judged(
        months_in_span([office], first, last, on, skip=closed, only=set(here)),
        months_of_offices([office], first, last),
        people_months([office], first, last, only={client}),
        cap_figures([office], first, last),
        additions_of([office], first, last, on),
    )
    found = {
        entry.support.month: _verdict(entry, reader)
        for entry in entries
        if entry.support.enrolment_id == enrolment.pk
    }
    return found | withdrawn


def _closed(
    enrolment: Enrolment, first: Month, last: Month
) -> tuple[set[tuple[int, Month]], dict[Month, MonthVerdict]]:
    rows = PersonMonth.objects.filter(
        enrolment=enrolment, month__range=(first.first_day, last.first_day)
    ).order_by("edition")
    newest = {Month.of(row.month): row for row in rows}
    gone = {
        month: MonthVerdict(
            month, _("取り下げた"), "neutral", reverse("person_month_page", args=[row.public_id])
        )
        for month, row in newest.items()
        if row.is_withdrawn
    }
    return {(enrolment.pk, month) for month in newest}, gone


def _verdict(entry: MonthEntry, reader: Membership) -> MonthVerdict:
    month = entry.support.month
    sums = entry.copayment
    return MonthVerdict(
        month=month,
        label=entry.state.label,
        tone=TONES[entry.state],
        url=f"{reverse('month_page', args=[month])}?list={_LISTS[entry.state]}",
        reasons=tuple(_reasons(entry, reader)),
        total_cost_yen=sums.total_cost_yen if sums else None,
        payable_yen=entry.payable_yen if sums else None,
    )


def _reasons(entry: MonthEntry, reader: Membership) -> Iterator[VerdictReason]:
    here = reverse("client_page", args=[entry.support.client_public_id])
    for reason in entry.reasons:
        url = mending_url(reason, entry.support, reader)
        # The reader stands on the person's page already.
        url = "" if url == here else url
        label = label_of(reason, entry.support)
        yield VerdictReason(label, url, mend_label(reason) if url else "")
