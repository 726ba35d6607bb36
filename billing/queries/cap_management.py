"""上限額管理 of a month: whose cap is managed, by whom, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from billing.calculation import Copayment
from billing.models import CapResult, PersonMonth
from billing.queries.additions import addition_facts
from billing.queries.cap_figures import CapFigures, figures_of, results_of
from billing.queries.month import is_off, sums_of
from billing.queries.office_month import office_month
from billing.rules.cap_management import Rank
from billing.rules.cap_sheet import OfficeFigures, OwnFigures
from clients.models import Enrolment
from clients.queries.subject import names_of
from plans.queries.month import MonthOfSupport, months_in_span
from teikyaku.accounts.models import Office
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """One person's month as the office's own line of a sheet. Money in yen."""

    support: MonthOfSupport
    cap_yen: int
    is_here: bool
    """The certificate names this office as the one that manages the cap."""
    with_others: Copayment | None
    """With the addition for managing; None while a figure is missing."""
    alone: Copayment | None
    """Without it: where another office manages, or nobody else served the person."""

    @property
    def is_complete(self) -> bool:
        """Tier, table, unit price and cap are there."""
        return self.with_others is not None and self.alone is not None

    def figures(self, office: Office) -> OwnFigures:
        """The office's own line of a sheet that it makes. Raises ValueError while a figure is missing."""
        if self.with_others is None or self.alone is None:
            raise ValueError("a figure of the month is missing")
        managing, alone = (
            OfficeFigures(
                office.number, office.name, Rank.RETENTION, each.total_cost_yen, each.capped_yen
            )
            for each in (self.with_others, self.alone)
        )
        return OwnFigures(managing, alone)


@dataclass(frozen=True, slots=True)
class CapRow:
    """One person whose cap is managed in the month. Money in yen."""

    enrolment_id: UUID
    client_id: UUID
    name: str
    kana: str
    cap_yen: int
    manager: str
    """Who manages the cap, by the certificate."""
    is_here: bool
    before_yen: int | None
    """As the facts say today; None while a figure is missing."""
    result: CapResult | None
    is_off: bool
    """The result was made from another cap, or another copayment, than the month has now."""
    is_closed: bool

    @property
    def waits(self) -> bool:
        """Something is to be done before this month can be closed for the person."""
        return not self.is_closed and (self.result is None or self.is_off)


def own_month(enrolment: Enrolment, month: Month, on: date) -> OwnMonth | None:
    """The person's month with a managed cap; None where it is not managed, or not served."""
    support = support_in(enrolment, month, on)
    return _own(enrolment.office, support, on) if support else None


def support_in(enrolment: Enrolment, month: Month, on: date) -> MonthOfSupport | None:
    """The person's month at the office; None where the use did not reach into it."""
    return next(months_in_span([enrolment.office], month, month, on, only={enrolment.pk}), None)


def _own(office: Office, support: MonthOfSupport, on: date) -> OwnMonth | None:
    if not support.facts.is_cap_management_open or support.cap_yen is None:
        return None
    own = office_month(office, support.month)
    added = addition_facts(office, support.month, support.month, on).of(support, own)
    others = _trial(support.cap_yen, others_cost_yen=1)
    alone = _trial(support.cap_yen, others_cost_yen=0)
    summed = sums_of(support, own, others, added), sums_of(support, own, alone, added)
    return OwnMonth(
        support=support,
        cap_yen=support.cap_yen,
        is_here=support.managing_office_number == office.number,
        with_others=summed[0][1] if summed[0] else None,
        alone=summed[1][1] if summed[1] else None,
    )


def _trial(cap_yen: int, others_cost_yen: int) -> CapFigures:
    """What the sums come to before any result: with the addition for managing, or without."""
    return CapFigures(
        key=0, public_id=UUID(int=0), outcome="", cap_yen=cap_yen, own_before_yen=0,
        own_after_yen=None, is_made_here=True, others_cost_yen=others_cost_yen,
    )  # fmt: skip


def cap_rows(office: Office, month: Month, on: date) -> list[CapRow]:
    """Everybody whose cap is managed in the month, by kana (a constant number of queries)."""
    supports = [
        support
        for support in months_in_span([office], month, month, on)
        if support.facts.is_cap_management_open and support.cap_yen is not None
    ]
    keys = [support.enrolment_id for support in supports]
    own, additions = office_month(office, month), addition_facts(office, month, month, on)
    results = {row.enrolment_id: row for row in results_of(office, month, month)}
    closed = set(
        # A month that was withdrawn waits for nothing either.
        PersonMonth.objects.newest()
        .filter(enrolment__in=keys, month=month.first_day)
        .values_list("enrolment", flat=True)
    )
    names = names_of([support.client_id for support in supports], month.last_day)
    rows = []
    for support in supports:
        assert support.cap_yen is not None  # noqa: S101  (filtered above)
        is_here = support.managing_office_number == office.number
        result = results.get(support.enrolment_id)
        known = figures_of(result) if result else None
        # Without a sheet yet, an office that manages reckons with the others.
        before = known or (_trial(support.cap_yen, 1) if is_here else None)
        added = additions.of(support, own)
        trial = replace(before, own_after_yen=None) if before else None
        summed = sums_of(support, own, trial, added)
        is_closed = support.enrolment_id in closed
        name = names.get(support.client_id)
        rows.append(
            CapRow(
                enrolment_id=support.enrolment_public_id,
                client_id=support.client_public_id,
                name=name.name if name else "",
                kana=name.kana if name else "",
                cap_yen=support.cap_yen,
                manager=support.managing_office_name,
                is_here=is_here,
                before_yen=summed[1].capped_yen if summed else None,
                result=result,
                is_off=known is not None and not is_closed and is_off(known, support, own, added),
                is_closed=is_closed,
            )
        )
    return sorted(rows, key=lambda row: (not row.waits, row.kana, row.enrolment_id))


def result_on_file(enrolment: Enrolment, month: Month) -> CapResult | None:
    """The result that holds for one person's month."""
    rows = CapResult.objects.filter(enrolment=enrolment, month=month.first_day)
    return (
        rows.prefetch_related("lines").select_related("recorded_by__user").order_by("number").last()
    )
