"""国保連の支払い: which claims wait for their money, since when, and what was paid for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models import ClaimDeduction, ClaimPayment, ErrorPetition, PersonMonth
from billing.queries.claim_rows import standing_entries
from billing.queries.payments import SIGNED_YEN
from billing.rules.claim_payment import ClaimState, Settlement
from clients.queries.subject import named_q, names_seen
from teikyaku.accounts.models import Office
from teikyaku.clock import date_of
from teikyaku.periods import Month
from teikyaku.prepared import prepared

# The rows of a claim are numbered: the last one says how it stands.
_LAST = ClaimPayment.objects.filter(entry=OuterRef("pk")).order_by("-number")
_PAID_YEN = Case(
    When(cancels__isnull=True, then=F("amount_yen")), default=None, output_field=IntegerField()
)
# 請求額 of J111: the benefit and what a municipality pays of the copayment.
_EXPECTED_YEN = F("person_month__benefit_yen") + F("person_month__subsidy_yen")
# A petition settles every claim before its row (billing.rules.correction).
_PETITIONS = ErrorPetition.objects.filter(
    **{
        f"correction__person_month__{name}": OuterRef(f"person_month__{name}")
        for name in ("client", "month", "enrolment")
    },
    correction__person_month__edition__gt=OuterRef("person_month__edition"),
)
_IS_TAKEN_BACK = Case(
    # Few were replaced: the others are not looked up.
    When(person_month__replaced_by=None, then=Value(False)),
    default=Exists(_PETITIONS),
    output_field=BooleanField(),
)
_TAKEN_OFF = (
    ClaimDeduction.objects.filter(entry=OuterRef("pk"))
    .order_by().values("entry").annotate(total=Sum(SIGNED_YEN)).values("total")
)  # fmt: skip
_TAKEN_OFF_YEN = Case(
    # As above: few were replaced.
    When(person_month__replaced_by=None, then=Value(0)),
    default=Coalesce(Subquery(_TAKEN_OFF, output_field=IntegerField()), 0),
    output_field=IntegerField(),
)


class ShowClaims(TextChoices):
    """表示 which claims the list shows."""

    WAITING = ClaimState.WAITING.value, _("支払い待ち")
    DIFFERS = ClaimState.DIFFERS.value, _("請求と違う")
    PAID = ClaimState.PAID.value, _("請求どおり")
    TAKEN_BACK = ClaimState.TAKEN_BACK.value, _("過誤調整")
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


def claims_of(office: Office | int | None) -> QuerySet[Any]:
    """The office's claims that stand, with `paid_yen` (None: not paid yet), `paid_on`, `last_number`.

    Also `expected_yen`, and `is_taken_back`: a 過誤申立 is dated, nothing is awaited, and what was
    paid is taken off; `taken_off_yen` of it is recorded.
    """
    return (
        standing_entries()
        .filter(file__office=office)
        .annotate(
            paid_yen=Subquery(_LAST.values(yen=_PAID_YEN)[:1], output_field=IntegerField()),
            paid_on=Subquery(_LAST.values("paid_on")[:1]),
            last_number=Subquery(_LAST.values("number")[:1]),
            expected_yen=_EXPECTED_YEN,
            is_taken_back=_IS_TAKEN_BACK,
            taken_off_yen=_TAKEN_OFF_YEN,
        )
    )


def state_q(state: str) -> Q:
    """The condition on `claims_of` for one choice of the list."""
    is_whole, stands = Q(paid_yen=F("expected_yen")), Q(is_taken_back=False)
    if state == ShowClaims.WAITING:
        return Q(paid_yen=None) & stands
    if state == ShowClaims.PAID:
        return is_whole & stands
    if state == ShowClaims.DIFFERS:
        return Q(paid_yen__isnull=False) & ~is_whole & stands
    if state == ShowClaims.TAKEN_BACK:
        return ~stands
    return Q()


def to_deduct_q() -> Q:
    """The condition on `claims_of` of those whose 過誤調整 is still to come."""
    return Q(is_taken_back=True, paid_yen__gt=F("taken_off_yen"))


def to_deduct(office: Office | int | None) -> QuerySet[Any]:
    """The office's claims whose 過誤調整 is still to come, oldest first, with `asked_on`."""
    rows = with_petition(claims_of(office)).filter(to_deduct_q())
    return rows.order_by("file__processing_month", "file__number", "pk")


def with_petition(claims: QuerySet[Any]) -> QuerySet[Any]:
    """The claims with `asked_on`: the day of the 過誤申立 that took each back; None without one.

    Of the first correction after the claim that has one: a later one takes back a later claim. Dated
    again, the last one holds.
    """
    nearest = _PETITIONS.order_by("correction__person_month__edition", "-pk")
    return claims.annotate(asked_on=Subquery(nearest.values("filed_on")[:1]))


def settlement_of(entry: Any) -> Settlement:
    """How a claim of `claims_of` stands."""
    return Settlement(
        entry.expected_yen, entry.paid_yen, entry.person_month.subsidy_yen,
        is_taken_back=entry.is_taken_back, taken_off_yen=entry.taken_off_yen,
    )  # fmt: skip


def claims_shown(
    office: Office, show: str, text: str = "", month: date | None = None
) -> QuerySet[Any]:
    """The claims behind one choice of the list; `text` is part of a name, `month` that of processing.

    What waits longest stands first; of the others the newest.
    """
    order = "" if show == ShowClaims.WAITING else "-"
    rows = claims_of(office).filter(state_q(show), named_q(text, "person_month__client"))
    if month is not None:
        rows = rows.filter(file__processing_month=month)
    return rows.order_by(
        f"{order}file__processing_month", f"{order}file__number",
        "person_month__municipality__code", "person_month__certificate_number", "pk",
    )  # fmt: skip


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
        settlement=settlement_of(entry),
        paid_on=entry.paid_on if entry.paid_yen is not None else None,
        age_days=(on - claimed_on).days,
    )  # fmt: skip


def history_of(row: PersonMonth) -> list[ClaimPayment]:
    """What was recorded for a person's month at the office, oldest first (one query).

    Rows that were taken back too, and those of claims before a correction.
    """
    return _payments_of.rows(enrolment=row.enrolment_id, month=row.month)


@prepared("enrolment")
def _payments_of(enrolment: int, month: date) -> QuerySet[ClaimPayment]:
    rows = ClaimPayment.objects.filter(
        entry__person_month__enrolment=enrolment, entry__person_month__month=month
    )
    related = ("entry__file", "entry__person_month", "recorded_by__user", "cancelled_by")
    return rows.select_related(*related).order_by("entry", "number")


def deductions_of(row: PersonMonth) -> list[ClaimDeduction]:
    """過誤調整 that was recorded for a person's month, oldest first, taken back ones too (one query)."""
    return _deductions_of.rows(enrolment=row.enrolment_id, month=row.month)


@prepared("enrolment")
def _deductions_of(enrolment: int, month: date) -> QuerySet[ClaimDeduction]:
    rows = ClaimDeduction.objects.filter(
        entry__person_month__enrolment=enrolment, entry__person_month__month=month
    )
    related = ("entry__file", "recorded_by__user", "cancelled_by")
    return rows.select_related(*related).order_by("entry", "number")
