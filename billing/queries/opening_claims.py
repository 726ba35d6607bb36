"""移行前の国保連への請求: what is still awaited of months that other software claimed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, QuerySet, Sum, When

from billing.models import OpeningClaim, OpeningClaimPayment, PersonMonth
from billing.queries.claim_start import is_claimed_here
from billing.queries.payments import SIGNED_YEN, counted_yen
from teikyaku.accounts.models import Office
from teikyaku.clock import at_start_of, end_of
from teikyaku.periods import Month

# As SIGNED_YEN, of the payments of a claim.
_PAID_YEN = Case(
    When(payments__cancels__isnull=False, then=-F("payments__amount_yen")),
    default=F("payments__amount_yen"),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class OpeningClaimRow:
    """One month as it stands now, with everything that was recorded as paid, in yen."""

    claim: OpeningClaim
    payments: tuple[OpeningClaimPayment, ...]

    @property
    def month(self) -> Month:
        """The service month."""
        return Month.of(self.claim.month)

    @property
    def paid_yen(self) -> int:
        """What 国保連 paid of it, without what was taken back."""
        return counted_yen(self.payments)

    @property
    def open_yen(self) -> int:
        """What is awaited."""
        return self.claim.amount_yen - self.paid_yen


@dataclass(frozen=True, slots=True)
class OpeningClaimSums:
    """Months that other software claimed and that are awaited: how many, and how many yen."""

    months: int
    yen: int


@dataclass(frozen=True, slots=True)
class ClosedElsewhere:
    """A month that was closed here, claimed with other software and not told yet. Yen, 助成 included."""

    month: Month
    people: int
    claimed_yen: int


def standing_claims(office: Office) -> QuerySet[OpeningClaim]:
    """The row of each month that counts; withdrawn ones are not among them."""
    return OpeningClaim.objects.filter(office=office, replaced_by=None, is_withdrawn=False)


def opening_claims(office: Office) -> list[OpeningClaimRow]:
    """Every month that was told, newest first (two queries)."""
    found: dict[date, list[OpeningClaimPayment]] = defaultdict(list)
    rows = OpeningClaimPayment.objects.filter(claim__office=office)
    for row in rows.select_related("claim", "cancelled_by", "recorded_by__user"):
        found[row.claim.month].append(row)
    claims = standing_claims(office).select_related("recorded_by__user").order_by("-month")
    return [OpeningClaimRow(claim, tuple(found[claim.month])) for claim in claims]


def paid_for(claim: OpeningClaim) -> int:
    """What was paid for the month of a claim, of whichever of its rows (one query)."""
    rows = OpeningClaimPayment.objects.filter(claim__office=claim.office_id)
    return rows.filter(claim__month=claim.month).aggregate(yen=Sum(SIGNED_YEN))["yen"] or 0


def opening_claim_sums(office: Office) -> OpeningClaimSums:
    """What is awaited in all (one query).

    A payment counts for the month, of whichever of its rows: each row's own are summed here, for
    SQLite would look through the office's rows once for each of them.
    """
    rests: dict[date, int] = defaultdict(int)
    standing: set[date] = set()
    rows = OpeningClaim.objects.filter(office=office).order_by().annotate(paid=Sum(_PAID_YEN))
    for row in rows.values("month", "amount_yen", "is_withdrawn", "replaced_by", "paid"):
        rests[row["month"]] -= row["paid"] or 0
        if row["replaced_by"] is None and not row["is_withdrawn"]:
            rests[row["month"]] += row["amount_yen"]
            standing.add(row["month"])
    is_open = [rests[month] for month in standing if rests[month] > 0]
    return OpeningClaimSums(len(is_open), sum(is_open))


def closed_elsewhere(office: Office) -> list[ClosedElsewhere]:
    """Closed months that are not claimed here and of which nothing is told, newest first (one query).

    Their 給付費 stands in no journal of ours.
    """
    told = standing_claims(office).values("month")
    rows = (
        PersonMonth.objects.standing()
        .filter(~is_claimed_here("month", "closing__office"), closing__office=office)
        .exclude(month__in=told)
        .order_by().values_list("month")
        .annotate(people=Count("pk"), claimed=Sum(F("benefit_yen") + F("subsidy_yen")))
        .order_by("-month")
    )  # fmt: skip
    return [ClosedElsewhere(Month.of(month), people, yen) for month, people, yen in rows]


def left_out_until(office: Office, first: date, last: date) -> Month | None:
    """The last of the months closed in these days whose 給付費 the journal leaves out; None: none is."""
    rows = PersonMonth.objects.filter(
        ~is_claimed_here("month", "closing__office"), closing__office=office,
        closing__closed_at__gte=at_start_of(first), closing__closed_at__lt=end_of(last),
    )  # fmt: skip
    found = rows.order_by("-month").values_list("month", flat=True).first()
    return Month.of(found) if found else None
