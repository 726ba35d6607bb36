"""国保連の支払い in sums: of an office, by municipality, by claim file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from billing.models import ClaimFile
from billing.queries.claim_payments import ShowClaims, claims_of, state_q
from teikyaku.accounts.models import Municipality, Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared


@dataclass(frozen=True, slots=True)
class ClaimPaymentSums:
    """What an office is owed by 国保連: people and yen that are awaited, and what came otherwise."""

    waiting: int
    waiting_yen: int
    oldest: Month | None
    """The month in which the oldest awaited claim was processed."""
    differs: int
    differs_yen: int
    """Asked for and not paid, of those paid otherwise; below 0 where more came."""


@dataclass(frozen=True, slots=True)
class MunicipalityClaims:
    """The claims of one month of processing to one municipality, in yen."""

    processing_month: Month
    municipality: str
    people: int
    expected_yen: int
    paid_yen: int
    waiting: int

    @property
    def open_yen(self) -> int:
        """What was asked for and has not come."""
        return self.expected_yen - self.paid_yen


def claim_payment_sums(office: Office) -> ClaimPaymentSums:
    """What is awaited and what came otherwise (one query)."""
    found = [_Claim(*row) for row in _unsettled.rows(office=office.pk)]
    waiting = [row for row in found if row.paid_yen is None]
    differs = [row.expected_yen - row.paid_yen for row in found if row.paid_yen is not None]
    oldest = min((row.processed for row in waiting), default=None)
    return ClaimPaymentSums(
        waiting=len(waiting),
        waiting_yen=sum(row.expected_yen for row in waiting),
        oldest=Month.of(oldest) if oldest is not None else None,
        differs=len(differs),
        differs_yen=sum(differs),
    )


class _Claim(NamedTuple):
    """A claim that waits, or that was paid otherwise. Money in yen."""

    expected_yen: int
    paid_yen: int | None
    processed: date


@prepared("office")
def _unsettled(office: int) -> QuerySet[Any, Any]:
    rows = claims_of(office).filter(state_q(ShowClaims.WAITING) | state_q(ShowClaims.DIFFERS))
    return rows.order_by().values_list("expected_yen", "paid_yen", "file__processing_month")


def by_municipality(shown: QuerySet[Any]) -> list[MunicipalityClaims]:
    """The sums of these claims, newest month of processing first (two queries).

    Without those that were taken back: what was paid for them is deducted from what comes later.
    """
    rows = (
        shown.filter(is_taken_back=False)
        .order_by("-file__processing_month", "person_month__municipality__code")
        .values("file__processing_month", "person_month__municipality")
        .annotate(
            people=Count("pk"),
            expected=Sum("expected_yen"),
            paid=Sum("paid_yen"),
            waiting=Count("pk", filter=Q(paid_yen=None)),
        )
    )
    found = list(rows)
    places = Municipality.objects.select_related("city").in_bulk(
        [row["person_month__municipality"] for row in found]
    )
    return [
        MunicipalityClaims(
            Month.of(row["file__processing_month"]),
            places[row["person_month__municipality"]].full_name,
            row["people"], row["expected"], row["paid"] or 0, row["waiting"],
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FilePayments:
    """How the claims of one file stand, in people."""

    waiting: int
    paid: int
    differs: int


def payments_by_file(files: Iterable[ClaimFile]) -> dict[int, FilePayments]:
    """By the key of the file (one query); a file that was withdrawn is not among them."""
    own = list(files)
    if not own:
        return {}
    rows = (
        claims_of(own[0].office_id)
        .filter(file__in=own)
        .order_by()
        .values("file")
        .annotate(
            waiting=Count("pk", filter=state_q(ShowClaims.WAITING)),
            paid=Count("pk", filter=state_q(ShowClaims.PAID)),
            differs=Count("pk", filter=state_q(ShowClaims.DIFFERS)),
        )
    )
    return {row["file"]: FilePayments(row["waiting"], row["paid"], row["differs"]) for row in rows}
