"""国保連の支払い: which claims wait for their money, since when, and what was paid for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    When,
)
from django.utils.translation import gettext_lazy as _

from billing.models import ClaimFile, ClaimPayment
from billing.queries.claim_rows import standing_entries
from billing.rules.claim_payment import ClaimState, Settlement
from clients.queries.subject import named_q, names_seen
from teikyaku.accounts.models import Municipality, Office
from teikyaku.clock import date_of
from teikyaku.periods import Month

# The rows of a claim are numbered: the last one says how it stands.
_LAST = ClaimPayment.objects.filter(entry=OuterRef("pk")).order_by("-number")
_PAID_YEN = Case(
    When(cancels__isnull=True, then=F("amount_yen")), default=None, output_field=IntegerField()
)


class ShowClaims(TextChoices):
    """表示 which claims the list shows."""

    WAITING = ClaimState.WAITING.value, _("支払い待ち")
    DIFFERS = ClaimState.DIFFERS.value, _("請求と違う")
    PAID = ClaimState.PAID.value, _("請求どおり")
    ALL = "all", _("すべて")


@dataclass(frozen=True, slots=True)
class ClaimPaymentRow:
    """One person's claim with what was paid for it."""

    public_id: UUID
    file_id: UUID
    person_month_id: UUID
    name: str
    kana: str
    certificate_number: str
    municipality: str
    month: Month
    processing_month: Month
    claimed_on: date
    total_cost_yen: int
    settlement: Settlement
    paid_on: date | None
    age_days: int
    """Days since the claim file was made."""


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


def claims_of(office: Office | int | None) -> QuerySet[Any]:
    """The office's claims that stand, with `paid_yen` (None: waiting), `paid_on`, `last_number`."""
    return (
        standing_entries()
        .filter(file__office=office)
        .annotate(
            paid_yen=Subquery(_LAST.values(yen=_PAID_YEN)[:1], output_field=IntegerField()),
            paid_on=Subquery(_LAST.values("paid_on")[:1]),
            last_number=Subquery(_LAST.values("number")[:1]),
        )
    )


def _state_q(state: str) -> Q:
    is_whole = Q(paid_yen=F("person_month__benefit_yen"))
    if state == ShowClaims.WAITING:
        return Q(paid_yen=None)
    if state == ShowClaims.PAID:
        return is_whole
    if state == ShowClaims.DIFFERS:
        return Q(paid_yen__isnull=False) & ~is_whole
    return Q()


def claims_shown(
    office: Office, show: str, text: str = "", month: date | None = None
) -> QuerySet[Any]:
    """The claims behind one choice of the list; `text` is part of a name, `month` that of processing.

    What waits longest stands first; of the others the newest.
    """
    order = "" if show == ShowClaims.WAITING else "-"
    rows = claims_of(office).filter(_state_q(show), named_q(text, "person_month__client"))
    if month is not None:
        rows = rows.filter(file__processing_month=month)
    return rows.order_by(
        f"{order}file__processing_month", f"{order}file__number",
        "person_month__municipality__code", "person_month__certificate_number", "pk",
    )  # fmt: skip


def claim_payment_sums(office: Office) -> ClaimPaymentSums:
    """What is awaited and what came otherwise (one query)."""
    waiting, differs = _state_q(ShowClaims.WAITING), _state_q(ShowClaims.DIFFERS)
    benefit = F("person_month__benefit_yen")
    found = claims_of(office).aggregate(
        waiting=Count("pk", filter=waiting),
        waiting_yen=Sum(benefit, filter=waiting),
        oldest=Min("file__processing_month", filter=waiting),
        differs=Count("pk", filter=differs),
        differs_yen=Sum(benefit - F("paid_yen"), filter=differs),
    )
    return ClaimPaymentSums(
        waiting=found["waiting"],
        waiting_yen=found["waiting_yen"] or 0,
        oldest=Month.of(found["oldest"]) if found["oldest"] else None,
        differs=found["differs"],
        differs_yen=found["differs_yen"] or 0,
    )


def by_municipality(shown: QuerySet[Any]) -> list[MunicipalityClaims]:
    """The sums of these claims, newest month of processing first (two queries)."""
    rows = (
        shown.order_by("-file__processing_month", "person_month__municipality__code")
        .values("file__processing_month", "person_month__municipality")
        .annotate(
            people=Count("pk"),
            expected=Sum("person_month__benefit_yen"),
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


def claim_payment_rows(shown: Iterable[Any], on: date) -> list[ClaimPaymentRow]:
    """Rows for these claims as of `on`, with names as the office knows them; two queries."""
    entries = list(shown)
    names = names_seen([entry.person_month.enrolment for entry in entries], on)
    return [_row(entry, names.get(entry.person_month.enrolment_id), on) for entry in entries]


def with_facts(claims: QuerySet[Any]) -> QuerySet[Any]:
    """The claims with the rows that `claim_payment_rows` reads."""
    return claims.select_related(
        "file", "person_month__client", "person_month__enrolment",
        "person_month__municipality__city",
    )  # fmt: skip


def _row(entry: Any, name: Any, on: date) -> ClaimPaymentRow:
    month, file = entry.person_month, entry.file
    claimed_on = date_of(file.recorded_at)
    return ClaimPaymentRow(
        public_id=entry.public_id,
        file_id=file.public_id,
        person_month_id=month.public_id,
        name=name.name if name else "",
        kana=name.kana if name else "",
        certificate_number=month.certificate_number,
        municipality=month.municipality.full_name,
        month=Month.of(month.month),
        processing_month=Month.of(file.processing_month),
        claimed_on=claimed_on,
        total_cost_yen=month.total_cost_yen,
        settlement=Settlement(month.benefit_yen, entry.paid_yen),
        paid_on=entry.paid_on if entry.paid_yen is not None else None,
        age_days=(on - claimed_on).days,
    )


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
            waiting=Count("pk", filter=_state_q(ShowClaims.WAITING)),
            paid=Count("pk", filter=_state_q(ShowClaims.PAID)),
            differs=Count("pk", filter=_state_q(ShowClaims.DIFFERS)),
        )
    )
    return {row["file"]: FilePayments(row["waiting"], row["paid"], row["differs"]) for row in rows}


def history_of(person_month: int) -> list[ClaimPayment]:
    """What was recorded for a person's month, taken back rows too, oldest first (one query)."""
    rows = ClaimPayment.objects.filter(entry__person_month=person_month)
    return list(
        rows.select_related("entry__file", "recorded_by__user", "cancelled_by")
        .order_by("entry", "number")
    )  # fmt: skip
