"""お金の統計 of an office: every table of the page, which is every sheet of its workbook.

One function per number stands in billing/queries/money_*.py; here they are read once, the year before
beside them, and told as tables (fee_tables.py, later_tables.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from billing.queries.claim_payment_sums import ClaimPaymentSums, claim_payment_sums
from billing.queries.money_after import (
    ClaimSums,
    CorrectionSums,
    OpenAge,
    claims_by_month,
    corrections_by_month,
    open_by_age,
)
from billing.queries.money_caps import CapKey, CapSums, copayments_by_cap
from billing.queries.money_fees import (
    FeeSums,
    ItemSums,
    fees_by_month,
    fees_by_tier,
    items_of,
)
from billing.queries.money_open import (
    LostSums,
    OpenMonth,
    lost_in_months,
    lost_reasons,
    open_months,
)
from billing.queries.month import month_boards
from billing.queries.payments import RefundSums, refund_sums
from billing.rules.money_span import Span, claimed_span
from teikyaku.accounts.models import Office
from teikyaku.periods import Month

Sums = TypeVar("Sums")


@dataclass(frozen=True, slots=True)
class Beside(Generic[Sums]):
    """What a table counts, and the same of the year before."""

    now: Sums
    before: Sums


@dataclass(frozen=True, slots=True)
class MoneyStatistics:
    """Everything of the page."""

    span: Span
    fees: Mapping[Month, FeeSums]
    """Of both years."""
    tiers: Mapping[tuple[Month, str], FeeSums]
    """Of both years."""
    open: Mapping[Month, OpenMonth]
    lost: Mapping[Month, LostSums]
    """Of both years."""
    reasons: Beside[Mapping[str, LostSums]]
    caps: Beside[Mapping[CapKey, CapSums]]
    items: Beside[Mapping[str, ItemSums]]
    corrections: Mapping[Month, CorrectionSums]
    """Of both years."""
    claims: Mapping[Month, ClaimSums]
    """Of both years, a month later: what is served in a month is claimed in the next."""
    claim_span: Span
    """The months of processing that the claims are told of."""
    owed: ClaimPaymentSums
    """What 国保連 owes today, of whichever month: as home and the list of its payments have it."""
    ages: tuple[OpenAge, ...]
    refunds: RefundSums

    @property
    def is_empty(self) -> bool:
        """Nothing was closed, nothing waits, nothing was lost: an office that has just begun."""
        counted = (self.fees, self.open, self.claims, self.corrections)
        waits = any(age.count for age in self.ages) or any(
            each.people for each in self.lost.values()
        )
        return not any(counted) and not waits


def money_statistics(office: Office, span: Span, on: date) -> MoneyStatistics:
    """The numbers of `span` as of `on` (a constant number of queries, whatever the span).

    Only who is not closed is judged anew (`month_boards`); what was closed is read from frozen rows.
    """
    both, claimed = span.both, claimed_span(span, on)
    boards = month_boards(office, both.first, both.last, on)
    tables = {month: board.office_month.tariff for month, board in boards.items()}
    return MoneyStatistics(
        span=span,
        fees=fees_by_month(office, both),
        tiers=fees_by_tier(office, both, tables),
        open=open_months(boards, span),
        lost=lost_in_months(boards, both),
        reasons=Beside(lost_reasons(boards, span), lost_reasons(boards, span.before)),
        caps=Beside(copayments_by_cap(office, span), copayments_by_cap(office, span.before)),
        items=Beside(items_of(office, span), items_of(office, span.before)),
        corrections=corrections_by_month(office, both),
        claims=claims_by_month(office, Span(both.first + 1, claimed.last)),
        claim_span=claimed,
        owed=claim_payment_sums(office),
        ages=open_by_age(office, on),
        refunds=refund_sums(office),
    )
