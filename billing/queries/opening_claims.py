"""移行前の国保連への請求: what is still awaited of months that other software claimed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from billing.models import (
    OpeningClaim,
    OpeningClaimDeduction,
    OpeningClaimPayment,
    PersonMonth,
)
from billing.queries.claim_start import is_claimed_here
from billing.queries.payments import SIGNED_YEN, counted_yen
from billing.rules.opening_claim import deduction_doubts
from teikyaku.accounts.models import Municipality, Office
from teikyaku.clock import at_start_of, end_of
from teikyaku.periods import Month

# As SIGNED_YEN, of the payments of a claim.
_PAID_YEN = Case(
    When(payments__cancels__isnull=False, then=-F("payments__amount_yen")),
    default=F("payments__amount_yen"),
    output_field=IntegerField(),
)


# The municipality of a row, and the one that it turned out to be.
PLACE = ("municipality__city", "municipality__proposal__same_as__city")
CURRENT = Coalesce("municipality__proposal__same_as", "municipality")

_Told = tuple[date, int | None]  # a month, and the key of a municipality (None: all of them)


@dataclass(frozen=True, slots=True)
class OpeningClaimRow:
    """One month of a municipality (or of all) as it stands, with everything recorded as paid, in yen."""

    claim: OpeningClaim
    payments: tuple[OpeningClaimPayment, ...]

    @property
    def month(self) -> Month:
        """The service month."""
        return Month.of(self.claim.month)

    @property
    def place(self) -> str:
        """The municipality; "" where the sum is that of all."""
        return self.claim.municipality.current.full_name if self.claim.municipality else ""

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
    """Months that other software claimed and that are awaited: how many, and how many yen.

    A month of two municipalities is one month.
    """

    months: int
    yen: int


@dataclass(frozen=True, slots=True)
class ClosedElsewhere:
    """A month of a municipality that was closed here, claimed with other software and not told yet.

    Yen, 助成 included.
    """

    month: Month
    municipality: int
    """Its key."""
    municipality_id: UUID
    """As addresses name it."""
    place: str
    people: int
    claimed_yen: int


def of_place(municipality: Municipality) -> Q:
    """Rows of a municipality, and of those that turned out to be it."""
    return Q(municipality=municipality) | Q(municipality__proposal__same_as=municipality)


def standing_claims(office: Office) -> QuerySet[OpeningClaim]:
    """The rows that count, of each month and municipality; withdrawn ones are not among them."""
    rows: QuerySet[OpeningClaim] = OpeningClaim.objects.standing().filter(office=office)
    return rows


def opening_claims(office: Office) -> list[OpeningClaimRow]:
    """Every month that was told, newest first, then by municipality (two queries)."""
    found: dict[_Told, list[OpeningClaimPayment]] = defaultdict(list)
    rows = OpeningClaimPayment.objects.filter(claim__office=office)
    for row in rows.select_related("claim", "cancelled_by", "recorded_by__user"):
        found[row.claim.month, row.claim.municipality_id].append(row)
    claims = standing_claims(office).select_related("recorded_by__user", *PLACE)
    return [
        OpeningClaimRow(claim, tuple(found[claim.month, claim.municipality_id]))
        for claim in claims.order_by("-month", "municipality__code", "pk")
    ]


def opening_deductions(office: Office) -> list[OpeningClaimDeduction]:
    """過誤調整 of such months, the last first; those that were taken back too (one query)."""
    rows = OpeningClaimDeduction.objects.filter(office=office)
    told = rows.select_related(*PLACE, "cancelled_by", "recorded_by__user")
    return list(told.order_by("-deducted_on", "-pk"))


def paid_for(claim: OpeningClaim) -> int:
    """What was paid for month and municipality of a claim, of whichever of its rows (one query)."""
    rows = OpeningClaimPayment.objects.filter(
        claim__office=claim.office_id, claim__municipality=claim.municipality_id
    )
    return rows.filter(claim__month=claim.month).aggregate(yen=Sum(SIGNED_YEN))["yen"] or 0


def deducted_before(
    office: Office, month: Month, municipality: Municipality
) -> list[OpeningClaimDeduction]:
    """過誤調整 that stands of such a month and municipality (one query)."""
    rows = OpeningClaimDeduction.objects.standing().filter(of_place(municipality), office=office)
    return list(rows.filter(month=month.first_day))


def claimed_before_yen(office: Office, month: Month, municipality: Municipality) -> int:
    """What a month that was closed here came to as it was claimed, 助成 included; 0: nobody was closed here.

    Of the first row of each person's month: what was put right later was not claimed so (one query).
    """
    rows = PersonMonth.objects.filter(
        of_place(municipality), closing__office=office, month=month.first_day, replaces=None
    )
    return rows.aggregate(yen=Sum(F("benefit_yen") + F("subsidy_yen")))["yen"] or 0


def deduction_questions(
    office: Office, month: Month, municipality: Municipality, deducted_on: date, amount_yen: int
) -> dict[str, str]:
    """`rules.opening_claim.deduction_doubts` of what stands now: mark → words (two queries)."""
    told = deducted_before(office, month, municipality)
    return deduction_doubts(
        month=month, amount_yen=amount_yen, deducted_on=deducted_on,
        told=[(each.deducted_on, each.amount_yen) for each in told],
        claimed_yen=claimed_before_yen(office, month, municipality),
    )  # fmt: skip


def before_yen_on(office: Office, day: date) -> int:
    """What is recorded of months of before on one day: paid, less what was taken off (two queries)."""
    paid = OpeningClaimPayment.objects.standing().filter(claim__office=office, paid_on=day)
    off = OpeningClaimDeduction.objects.standing().filter(office=office, deducted_on=day)
    sums = [rows.aggregate(yen=Sum("amount_yen"))["yen"] or 0 for rows in (paid, off)]
    return sums[0] - sums[1]


def opening_claim_sums(office: Office) -> OpeningClaimSums:
    """What is awaited in all (one query).

    A payment counts for month and municipality, of whichever of their rows: each row's own are summed here, for
    SQLite would look through the office's rows once for each of them.
    """
    rests: dict[_Told, int] = defaultdict(int)
    standing: set[_Told] = set()
    rows = OpeningClaim.objects.filter(office=office).order_by().annotate(paid=Sum(_PAID_YEN))
    columns = ("month", "municipality", "amount_yen", "is_withdrawn", "replaced_by", "paid")
    for month, place, amount_yen, is_withdrawn, later, paid in rows.values_list(*columns):
        rests[month, place] -= paid or 0
        if later is None and not is_withdrawn:
            rests[month, place] += amount_yen
            standing.add((month, place))
    is_open = {key: rests[key] for key in standing if rests[key] > 0}
    return OpeningClaimSums(len({month for month, _place in is_open}), sum(is_open.values()))


def closed_elsewhere(office: Office) -> list[ClosedElsewhere]:
    """Closed months by municipality, not claimed here and of which nothing is told (three queries).

    The newest month first. Their 給付費 stands in no journal of ours.
    """
    told = set(standing_claims(office).order_by().values_list("month", CURRENT))
    rows = (
        PersonMonth.objects.standing()
        .filter(~is_claimed_here("month", "closing__office"), closing__office=office)
        .order_by().annotate(place=CURRENT).values_list("month", "place")
        .annotate(people=Count("pk"), claimed=Sum(F("benefit_yen") + F("subsidy_yen")))
        .order_by("-month")
    )  # fmt: skip
    found = [row for row in rows if not told & {row[:2], (row[0], None)}]
    keys = {key for _month, key, *_sums in found}
    places = Municipality.objects.select_related("city").in_bulk(keys) if keys else {}
    found.sort(key=lambda row: (-row[0].toordinal(), places[row[1]].code))
    return [
        ClosedElsewhere(
            Month.of(month), key, places[key].public_id, places[key].full_name, people, yen
        )
        for month, key, people, yen in found
    ]


def left_out_until(office: Office, first: date, last: date) -> Month | None:
    """The last of the months closed in these days whose 給付費 the journal leaves out; None: none is."""
    rows = PersonMonth.objects.filter(
        ~is_claimed_here("month", "closing__office"), closing__office=office,
        closing__closed_at__gte=at_start_of(first), closing__closed_at__lt=end_of(last),
    )  # fmt: skip
    found = rows.order_by("-month").values_list("month", flat=True).first()
    return Month.of(found) if found else None
