"""請求ファイルの作り方 of an office, and what its other services come to in a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from django.db.models import QuerySet

from billing.enums import ClaimFamily, InvoiceWay
from billing.kokuhoren.reader import read
from billing.kokuhoren.statement import ServiceSum
from billing.models import ClaimFile, ClaimFileContent, ClaimSetting, OtherServiceSum
from teikyaku.accounts.models import Office
from teikyaku.periods import Month

# Of J111:02: count, units, cost, benefit, copayment and subsidy.
_SUMS = (8, 9, 10, 11, 13, 14)


@dataclass(frozen=True, slots=True)
class SumInFile:
    """What a file that was made holds of another service: the file, and its sums as written."""

    name: str
    sums: tuple[str, ...]

    def is_of(self, row: OtherServiceSum) -> bool:
        """Whether it is what the row says now: a row may have been corrected since."""
        own = (
            row.count, row.units, row.total_cost_yen, row.benefit_yen, row.copayment_yen,
            row.subsidy_yen or 0,
        )  # fmt: skip
        return tuple(int(each or 0) for each in self.sums) == own


@dataclass(frozen=True, slots=True)
class ClaimChoice:
    """How the files of an office are made."""

    invoice_way: str = InvoiceWay.OWN.value
    omits_names: bool = False
    first_month: Month | None = None
    """From which service month on claims are made here; None: from the first."""
    is_open: bool = False
    """The number is shared, and nobody has said yet what becomes of J111."""

    @property
    def with_invoices(self) -> bool:
        """Whether J111 stands in the file."""
        return self.invoice_way != InvoiceWay.APART

    @property
    def with_others(self) -> bool:
        """Whether J111 holds the other services too."""
        return self.invoice_way == InvoiceWay.TOGETHER


def claim_choice(office: Office) -> ClaimChoice:
    """What the office chose; one that shares its number has to choose, no other can (one query)."""
    row = ClaimSetting.objects.filter(office=office).first()
    way = row.invoice_way if row and office.shares_number else InvoiceWay.OWN.value
    return ClaimChoice(
        invoice_way=way,
        omits_names=row.omits_names if row else False,
        first_month=Month.of(row.first_month) if row and row.first_month else None,
        is_open=office.shares_number and way == InvoiceWay.OWN,
    )


def other_sums(office: Office, month: Month) -> list[OtherServiceSum]:
    """What was entered for a month, by municipality and service (one query)."""
    rows = OtherServiceSum.objects.filter(office=office, month=month.first_day)
    return list(rows.select_related("municipality__city"))


def files_that_went(office: Office, month: Month) -> tuple[str, ...]:
    """Names of the claim files of the month that stand: the other services went with those (one query)."""
    made = _standing(office, month).order_by("processing_month", "number")
    return tuple(made.values_list("name", flat=True))


def sums_in_files(office: Office, month: Month) -> Mapping[tuple[str, str], SumInFile]:
    """What the J111 of the files that stand hold, by municipality (its code) and service (one query)."""
    found: dict[tuple[str, str], SumInFile] = {}
    contents = ClaimFileContent.objects.filter(file__in=_standing(office, month))
    for name, content in contents.values_list("file__name", "content"):
        # J111 stands before the people: what follows is not read.
        for row in takewhile(lambda row: not row.key.startswith("J121"), read(bytes(content))):
            if row.key == "J111:02":
                sums = tuple(row.text(position) for position in _SUMS)
                found[row.text(4), row.text(7)] = SumInFile(name, sums)
    return found


def _standing(office: Office, month: Month) -> QuerySet[ClaimFile]:
    return ClaimFile.objects.filter(
        office=office, month=month.first_day, family=ClaimFamily.CLAIM, withdrawal=None
    )


def others_of_file(office: Office, month: Month) -> Mapping[tuple[Month, str], list[ServiceSum]]:
    """The other services as a file takes them, by municipality (one query)."""
    found: dict[tuple[Month, str], list[ServiceSum]] = defaultdict(list)
    for row in other_sums(office, month):
        found[month, row.municipality.code].append(
            ServiceSum(
                row.service_type, row.count, row.units, row.total_cost_yen, row.benefit_yen,
                row.copayment_yen, row.subsidy_yen,
            )
        )  # fmt: skip
    return found
