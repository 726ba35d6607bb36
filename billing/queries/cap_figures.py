"""What cap management decided of a month, as the sums take it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from billing.models import CapResult
from billing.rules.cap_sheet import is_other_manager
from teikyaku.accounts.models import Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class CapFigures:
    """The result that holds for one person's month. Money in yen."""

    key: int
    public_id: UUID
    outcome: str
    cap_yen: int
    own_before_yen: int
    own_after_yen: int | None
    """None: before the management, to see what the sums come to without it."""
    is_made_here: bool
    others_cost_yen: int
    """総費用額 of the other offices on a sheet that was made here."""
    is_alone: bool = False
    """Nobody else served the person: the month goes on as if the cap were not managed."""
    manager: str = ""
    """事業所番号 of who managed."""
    has_manager_reason: bool = False
    """Somebody said why that is another office than the certificate names."""

    @property
    def earns_addition(self) -> bool:
        """利用者負担上限額管理加算: only where another office served the person (docs/rules.md §5 M)."""
        return self.is_made_here and self.others_cost_yen > 0

    def is_unnamed(self, named: str) -> bool:
        """Whether another office managed than the certificate names, and nobody said why."""
        is_other = is_other_manager(named, self.manager, is_here=self.is_made_here)
        return is_other and not self.has_manager_reason


def cap_figures(
    offices: Iterable[Office], first: Month, last: Month
) -> dict[tuple[int, Month], CapFigures]:
    """(enrolment, month) → the result that holds, of the people of these offices (one query)."""
    keys = [office.pk for office in offices]
    return {
        (row.enrolment_id, Month.of(row.month)): figures_of(row)
        for row in _results.rows(offices=keys, first=first, last=last)
    }


def has_results(office: Office, month: Month) -> bool:
    """Whether a cap of the month was managed, also where its people are closed (one query)."""
    return bool(_any_result.rows(office=office.pk, month=month))


@prepared("office")
def _any_result(office: int, month: Month) -> QuerySet[Any, Any]:
    rows = CapResult.objects.filter(enrolment__office=office, month=month.first_day)
    return rows.order_by().values_list("pk", flat=True)[:1]


def results_of(office: Office, first: Month, last: Month) -> QuerySet[CapResult]:
    """The results of the office's people in these months, the one that holds last of each."""
    return _results.build([office.pk], first, last)


@prepared("offices")
def _results(offices: list[int], first: Month, last: Month) -> QuerySet[CapResult]:
    rows = CapResult.objects.filter(
        enrolment__office__in=offices, month__range=(first.first_day, last.first_day)
    )
    others = Coalesce(Sum("lines__total_cost_yen", filter=Q(lines__is_own=False)), 0)
    return rows.annotate(others_cost_yen=others).order_by("number")


def figures_of(row: Any) -> CapFigures:
    """A row of `results_of` as the sums take it."""
    return CapFigures(
        key=row.pk,
        public_id=row.public_id,
        outcome=row.outcome,
        cap_yen=row.cap_yen,
        own_before_yen=row.own_before_yen,
        own_after_yen=row.own_after_yen,
        is_made_here=row.is_made_here,
        others_cost_yen=row.others_cost_yen,
        is_alone=row.is_alone,
        manager=row.managing_office_number,
        has_manager_reason=bool(row.manager_reason),
    )
