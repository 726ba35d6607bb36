"""明細書・請求書・実績記録票・上限額管理結果票: what goes into a claim file, as frozen values.

Money is whole yen, units are whole units, months and days are calendar values, codes are text as
printed. Nothing here is computed from a rule: sums come from the closed month (docs/rules.md §8),
service codes from the table that the operator imported (§7).

`person` names whose statement it is for the office (a number or a name) when something does not fit.
It is never written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.calculation import Copayment
from billing.kokuhoren.layouts import SERVICE_TYPE
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """サービスコードの行 (J121 03): `units` for one, negative for a reduction, `times` as billed."""

    code: str
    units: int
    times: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """金額 of one person's month, in yen as the closed month holds them (docs/rules.md §5, 2 to 8)."""

    units: int
    unit_price: Decimal
    total_cost_yen: int
    one_tenth_yen: int
    cap_yen: int
    capped_yen: int
    decided_yen: int
    benefit_yen: int

    @classmethod
    def of(cls, copayment: Copayment) -> Sums:
        """The same sums as `billing.calculation` gave them."""
        return cls(
            units=copayment.units,
            unit_price=copayment.unit_price,
            total_cost_yen=copayment.total_cost_yen,
            one_tenth_yen=copayment.one_tenth_yen,
            cap_yen=copayment.cap_yen,
            capped_yen=copayment.capped_yen,
            decided_yen=copayment.decided_yen,
            benefit_yen=copayment.benefit_yen,
        )


@dataclass(frozen=True, slots=True)
class ManagedCap:
    """上限額管理 as the managing office told it: its number, result 1 to 3, the copayment here (yen)."""

    office: str
    result: str
    amount_yen: int


@dataclass(frozen=True, slots=True)
class Subsidy:
    """自治体助成: the municipality that pays a part of the person's copayment, and how much (yen)."""

    municipality: str
    yen: int


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """契約 (J121 05) as in the certificate's office column; `amount` is the contracted 支給量."""

    decided_code: str
    amount: Decimal
    starts_on: date
    ends_on: date | None
    entry_number: int


@dataclass(frozen=True, slots=True)
class Statement:
    """明細書 (J121) of one person and month.

    `kana` in any width, empty to leave the name out (`fields.kana_that_fits`). `started_on` is the first day on which the
    service was ever provided, `ended_on` the last day where the use ended in this month, `days` the
    days with support that is billed. `adjusted_yen` is the copayment adjusted within the same office.
    """

    person: str
    month: Month
    municipality: str
    certificate: str
    kana: str
    area_class: str
    lines: tuple[ServiceLine, ...]
    sums: Sums
    days: int
    started_on: date
    contracts: tuple[ContractEntry, ...]
    ended_on: date | None = None
    managed: ManagedCap | None = None
    adjusted_yen: int | None = None
    subsidy: Subsidy | None = None


@dataclass(frozen=True, slots=True)
class ServiceSum:
    """ほかのサービスの合計 (J111 02) under the same office number: its statements are sent by others."""

    service_type: str
    count: int
    units: int
    total_cost_yen: int
    benefit_yen: int
    copayment_yen: int
    """What people pay: decided less the subsidy."""
    subsidy_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """請求書 (J111) of one municipality and month: the sums of its statements, in units and yen.

    `copayment_yen` is what people pay: decided less the subsidy. `subsidy_yen` is None where no
    statement has one.
    """

    month: Month
    municipality: str
    count: int = 0
    units: int = 0
    total_cost_yen: int = 0
    benefit_yen: int = 0
    copayment_yen: int = 0
    subsidy_yen: int | None = None

    def with_others(self, others: Iterable[ServiceSum]) -> Invoice:
        """All services together, as J111 01 has them."""
        found = list(others)
        given = [
            each for each in (self.subsidy_yen, *(o.subsidy_yen for o in found)) if each is not None
        ]
        return Invoice(
            month=self.month,
            municipality=self.municipality,
            count=self.count + sum(each.count for each in found),
            units=self.units + sum(each.units for each in found),
            total_cost_yen=self.total_cost_yen + sum(each.total_cost_yen for each in found),
            benefit_yen=self.benefit_yen + sum(each.benefit_yen for each in found),
            copayment_yen=self.copayment_yen + sum(each.copayment_yen for each in found),
            subsidy_yen=sum(given) if given else None,
        )

    @property
    def own_sum(self) -> ServiceSum:
        """就労定着支援 alone, as J111 02 has it."""
        return ServiceSum(
            SERVICE_TYPE, self.count, self.units, self.total_cost_yen, self.benefit_yen,
            self.copayment_yen, self.subsidy_yen,
        )  # fmt: skip

    def with_statement(self, statement: Statement) -> Invoice:
        """The sums with one statement more."""
        sums, subsidy = statement.sums, statement.subsidy
        given = subsidy.yen if subsidy else 0
        return Invoice(
            month=self.month,
            municipality=self.municipality,
            count=self.count + 1,
            units=self.units + sums.units,
            total_cost_yen=self.total_cost_yen + sums.total_cost_yen,
            benefit_yen=self.benefit_yen + sums.benefit_yen,
            copayment_yen=self.copayment_yen + sums.decided_yen - given,
            subsidy_yen=(self.subsidy_yen or 0) + given if subsidy else self.subsidy_yen,
        )


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """実績の日 (J611 02): `is_counted` where the base fee counts it; `liaison` 1 or 2 (地域連携会議)."""

    day: int
    is_counted: bool = True
    is_special_area: bool = False
    liaison: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """サービス提供実績記録票 (J611) of one person and month.

    `first_use_on` only in the month of the initial addition; `report_shared_on` is the day on which
    the 支援レポート was shared.
    """

    person: str
    month: Month
    municipality: str
    certificate: str
    report_shared_on: date
    days: tuple[ServiceDay, ...]
    first_use_on: date | None = None


@dataclass(frozen=True, slots=True)
class CapRow:
    """One office of a cap sheet: total cost, copayment before and after the management (yen)."""

    office: str
    total_cost_yen: int
    before_yen: int
    after_yen: int


@dataclass(frozen=True, slots=True)
class CapSheet:
    """利用者負担上限額管理結果票 (J411) of one person and month, written by the managing office.

    `kind`: 1 new, 2 corrected, 3 cancelled. `result` 1 to 3 (docs/rules.md §5). `rows` begin with the
    managing office.
    """

    person: str
    month: Month
    municipality: str
    certificate: str
    kana: str
    kind: str
    cap_yen: int
    result: str
    rows: tuple[CapRow, ...]
