"""How claim files are made, and the totals of other services under the same office number."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.enums import InvoiceWay
from billing.models import ClaimFile, ClaimSetting, OpeningClaimDeduction, OtherServiceSum
from billing.queries.claim_start import later_of
from billing.queries.opening_claims import standing_claims
from teikyaku.accounts.actions.audit import audit
from teikyaku.accounts.actions.record import correct_record, save_record
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.queries.office_start import first_month_here
from teikyaku.periods import Month


@transaction.atomic
def choose_claim_way(
    *,
    office: Office,
    invoice_way: str,
    omits_names: bool,
    first_month: date | None = None,
    by: Membership,
    at: datetime,
) -> ClaimSetting:
    """What becomes of J111 and of names, from the next file on; files that were made stay.

    `first_month`: months before it were claimed with other software. Raises ValidationError where the
    number is shared and J111 would hold this service alone, or the other way round, and where a file of
    a month before the first one was made here.
    """
    if office.shares_number == (invoice_way == InvoiceWay.OWN):
        told = (
            _("事業所番号をほかのサービスと共用しているので、この作り方では受け付けられません。")
            if office.shares_number
            else _("事業所番号を共用していないので、就労定着支援だけの請求書にします。")
        )
        raise ValidationError({"invoice_way": told})
    hold_claim_start(office)
    made = ClaimFile.objects.filter(office=office, withdrawal=None).order_by("month").first()
    if first_month is not None and made is not None and made.month < first_month:
        told = _(
            "%(month)s分の請求ファイルを、ここで作っています。その月か、それより前にしてください。"
        )
        raise ValidationError({"first_month": told % {"month": Month.of(made.month).label}})
    here = first_month_here(office)
    refuse_carried_over(office, later_of(first_month, here.first_day if here else None))
    row = ClaimSetting.objects.select_for_update().filter(office=office).first()
    row = row or ClaimSetting(office=office)
    row.invoice_way, row.omits_names, row.first_month = invoice_way, omits_names, first_month
    fields = ("invoice_way", "omits_names", "first_month")
    return save_record(row, verb="claim_setting_recorded", by=by, at=at, fields=fields)


def hold_claim_start(office: Office) -> None:
    """Whoever moves the first month waits for whoever carries a claim over, and the other way round.

    Inside a transaction; first of all that it reads, so that two cannot pass by each other. The key is
    held too: a close or a claim file that is just being written is waited for, and then seen.
    """
    Office.objects.select_for_update().get(pk=office.pk)


def refuse_carried_over(office: Office, first_month: Month | None) -> None:
    """What was carried over as claimed with other software is no month that is claimed here.

    Raises ValidationError; `first_month` is the first one that would be (None: every month).
    """
    ways = (
        (
            standing_claims(office),
            _(
                "%(month)s分の「移行前の国保連への請求」があります。それより後の月にするか、先にそれを取り下げてください。"
            ),
        ),
        (
            OpeningClaimDeduction.objects.standing().filter(office=office),
            _(
                "%(month)s分の「移行前の請求の過誤調整」があります。それより後の月にするか、先にそれを取り消してください。"
            ),
        ),
    )
    for rows, text in ways:
        told = rows.order_by("month").last()
        if told is not None and (first_month is None or Month.of(told.month) >= first_month):
            raise ValidationError({"first_month": text % {"month": Month.of(told.month).label}})


@transaction.atomic
def record_other_sum(
    *, office: Office, month: Month, by: Membership, at: datetime, **sums: Any
) -> OtherServiceSum:
    """What one other service comes to for a municipality and month.

    Raises ValidationError by field where sums do not agree or the line is there already.
    """
    row = OtherServiceSum(office=office, month=month.first_day, **sums)
    _check_sums(row)
    return save_record(row, verb="other_sum_recorded", by=by, at=at)


@transaction.atomic
def correct_other_sum(
    *, row: OtherServiceSum, changes: Mapping[str, Any], by: Membership, at: datetime
) -> OtherServiceSum:
    """The totals were typed wrongly; the history keeps what was. Raises as `record_other_sum`."""
    for name, value in changes.items():
        setattr(row, name, value)
    _check_sums(row)
    row.refresh_from_db()
    reason = _("入れ直し")
    return correct_record(row, changes, verb="other_sum_corrected", reason=reason, by=by, at=at)


@transaction.atomic
def remove_other_sum(*, row: OtherServiceSum, by: Membership, at: datetime) -> None:
    """The line does not belong here; the history keeps it."""
    row._history_date = at  # type: ignore[attr-defined]
    row._history_user = by.user  # type: ignore[attr-defined]
    audit(verb="other_sum_cancelled", subject=row, by=by, at=at)
    row.delete()


def _check_sums(row: OtherServiceSum) -> None:
    paid = row.copayment_yen + (row.subsidy_yen or 0)
    # Less than the whole can be right: some services have parts that stand elsewhere.
    if row.benefit_yen + paid > row.total_cost_yen:
        told = _(
            "給付費・利用者負担額・自治体助成額の合計が、費用合計（%(total)s円）より多くなっています。"
        )
        total = f"{row.total_cost_yen:,}"
        raise ValidationError({"total_cost_yen": told % {"total": total}})
