"""上限額管理結果: the sheet that is made here, and the answer of the office that manages the cap."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import CapResult, CapResultLine
from billing.rules.cap_management import fault_of_own
from billing.rules.cap_sheet import Sheet, Told
from clients.models import Enrolment
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month


@transaction.atomic
def record_made_sheet(
    *, enrolment: Enrolment, month: Month, cap_yen: int, sheet: Sheet, decided_on: date,
    reason: str = "", by: Membership, at: datetime,
) -> CapResult:  # fmt: skip
    """Keep a sheet that was made here. Raises ValidationError as `record_answer`."""
    own, share = sheet.lines[0]
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome=sheet.outcome, cap_yen=cap_yen,
        is_made_here=True, managing_office_number=own.number, managing_office_name=own.name,
        decided_on=decided_on, own_total_yen=share.total_cost_yen, own_before_yen=share.before_yen,
        own_after_yen=share.after_yen, reason=reason,
    )  # fmt: skip
    stored = _stored(row, by, at)
    CapResultLine.objects.bulk_create(
        CapResultLine(
            result=stored, position=position, office_number=figures.number,
            office_name=figures.name, rank=figures.rank, is_own=position == 1,
            total_cost_yen=each.total_cost_yen, before_yen=each.before_yen,
            after_yen=each.after_yen,
        )
        for position, (figures, each) in enumerate(sheet.lines, 1)
    )  # fmt: skip
    return stored


@transaction.atomic
def record_answer(
    *, enrolment: Enrolment, month: Month, cap_yen: int, own_total_yen: int, own_before_yen: int,
    told: Told, decided_on: date, reason: str = "", by: Membership, at: datetime,
) -> CapResult:  # fmt: skip
    """Keep what the managing office answered about our own line.

    Of a closed month too: what was closed keeps its row, and the difference shows in the list of
    differing months. Raises ValidationError by field where it cannot be (docs/rules.md §5), or where
    somebody has just recorded another answer.
    """
    if fault := fault_of_own(told.outcome, own_before_yen, told.after_yen):
        raise ValidationError({"own_after_yen": fault})
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome=told.outcome, cap_yen=cap_yen,
        is_made_here=False, managing_office_number=told.number, managing_office_name=told.name,
        decided_on=decided_on, own_total_yen=own_total_yen, own_before_yen=own_before_yen,
        own_after_yen=told.after_yen, reason=reason,
    )  # fmt: skip
    return _stored(row, by, at)


def _stored(row: CapResult, by: Membership, at: datetime) -> CapResult:
    enrolment, month = row.enrolment, row.month
    if row.decided_on < month:
        raise ValidationError({"decided_on": _("サービスの月より前の日付です。")})
    known = CapResult.objects.filter(enrolment=enrolment, month=month).count()
    row.number = known + 1
    verb = "cap_result_corrected" if known else "cap_result_recorded"
    return save_record(row, verb=verb, by=by, at=at, person_id=enrolment.client.public_id)
