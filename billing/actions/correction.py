"""過誤・再請求: a closed month is put right, or withdrawn, by a further row that refers to the old one.

Nothing that was closed changes. Each correction is a run of its own (`MonthClosing`, kind
correction) with one row in it, computed as the close computes. The paper for the person follows in
the same transaction.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from billing.actions.claim_reach import refuse_before_claim
from billing.actions.fee_table import hold_fee_table
from billing.actions.invoice import issue_invoice
from billing.actions.month import entry_values, line_values, row_values
from billing.enums import ClosingKind
from billing.models import (
    ClaimDeduction,
    ErrorPetition,
    Invoice,
    MonthClosing,
    MonthCorrection,
    PersonMonth,
    PersonMonthLine,
)
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_start import first_claimed_month
from billing.queries.correction import Redo, redo_of
from billing.queries.correction_state import states_of
from clients.actions.facts import refuse_future
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.bulk import insert_rows
from teikyaku.clock import date_of
from teikyaku.constraints import violations_as_validation_errors
from teikyaku.era import both
from teikyaku.frozen import digest
from teikyaku.periods import Month


def correct_month(
    *,
    row: PersonMonth,
    reason: str,
    note: str = "",
    filed_on: date | None = None,
    claim_month: date | None = None,
    seen: str = "",
    by: Membership,
    at: datetime,
) -> PersonMonth:
    """出し直す: a new row by today's facts. `seen` is the mark of what was shown (`Redo.mark`).

    `filed_on` is the day of the 過誤申立, where it is known already. Raises ValidationError where
    nothing differs, something is missing, the facts have changed since they were shown, or somebody
    has just corrected the same month.
    """
    redo = redo_of(row, date_of(at))
    refuse_redo(redo, by)
    if seen and seen != redo.mark:
        raise ValidationError(
            _("確かめているあいだに記録が変わりました。もう一度、金額を見てください。")
        )
    with violations_as_validation_errors(MonthClosing, PersonMonth), transaction.atomic():
        new = write_redo(redo, by, at)
        return recorded(new, reason, note, filed_on, claim_month, by, at)


def withdraw_month(
    *,
    row: PersonMonth,
    reason: str,
    note: str = "",
    filed_on: date | None = None,
    by: Membership,
    at: datetime,
) -> PersonMonth:
    """取り下げる: a new row of 0 yen, so that the month counts for nothing and nobody is kept from it.

    Raises ValidationError as `correct_month`.
    """
    redo = redo_of(row, date_of(at))
    refuse_withdrawal(redo, by)
    with violations_as_validation_errors(MonthClosing, PersonMonth), transaction.atomic():
        nothing = write_withdrawal(redo, by, at)
        return recorded(nothing, reason, note, filed_on, None, by, at)


def refuse_redo(redo: Redo, by: Membership) -> None:
    """Raises ValidationError where the month cannot be put right by today's facts."""
    _refuse(redo, by)
    own = redo.own
    if settings.MODE == "production" and (own.is_sample or own.has_sample_codes):
        raise ValidationError(_("見本の報酬表やサービスコードでは、出し直せません。"))
    if not redo.can_redo:
        raise ValidationError(_("いまの記録では、出し直せません。"))


def write_redo(redo: Redo, by: Membership, at: datetime) -> PersonMonth:
    """The new row of a month that `refuse_redo` let pass, inside a transaction."""
    row = redo.row
    assert redo.entry is not None  # noqa: S101  (what can be put right has one)
    entry = redo.entry._replace(edition=_next_edition(row))
    values = {**entry_values(entry), "replaces": str(row.public_id)}
    new = PersonMonth(**row_values(_run(redo, values, by, at), entry), replaces=row)
    new.save()
    insert_rows(PersonMonthLine, line_values(new.pk, entry))
    return new


def refuse_withdrawal(redo: Redo, by: Membership) -> None:
    """Raises ValidationError where there is nothing to withdraw."""
    _refuse(redo, by)
    if redo.row.is_withdrawn:
        raise ValidationError(_("この月は、もう取り下げてあります。"))


