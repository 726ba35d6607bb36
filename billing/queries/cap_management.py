"""上限額管理 of a month: whose cap is managed, by whom, and what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q

from billing.calculation import Copayment
from billing.models import CapResult, PersonMonth
from billing.queries.additions import Additions, addition_facts
from billing.queries.cap_figures import CapFigures, figures_of, results_of
from billing.queries.month import is_off, sums_of
from billing.queries.office_month import OfficeMonth, office_month
from billing.rules.cap_management import Rank
from billing.rules.cap_sheet import OfficeFigures, OwnFigures
from clients.models import ClientName, Enrolment
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
    """One person whose cap is managed in the month. Money in yen; of a closed month as it was closed."""

    enrolment_id: UUID
    client_id: UUID
    name: str
    kana: str
    cap_yen: int
    manager: str
    """Who manages the cap, by the certificate."""
    is_here: bool
    before_yen: int | None
    """As the facts say today, of a closed month as it was closed; None while a figure is missing."""
    result: CapResult | None
    """The one that holds; of a closed month the one that it was closed by."""
    is_off: bool
    """The result was made from another cap, another copayment, or by an office without a reason."""
    is_closed: bool
    is_withdrawn: bool = False
    """Closed and then withdrawn: it counts for nothing; the result stays on file."""
    certificate_number: str = ""
    municipality: str = ""
    total_cost_yen: int | None = None
    """As `before_yen`."""
    managing_number: str = ""
    """Who manages: by the certificate, or by a result that gives its reason."""
    managing_name: str = ""

    @property
    def waits(self) -> bool:
        """Something is to be done before this month can be closed for the person."""
        return not self.is_closed and (self.result is None or self.is_off)

    @property
    def other_manager(self) -> str:
        """Who managed, where that is another office than the certificate names; else ""."""
        found = self.result
        return found.managing_office_name if found and found.manager_reason else ""


@dataclass(frozen=True, slots=True)
class PersonOnSheet:
    """Whose sheet it is, as on the day of the sheet."""

    name: str
    certificate_number: str
    municipality: str


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
    """Everybody whose cap is managed in the month, by kana (a constant number of queries).

    Also who was closed with a result, whatever the certificate says since.
    """
    supports = [
        support
        for support in months_in_span([office], month, month, on)
        if support.facts.is_cap_management_open and support.cap_yen is not None
    ]
    closed = _closed(office, month, [support.enrolment_id for support in supports])
    own, additions = office_month(office, month), addition_facts(office, month, month, on)
    results = {row.enrolment_id: row for row in results_of(office, month, month)}
    rows = [
        _open_row(
            office, support, own, results.get(support.enrolment_id), additions.of(support, own)
        )
        for support in supports
        if support.enrolment_id not in closed
    ]
    known = {support.enrolment_id: support for support in supports}
    names = names_of([each.client_id for each in closed.values()], month.last_day)
    rows += [
        _closed_row(office, each, known.get(key), results.get(key), names)
        for key, each in closed.items()
    ]
    return sorted(rows, key=lambda row: (not row.waits, row.kana, row.enrolment_id))


def _closed(office: Office, month: Month, managed: list[int]) -> dict[int, PersonMonth]:
    """Closed months that followed a result, or whose cap is managed as of today (one query)."""
    # A month that was withdrawn waits for nothing either.
    rows = PersonMonth.objects.newest().filter(
        Q(enrolment__in=managed) | Q(cap_result__isnull=False),
        closing__office=office,
        month=month.first_day,
    )
    return {
        row.enrolment_id: row
        for row in rows.select_related("cap_result", "client", "enrolment", "municipality__city")
    }


def _open_row(
    office: Office, support: MonthOfSupport, own: OfficeMonth, result: CapResult | None,
    added: Additions,
) -> CapRow:  # fmt: skip
    assert support.cap_yen is not None  # noqa: S101  (filtered by the caller)
    is_here = support.managing_office_number == office.number
    known = figures_of(result) if result else None
    # Without a sheet yet, an office that manages reckons with the others.
    before = known or (_trial(support.cap_yen, 1) if is_here else None)
    trial = replace(before, own_after_yen=None) if before else None
    summed = sums_of(support, own, trial, added)
    return CapRow(
        enrolment_id=support.enrolment_public_id,
        client_id=support.client_public_id,
        name=support.name,
        kana=support.kana,
        cap_yen=support.cap_yen,
        manager=support.managing_office_name,
        is_here=is_here,
        before_yen=summed[1].capped_yen if summed else None,
        result=result,
        is_off=known is not None and is_off(known, support, own, added),
        is_closed=False,
        is_withdrawn=False,
        certificate_number=support.certificate_number,
        municipality=support.municipality_name,
        total_cost_yen=summed[1].total_cost_yen if summed else None,
        **_managing(support, result),
    )


def _closed_row(
    office: Office, row: PersonMonth, support: MonthOfSupport | None, last: CapResult | None,
    names: Mapping[int, ClientName],
) -> CapRow:  # fmt: skip
    """As it was closed: with the figures of its result, else with those of the frozen row."""
    result, name = row.cap_result, names.get(row.client_id)
    if result is None and last is not None and (last.is_alone or row.is_withdrawn):
        result = last
    number = support.managing_office_number if support else ""
    return CapRow(
        enrolment_id=row.enrolment.public_id,
        client_id=row.client.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        cap_yen=result.cap_yen if result else row.cap_yen,
        manager=support.managing_office_name if support else _manager_of(result),
        is_here=number == office.number if support else bool(result and result.is_made_here),
        before_yen=_before_yen(row, result),
        result=result,
        is_off=False,
        is_closed=True,
        is_withdrawn=row.is_withdrawn,
        certificate_number=row.certificate_number,
        municipality=row.municipality.full_name,
        total_cost_yen=row.total_cost_yen
        if row.is_withdrawn or not result
        else result.own_total_yen,
        **_managing(support, result),
    )


def _before_yen(row: PersonMonth, result: CapResult | None) -> int | None:
    """Before the management; of a withdrawn month what its last result said, else nothing."""
    if result is not None:
        return result.own_before_yen
    return None if row.is_withdrawn else min(row.cap_yen, row.one_tenth_yen)


def _managing(support: MonthOfSupport | None, result: CapResult | None) -> dict[str, str]:
    if result is not None and (support is None or result.manager_reason):
        number, name = result.managing_office_number, result.managing_office_name
    else:
        number = support.managing_office_number if support else ""
        name = support.managing_office_name if support else ""
    return {"managing_number": number, "managing_name": name}


def _manager_of(result: CapResult | None) -> str:
    return result.managing_office_name if result else ""


def person_on_sheet(result: CapResult) -> PersonOnSheet | None:
    """The person as on the day of the sheet; None where an old row says nothing and the use is gone."""
    if result.certificate_number:
        return PersonOnSheet(
            result.person_name, result.certificate_number, result.municipality_name
        )
    support = support_in(result.enrolment, Month.of(result.month), result.decided_on)
    if support is None:
        return None
    return PersonOnSheet(support.name, support.certificate_number, support.municipality_name)


def result_on_file(enrolment: Enrolment, month: Month) -> CapResult | None:
    """The result that holds for one person's month."""
    rows = CapResult.objects.filter(enrolment=enrolment, month=month.first_day)
    return (
        rows.prefetch_related("lines").select_related("recorded_by__user").order_by("number").last()
    )
