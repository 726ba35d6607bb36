"""After the close, in sums: corrections, what 国保連 paid, what people have not paid yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Sum

from billing.enums import CorrectionReason
from billing.models import PersonMonth
from billing.queries.claim_payment_sums import summed
from billing.queries.claim_payments import claims_of
from billing.queries.payments import open_invoices
from billing.rules.money_span import Span
from teikyaku.accounts.models import Office
from teikyaku.periods import Month

# 未入金 by days after the last day for payment: up to each of them, then more.
AGES = (0, 30, 90)


@dataclass(frozen=True, slots=True)
class CorrectionSums:
    """Corrected months of one month of service: people, and new less old in yen."""

    people: int = 0
    withdrawn: int = 0
    benefit_yen: int = 0
    payable_yen: int = 0
    """What people pay, without a subsidy."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Why, in words → people."""


@dataclass(frozen=True, slots=True)
class ClaimSums:
    """Claims of one month of processing: people, and yen."""

    people: int = 0
    claimed_yen: int = 0
    paid_yen: int = 0
    waiting: int = 0

    @property
    def rest_yen(self) -> int:
        """Claimed and not come."""
        return self.claimed_yen - self.paid_yen


@dataclass(frozen=True, slots=True)
class OpenAge:
    """Open invoices of one age: days after the last day for payment; None where there is no bound."""

    first_day: int | None
    last_day: int | None
    count: int
    open_yen: int


def corrections_by_month(office: Office, span: Span) -> dict[Month, CorrectionSums]:
    """As the list 過誤・再請求 tells them: the last row beside the one it replaces (one query)."""
    rows = (
        PersonMonth.objects.newest()
        .filter(closing__office=office, replaces__isnull=False, month__range=span.days)
        .order_by()
        .values_list("month", "correction__reason", "is_withdrawn")
        .annotate(
            people=Count("pk"),
            benefit=Sum(F("benefit_yen") - F("replaces__benefit_yen")),
            payable=Sum(
                F("copayment_yen")
                - F("subsidy_yen")
                - F("replaces__copayment_yen")
                + F("replaces__subsidy_yen")
            ),
        )
    )  # fmt: skip
    sums: dict[Month, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    reasons: dict[Month, Counter[str]] = defaultdict(Counter)
    for day, reason, is_withdrawn, people, benefit, payable in rows:
        month = Month.of(day)
        more = (people, people if is_withdrawn else 0, benefit, payable)
        sums[month] = [known + own for known, own in zip(sums[month], more, strict=True)]
        if reason:
            reasons[month][str(CorrectionReason(reason).label)] += people
    return {
        month: CorrectionSums(people, withdrawn, benefit, payable, reasons[month])
        for month, (people, withdrawn, benefit, payable) in sums.items()
    }


def claims_by_month(office: Office, span: Span) -> dict[Month, ClaimSums]:
    """Claims that stand, by the month in which they are processed (one query).

    As the list 国保連の支払い adds them up: with the subsidy, without what was taken back.
    """
    shown = claims_of(office).filter(file__processing_month__range=span.days)
    return {
        Month.of(row["file__processing_month"]): ClaimSums(
            row["people"], row["expected"], row["paid"] or 0, row["waiting"]
        )
        for row in summed(shown, "file__processing_month")
    }


def open_by_age(office: Office, on: date) -> tuple[OpenAge, ...]:
    """未入金 as of `on`, what is not late first; every age, also with nothing in it (one query)."""
    counts, yen = [0] * (len(AGES) + 1), [0] * (len(AGES) + 1)
    for due_on, rest in open_invoices(office).order_by().values_list("due_on", "open_yen"):
        place = sum((on - due_on).days > age for age in AGES)
        counts[place] += 1
        yen[place] += rest
    firsts = (None, *(age + 1 for age in AGES))
    return tuple(
        OpenAge(*each) for each in zip(firsts, (*AGES, None), counts, yen, strict=True)
    )  # fmt: skip