def write_withdrawal(redo: Redo, by: Membership, at: datetime) -> PersonMonth:
    """The row of 0 yen, inside a transaction."""
    nothing = _nothing(redo.row, _next_edition(redo.row))
    nothing.closing = _run(redo, _values_of_nothing(nothing, redo.row), by, at)
    nothing.save()
    return nothing


def record_petition(
    *, correction: MonthCorrection, filed_on: date, claim_month: date | None = None,
    by: Membership, at: datetime,
) -> ErrorPetition:  # fmt: skip
    """過誤申立 of a correction: the day, and the month that the municipality named for the new claim.

    A wrong day is corrected by recording it again. Raises ValidationError by field, and where no
    earlier row stands in a claim: then there is nothing to take back.
    """
    month = correction.person_month
    if by.office_id != month.closing.office_id:
        raise ValidationError(_("この事業所の月ではありません。"))
    if not can_petition(month):
        raise ValidationError(
            _(
                "前の請求は、国保連に残っていません。過誤申立は要りません（取り下げた請求や返戻も同じです）。"
            )
        )
    refuse_future(at=at, filed_on=filed_on)
    _refuse_deducted_before(month, filed_on)
    if filed_on <= Month.of(month.month).last_day:
        raise ValidationError({"filed_on": _("サービスの月が終わる前の日付です。")})
    _refuse_before_claim(month, filed_on)
    if claim_month is not None and claim_month < Month.of(filed_on).first_day:
        raise ValidationError({"claim_month": _("過誤申立の月より前です。")})
    _refuse_month_of_claim(month, claim_month)
    petition = ErrorPetition(correction=correction, filed_on=filed_on, claim_month=claim_month)
    person = month.client.public_id
    return save_record(petition, verb="error_petition_recorded", by=by, at=at, person_id=person)


def can_petition(row: PersonMonth) -> bool:
    """Whether a claim stands that could be taken back: of this office, or of other software before."""
    state = states_of([row]).get(row.pk)
    if state is None:
        return False  # nothing was corrected: there is no earlier row
    if state.was_claimed or state.petition:
        return True
    first = first_claimed_month(row.closing.office)
    return first is not None and Month.of(row.month) < first


def _refuse_before_claim(row: PersonMonth, filed_on: date) -> None:
    """Nobody asks a municipality to take back what was not claimed yet; the day of the file says since when."""
    state = states_of([row])[row.pk]
    former = {each.pk for each in state.rows[:-1]}
    entries = standing_entries().filter(person_month__in=former).select_related("file")
    if last := entries.order_by("file__recorded_at").last():
        refuse_before_claim(last.file, is_answer=False, filed_on=filed_on)


def _refuse_month_of_claim(row: PersonMonth, claim_month: date | None) -> None:
    """国保連 takes the old claim back and lets the new one in by months: not in the old one's own."""
    claimed_in = states_of([row])[row.pk].claimed_in
    if claim_month is None or claimed_in is None or Month.of(claim_month) > claimed_in:
        return
    text = _("前の請求は%(month)sの処理分です。再請求できるのは、次の月からです。")
    raise ValidationError({"claim_month": text % {"month": claimed_in.label}})


def _refuse_deducted_before(row: PersonMonth, filed_on: date) -> None:
    """国保連 takes nothing off before it was asked for: of the claims that this row takes back."""
    line = {"person_month__enrolment": row.enrolment_id, "person_month__month": row.month}
    former = ErrorPetition.objects.filter(
        **{f"correction__{name}": value for name, value in line.items()},
        correction__person_month__edition__lt=row.edition,
    ).aggregate(last=Max("correction__person_month__edition"))["last"]
    first = ClaimDeduction.objects.filter(
        **{f"entry__{name}": value for name, value in line.items()},
        entry__person_month__edition__range=(former or 0, row.edition - 1),
        deducted_on__lt=filed_on, cancels=None, cancelled_by=None,
    ).order_by("deducted_on").first()  # fmt: skip
    if first is not None:
        text = _("過誤調整（%(on)s）が、もう記録されています。それより後の日付にはできません。")
        raise ValidationError({"filed_on": text % {"on": both(first.deducted_on)}})


