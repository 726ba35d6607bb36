"""Money that came for a person's month and was given back."""

from __future__ import annotations

from collections.abc import Iterable

from billing.models import Payment, Refund
from billing.queries.payments import counted_yen


def went_back(payments: Iterable[Payment], refunds: Iterable[Refund]) -> bool:
    """Whether all that came for a line was given back: nothing is left to give a receipt for."""
    return 0 < counted_yen(payments) <= counted_yen(refunds)
