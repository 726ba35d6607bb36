"""上限額管理 of a month: whose cap is managed, by whom, and what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from billing.calculation import Copayment
from billing.models import CapResult, PersonMonth
from billing.queries.cap_figures import CapFigures
from billing.queries.month import sums_of
from billing.queries.office_month import office_month
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
    def sums(self) -> Copayment | None:
        """What stands on the sheet."""
        return self.with_others if self.is_here else self.alone


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
    is_closed: bool

    @property
    def is_off(self) -> bool:
        """The result was made from another cap, or another copayment, than the month has now."""
        if self.result is None or self.before_yen is None or self.is_closed:
            return False
        return (self.result.cap_yen, self.result.own_before_yen) != (self.cap_yen, self.before_yen)

    @property
    def waits(self) -> bool:
        """Something is to be done before this month can be closed for the person."""
        return not self.is_closed and (self.result is None or self.is_off)


def own_month(enrolment: Enrolment, month: Month, on: date) -> OwnMonth | None:
    """The person's month with a managed cap; None where it is not managed, or not served."""
    support = support_in(enrolment, month, on)
    return _own(enrolment.office, support) if support else None


def support_in(enrolment: Enrolment, month: Month, on: date) -> MonthOfSupport | None:
    """The person's month at the office; None where the use did not reach into it."""
    return next(months_in_span([enrolment.office], month, month, on, only={enrolment.pk}), None)


def _own(office: Office, support: MonthOfSupport) -> OwnMonth | None:
    if not support.facts.is_cap_management_open or support.cap_yen is None:
        return None
    own = office_month(office, support.month)
    others = _trial(support.cap_yen, others_cost_yen=1)
    alone = _trial(support.cap_yen, others_cost_yen=0)
    summed = sums_of(support, own, others), sums_of(support, own, alone)
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
    own = office_month(office, month)
    results = {row.enrolment_id: row for row in results_of(office, month)}
    closed = set(
        PersonMonth.objects.filter(enrolment__in=keys, month=month.first_day).values_list(
            "enrolment", flat=True
        )
    )
    names = names_of([support.client_id for support in supports], month.last_day)
    rows = []
    for support in supports:
        assert support.cap_yen is not None  # noqa: S101  (filtered above)
        is_here = support.managing_office_number == office.number
        result = results.get(support.enrolment_id)
        manages = result.is_made_here if result else is_here
        summed = sums_of(support, own, _trial(support.cap_yen, 1) if manages else None)
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
                is_closed=support.enrolment_id in closed,
            )
        )
    return sorted(rows, key=lambda row: (not row.waits, row.kana, row.enrolment_id))


def results_of(office: Office, month: Month) -> QuerySet[CapResult]:
    """The results of the office's people in a month, the one that holds last."""
    rows = CapResult.objects.filter(enrolment__office=office, month=month.first_day)
    return rows.select_related("recorded_by__user").order_by("enrolment", "number")


def result_on_file(enrolment: Enrolment, month: Month) -> CapResult | None:
    """The result that holds for one person's month."""
    rows = CapResult.objects.filter(enrolment=enrolment, month=month.first_day)
    return (
        rows.prefetch_related("lines").select_related("recorded_by__user").order_by("number").last()
    )