def _refuse(redo: Redo, by: Membership) -> None:
    row = redo.row
    if by.office_id != row.closing.office_id:
        raise ValidationError(_("この事業所の月ではありません。"))
    if PersonMonth.objects.filter(replaces=row).exists():
        raise ValidationError(_("この月は、もう訂正されています。新しい方を開いてください。"))


def _next_edition(row: PersonMonth) -> int:
    """The number after the last row of the person's month, of whichever office.

    As payments do, it locks the row: money that comes at the same moment is counted, or refused.
    """
    PersonMonth.objects.select_for_update().get(pk=row.pk)
    rows = PersonMonth.objects.filter(client=row.client_id, month=row.month)
    last: int = rows.aggregate(last=Max("edition"))["last"]
    return last + 1


def _run(redo: Redo, values: dict[str, Any], by: Membership, at: datetime) -> MonthClosing:
    """A run of its own, with the next number of the month."""
    former, tariff = redo.row.closing, redo.own.tariff
    if tariff is not None and tariff.imported_as is not None:
        hold_fee_table(tariff.imported_as)
    runs = MonthClosing.objects.filter(office=former.office_id, month=former.month)
    run: MonthClosing = MonthClosing.objects.create(
        office=former.office,
        month=former.month,
        number=runs.aggregate(last=Max("number"))["last"] + 1,
        kind=ClosingKind.CORRECTION,
        closed_at=at,
        closed_by=by,
        tariff=tariff.name if tariff else former.tariff,
        is_sample_tariff=tariff.is_sample if tariff else former.is_sample_tariff,
        digest=digest([values]),
    )
    return run


def _nothing(row: PersonMonth, edition: int) -> PersonMonth:
    return PersonMonth(
        enrolment_id=row.enrolment_id, client_id=row.client_id, month=row.month, edition=edition,
        replaces=row, is_withdrawn=True, municipality_id=row.municipality_id,
        certificate_number=row.certificate_number, units=0, unit_price=row.unit_price,
        total_cost_yen=0, one_tenth_yen=0, cap_yen=row.cap_yen, copayment_yen=0, benefit_yen=0,
    )  # fmt: skip


def _values_of_nothing(nothing: PersonMonth, row: PersonMonth) -> dict[str, Any]:
    """What of a withdrawn month is frozen, as the digest takes it (billing.queries.verify)."""
    return {
        "edition": nothing.edition, "replaces": str(row.public_id), "withdrawn": True,
        "client": row.client_id, "municipality": row.municipality_id,
        "number": row.certificate_number, "units": 0, "unit_price": f"{row.unit_price:.3f}",
        "total": 0, "tenth": 0, "cap": row.cap_yen, "copayment": 0, "lines": [],
    }  # fmt: skip


def recorded(
    new: PersonMonth,
    reason: str,
    note: str,
    filed_on: date | None,
    claim_month: date | None,
    by: Membership,
    at: datetime,
) -> PersonMonth:
    """Reason, petition and paper of a new row."""
    verb = "month_withdrawn" if new.is_withdrawn else "month_corrected"
    correction = save_record(
        MonthCorrection(person_month=new, reason=reason, note=note), verb=verb, by=by, at=at,
        person_id=new.client.public_id,
    )  # fmt: skip
    if filed_on is not None:
        record_petition(
            correction=correction, filed_on=filed_on, claim_month=claim_month, by=by, at=at
        )
    papers = Invoice.objects.filter(
        person_month__enrolment=new.enrolment_id, person_month__month=new.month
    )
    if new.payable_yen > 0 or papers.exists():
        issue_invoice(person_month=new, by=by, at=at)
    return new
