"""国保連の支払い in sums: of an office, by municipality, by claim file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum

from billing.models import ClaimFile
from billing.queries.claim_payments import ShowClaims, claims_of, state_q, to_deduct_q
from billing.queries.opening_claims import OpeningClaimSums, opening_claim_sums
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
    before: OpeningClaimSums
    """What is awaited of months that other software claimed."""
    to_deduct: int = 0
    to_deduct_yen: int = 0
    """過誤調整 that is still to come: paid, taken back and not taken off a transfer yet."""


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
    """What is awaited and what came otherwise (two queries)."""
    found = [_Claim(*row) for row in _unsettled.rows(office=office.pk)]
    standing = [row for row in found if not row.is_taken_back]
    waiting = [row for row in standing if row.paid_yen is None]
    differs = [row.expected_yen - row.paid_yen for row in standing if row.paid_yen is not None]
    to_deduct = [(row.paid_yen or 0) - row.taken_off_yen for row in found if row.is_taken_back]
    oldest = min((row.processed for row in waiting), default=None)
    return ClaimPaymentSums(
        waiting=len(waiting),
        waiting_yen=sum(row.expected_yen for row in waiting),
        oldest=Month.of(oldest) if oldest is not None else None,
        differs=len(differs),
        differs_yen=sum(differs),
        to_deduct=len(to_deduct),
        to_deduct_yen=sum(to_deduct),
        before=opening_claim_sums(office),
    )


class _Claim(NamedTuple):
    """A claim that waits, that was paid otherwise, or whose 過誤調整 is to come. Money in yen."""

    expected_yen: int
    paid_yen: int | None
    processed: date
    is_taken_back: bool
    taken_off_yen: int


@prepared("office")
def _unsettled(office: int) -> QuerySet[Any, Any]:
    is_open = state_q(ShowClaims.WAITING) | state_q(ShowClaims.DIFFERS) | to_deduct_q()
    return (
        claims_of(office)
        .filter(is_open)
        .order_by()
        .values_list(
            "expected_yen", "paid_yen", "file__processing_month", "is_taken_back", "taken_off_yen"
        )
    )


def summed(shown: QuerySet[Any], *keys: str) -> QuerySet[Any]:
    """These claims by `keys`: people, expected, paid (yen or None) and waiting; for every page the same.

    Without those that were taken back: what was paid for them is deducted from what comes later.
    """
    return (
        shown.filter(is_taken_back=False)
        .order_by()
        .values(*keys)
        .annotate(
            people=Count("pk"),
            expected=Sum("expected_yen"),
            paid=Sum("paid_yen"),
            waiting=Count("pk", filter=Q(paid_yen=None)),
        )
    )


def by_municipality(shown: QuerySet[Any]) -> list[MunicipalityClaims]:
    """The sums of these claims, newest month of processing first (two queries)."""
    rows = summed(shown, "file__processing_month", "person_month__municipality")
    found = list(rows.order_by("-file__processing_month", "person_month__municipality__code"))
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
