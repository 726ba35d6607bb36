"""The parts of a claim: one closed month as statement, record and cap sheet.

Only of somebody who lacks nothing (billing.queries.claim_statements): what is missing fails loudly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from billing.kokuhoren.fields import kana_that_fits
from billing.kokuhoren.statement import (
    CapRow,
    CapSheet,
    ContractEntry,
    ManagedCap,
    ServiceDay,
    ServiceLine,
    ServiceRecord,
    Statement,
    Subsidy,
    Sums,
)
from billing.models import CapResult, PersonMonth
from billing.queries.claim_rows import ClaimRow
from billing.queries.service_codes import MonthCodes
from billing.rules.contracted_amount import contracted_days
from billing.rules.service_codes import code_for
from billing.tariffs import DECIDED, CodeKey
from plans.models import Contract, Interview
from plans.queries.month import MonthOfSupport
from plans.rules.kinds import MeetingKind
from teikyaku.accounts.models import OfficeTerms
from teikyaku.periods import Month

NETWORK = ("network_1", "network_2")
_LIAISON = {MeetingKind.COMMUNITY_1.value: "1", MeetingKind.COMMUNITY_2.value: "2"}
_NEW, _CORRECTED = "1", "2"


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the month and the office bring into every part."""

    month: Month
    terms: OfficeTerms | None
    codes: MonthCodes
    omits_names: bool = False

    @property
    def decided_code(self) -> str:
        """決定サービスコード as imported, "" where it is not known."""
        return code_for(self.codes.codes, CodeKey(DECIDED))


def name_of(each: ClaimRow) -> str:
    """Whose part it is, for the office: the name of the month, else the certificate."""
    support = each.support
    return support.name if support and support.name else f"受給者証 {each.row.certificate_number}"


def statement(each: ClaimRow, facts: ClaimFacts) -> Statement:
    """明細書 (J121)."""
    row, month = each.row, facts.month
    support, terms, first = each.support, facts.terms, each.first_used_on
    assert support and terms and first  # noqa: S101, PT018  (nobody with a lack comes here)
    lines = list(row.lines.all())
    coded = zip(lines, facts.codes.of(lines), strict=True)
    ended = row.enrolment.ends_on
    return Statement(
        person=name_of(each),
        month=month,
        municipality=row.municipality.current.code,
        certificate=row.certificate_number,
        kana="" if facts.omits_names else kana_that_fits(support.kana),
        area_class=terms.area_class,
        lines=tuple(ServiceLine(code, line.units, line.times) for line, code in coded),
        sums=_sums(row),
        days=len(set(support.facts.qualifying_meetings)),
        started_on=first,
        contracts=tuple(_contracts(each, facts)),
        ended_on=ended if ended and month.contains(ended) else None,
        managed=_managed(row.cap_result),
        subsidy=_subsidy(row),
    )


def _subsidy(row: PersonMonth) -> Subsidy | None:
    if row.subsidy_municipality is None:
        return None
    return Subsidy(row.subsidy_municipality.current.code, row.subsidy_yen)


def _sums(row: PersonMonth) -> Sums:
    return Sums(
        units=row.units,
        unit_price=row.unit_price,
        total_cost_yen=row.total_cost_yen,
        one_tenth_yen=row.one_tenth_yen,
        cap_yen=row.cap_yen,
        capped_yen=min(row.cap_yen, row.one_tenth_yen),
        decided_yen=row.copayment_yen,
        benefit_yen=row.benefit_yen,
    )


def _managed(result: CapResult | None) -> ManagedCap | None:
    if result is None:
        return None
    return ManagedCap(result.managing_office_number, result.outcome, result.own_after_yen)


def _contracts(each: ClaimRow, facts: ClaimFacts) -> Iterator[ContractEntry]:
    for contract in each.contracts:
        amount = contracted_days(contract.contracted_amount, facts.month)
        assert amount is not None  # noqa: S101  (nobody with a lack comes here)
        ended = contract.ends_on
        yield ContractEntry(
            decided_code=facts.decided_code,
            amount=amount,
            starts_on=contract.starts_on,
            # A last day that lies ahead has not come: the contract runs.
            ends_on=ended if ended and ended <= facts.month.last_day else None,
            entry_number=contract.entry_number,
        )


def record(each: ClaimRow, facts: ClaimFacts) -> ServiceRecord:
    """実績記録票 (J611)."""
    row, support, month, shared_on = each.row, each.support, facts.month, each.report_day
    assert support and shared_on  # noqa: S101, PT018
    kinds = {line.kind for line in row.lines.all()}
    return ServiceRecord(
        person=name_of(each),
        month=month,
        municipality=row.municipality.current.code,
        certificate=row.certificate_number,
        report_shared_on=shared_on,
        days=tuple(service_days(support, each.conferences, kinds)),
        first_use_on=first_use_on(each.contracts, month) if "initial" in kinds else None,
    )


def first_use_on(contracts: Iterable[Contract], month: Month) -> date | None:
    """The first day of use of who has the initial addition in `month`, also where it lies before; else None."""
    found = (c.starts_on for c in contracts if c.initial_addition_month == month.first_day)
    return next(found, None)


def service_days(
    support: MonthOfSupport, conferences: Sequence[Interview], kinds: Set[str]
) -> Iterator[ServiceDay]:
    """The counted days; the first one bears 特別地域, the first conference the addition of the month.

    `kinds` are those of the closed month's lines. File and paper both ask this.
    """
    counted = sorted(set(support.facts.qualifying_meetings))
    billed = [key for key in NETWORK if key in kinds]
    meeting = next(
        (c for c in conferences if billed and _LIAISON[c.meeting_kind] == billed[0][-1]), None
    )
    held = {meeting.held_on: _LIAISON[meeting.meeting_kind]} if meeting else {}
    special = counted[0] if counted and "special_area" in kinds else None
    for day in sorted({*counted, *held}):
        yield ServiceDay(
            day=day.day,
            is_counted=day in counted,
            is_special_area=day == special,
            liaison=held.get(day, ""),
        )


def cap_sheet(each: ClaimRow, statement: Statement) -> CapSheet | None:
    """上限額管理結果票 (J411); None where this office does not manage the cap.

    修正 where a sheet of the month was sent before, else 新規.
    """
    result = each.revised or each.row.cap_result
    if result is None or not result.is_made_here:
        return None
    return CapSheet(
        person=statement.person,
        month=statement.month,
        municipality=statement.municipality,
        certificate=statement.certificate,
        kana=statement.kana,
        kind=_CORRECTED if each.is_sheet_sent else _NEW,
        cap_yen=result.cap_yen,
        result=result.outcome,
        rows=tuple(
            CapRow(line.office_number, line.total_cost_yen, line.before_yen, line.after_yen)
            for line in sorted(result.lines.all(), key=lambda line: line.position)
        ),
    )
