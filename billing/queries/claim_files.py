"""請求ファイル that were made: what stands, of which month, and which number comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Sum

from billing.enums import ClaimFamily
from billing.models import (
    CapSheetCancellation,
    CapSheetRevision,
    ClaimFile,
    ClaimFileContent,
    ClaimFileEntry,
)
from billing.queries.claim_calendar import claim_days
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_rows import unclaimed
from billing.queries.claim_statements import ClaimMonth
from clients.queries.subject import names_of
from teikyaku.accounts.models import Municipality, Office
from teikyaku.periods import Month
from teikyaku.prepared import prepared

_FAMILIES = list(ClaimFamily.values)


def processing_month(on: date) -> Month:
    """処理対象の月: the month whose last day for claims can still be met on `on` (one query).

    docs/rules.md §8: claims go in between the 1st and the 10th. Raises figures.NoFigure where the
    day is not known.
    """
    return Month.of(claim_days(on).next_claim.on)


def next_number(office: Office, processed: Month) -> int:
    """The number of the next files: one for all kinds, so that what belongs together is seen."""
    made = ClaimFile.objects.filter(office=office, processing_month=processed.first_day)
    return (made.aggregate(last=Max("number"))["last"] or 0) + 1


def files_of(office: Office, month: Month) -> list[ClaimFile]:
    """The files of a service month, the newest first, with what became of them (one query)."""
    has_content = ClaimFileContent.objects.filter(file=OuterRef("pk"))
    cancels = CapSheetCancellation.objects.filter(entry__file=OuterRef("pk"))
    revises = CapSheetRevision.objects.filter(entry__file=OuterRef("pk"))
    rows = (
        ClaimFile.objects.filter(office=office, month=month.first_day)
        .select_related("withdrawal", "recorded_by__user")
        .annotate(
            has_content=Exists(has_content),
            is_cancellation=Exists(cancels),
            is_revision=Exists(revises),
        )
        .order_by()
    )
    # Within a number: the claim, what was served, the caps.
    return sorted(
        rows,
        key=lambda row: (row.processing_month, row.number, -_FAMILIES.index(row.family)),
        reverse=True,
    )


def unclaimed_months(office: Office) -> dict[Month, int]:
    """Closed, but in no claim that counts: by service month how many, oldest first (one query).

    Closing is not claiming (docs/rules.md §8). The claim page of each month lists just these people.
    """
    return {Month.of(month): count for month, count in _unclaimed.rows(office=office.pk)}


def never_claimed(office: Office, months: Iterable[Month]) -> set[Month]:
    """Those of the months of which no claim file stands at all (one query; none without months)."""
    asked = set(months)
    if not asked:
        return set()
    made = {Month.of(month) for month in _made.rows(office=office.pk)}
    return asked - made


def has_claim(office: Office, month: Month) -> bool:
    """Whether a claim file of the month stands (one query)."""
    return ClaimFile.objects.filter(
        office=office, month=month.first_day, family=ClaimFamily.CLAIM, withdrawal=None
    ).exists()  # fmt: skip


@prepared("office")
def _made(office: int) -> QuerySet[Any, Any]:
    """The months of which a claim file stands."""
    files = ClaimFile.objects.filter(office=office, family=ClaimFamily.CLAIM, withdrawal=None)
    return files.order_by().values_list("month", flat=True).distinct()


@prepared("office")
def _unclaimed(office: int) -> QuerySet[Any, Any]:
    return unclaimed(office).order_by("month").values_list("month").annotate(Count("pk"))


def claim_entries(file: ClaimFile) -> dict[str, tuple[str, ClaimFileEntry]]:
    """Whose claims were made with a file and still count: key → name and row, by kana (two queries)."""
    rows = (
        standing_entries()
        .filter(
            file__office=file.office_id,
            file__processing_month=file.processing_month,
            file__number=file.number,
        )
        .select_related("person_month__client")
    )
    found = list(rows)
    last_day = Month.of(file.month).last_day
    names = names_of([row.person_month.client_id for row in found], last_day)

    def kana(row: ClaimFileEntry) -> tuple[str, int]:
        name = names.get(row.person_month.client_id)
        return (name.kana if name else "", row.pk)

    return {
        str(row.public_id): (
            f"{names[client].name if (client := row.person_month.client_id) in names else ''}"
            f"（受給者証 {row.person_month.certificate_number}）",
            row,
        )
        for row in sorted(found, key=kana)
    }


@dataclass(frozen=True, slots=True)
class ClaimSums:
    """What one municipality is asked for, by file ("": not in a file yet). Money in yen."""

    code: str
    municipality: str
    file: str
    people: int
    units: int
    total_cost_yen: int
    benefit_yen: int
    copayment_yen: int
    """What people pay: decided less the subsidy, as in J111."""
    subsidy_yen: int


def claim_sums(office: Office, found: ClaimMonth) -> list[ClaimSums]:
    """Of files that stand, as they were written, then of what would go into the next one (two queries)."""
    rows = (
        standing_entries()
        .filter(file__office=office, file__month=found.month.first_day)
        .order_by("file__processing_month", "file__number", "municipality_code")
        .values("file__name", "municipality_code")
        .annotate(
            people=Count("pk"),
            units=Sum("person_month__units"),
            total=Sum("person_month__total_cost_yen"),
            benefit=Sum("person_month__benefit_yen"),
            copayment=Sum("person_month__copayment_yen"),
            subsidy=Sum("person_month__subsidy_yen"),
            place=Min("person_month__municipality"),
        )
    )
    stated = list(rows)
    keys = [row["place"] for row in stated]
    places = Municipality.objects.select_related("proposal__same_as__city").in_bulk(keys)
    made = [
        ClaimSums(
            row["municipality_code"], places[row["place"]].current.full_name,
            row["file__name"], row["people"], row["units"], row["total"], row["benefit"],
            row["copayment"] - row["subsidy"], row["subsidy"],
        )
        for row in stated
    ]  # fmt: skip
    waiting = [
        ClaimSums(
            each.invoice.municipality, each.name, "", each.invoice.count, each.invoice.units,
            each.invoice.total_cost_yen, each.invoice.benefit_yen, each.invoice.copayment_yen,
            each.invoice.subsidy_yen or 0,
        )
        for each in found.sums
    ]  # fmt: skip
    return made + waiting
