"""Money that came for a person's month and was given back."""

from __future__ import annotations

from collections.abc import Iterable

from billing.models import Payment, Refund
from billing.queries.payments import is_standing


def went_back(payments: Iterable[Payment], refunds: Iterable[Refund]) -> bool:
    """Whether all that came for a line was given back: nothing is left to give a receipt for."""
    paid, refunded = (
        sum(row.amount_yen for row in rows if is_standing(row)) for rows in (payments, refunds)
    )
    return 0 < paid <= refunded
