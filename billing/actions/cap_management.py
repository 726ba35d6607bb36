"""上限額管理結果: the sheet that is made here, and the answer of the office that manages the cap."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import CapResult, CapResultLine
from billing.rules.cap_management import fault_of_own
from billing.rules.cap_sheet import Sheet, Told, fault_of_day, is_other_manager
from clients.models import Enrolment
from plans.queries.month import MonthOfSupport
from teikyaku.accounts.actions.record import save_record
from teikyaku.accounts.models import Membership
from teikyaku.clock import date_of
from teikyaku.periods import Month


@transaction.atomic
def record_made_sheet(
    *, enrolment: Enrolment, month: Month, support: MonthOfSupport, cap_yen: int, sheet: Sheet,
    decided_on: date, manager_reason: str = "", reason: str = "", by: Membership, at: datetime,
) -> CapResult:  # fmt: skip
    """Keep a sheet that was made here. Raises ValidationError as `record_answer`.

    The person stands on it as `support` has them now: it is printed so again, whatever comes later.
    """
    own, share = sheet.lines[0]
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome=sheet.outcome, cap_yen=cap_yen,
        is_made_here=True, managing_office_number=own.number, managing_office_name=own.name,
        decided_on=decided_on, own_total_yen=share.total_cost_yen, own_before_yen=share.before_yen,
        own_after_yen=share.after_yen, reason=reason, manager_reason=manager_reason,
        person_name=support.name, certificate_number=support.certificate_number,
        municipality_name=support.municipality_name,
    )  # fmt: skip
    stored = _stored(row, support, by, at)
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
    *, enrolment: Enrolment, month: Month, support: MonthOfSupport, cap_yen: int,
    own_total_yen: int, own_before_yen: int, told: Told, decided_on: date,
    manager_reason: str = "", reason: str = "", by: Membership, at: datetime,
) -> CapResult:  # fmt: skip
    """Keep what the managing office answered about our own line.

    Raises ValidationError by field where it cannot be (docs/rules.md §5), where another office
    manages than the certificate of `support` names and no reason is given, or where somebody has just
    recorded another answer. Of a closed month too: what was closed keeps its row, and the difference
    shows in the list of differing months.
    """
    if told.number == enrolment.office.number:
        text = _("この事業所の番号です。この事業所が管理した月は、結果票を作って記録します。")
        raise ValidationError({"managing_office_number": text})
    if fault := fault_of_own(told.outcome, own_before_yen, told.after_yen):
        raise ValidationError({"own_after_yen": fault})
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome=told.outcome, cap_yen=cap_yen,
        is_made_here=False, managing_office_number=told.number, managing_office_name=told.name,
        decided_on=decided_on, own_total_yen=own_total_yen, own_before_yen=own_before_yen,
        own_after_yen=told.after_yen, reason=reason, manager_reason=manager_reason,
    )  # fmt: skip
    return _stored(row, support, by, at)


@transaction.atomic
def record_alone(
    *, enrolment: Enrolment, month: Month, support: MonthOfSupport, cap_yen: int,
    own_total_yen: int, own_before_yen: int, decided_on: date, reason: str = "", by: Membership,
    at: datetime,
) -> CapResult:  # fmt: skip
    """Nobody else served the person in the month: no sheet, no addition, one's own copayment stays.

    Raises ValidationError as `record_answer`.
    """
    row = CapResult(
        enrolment=enrolment, month=month.first_day, outcome="", is_alone=True, cap_yen=cap_yen,
        is_made_here=False, managing_office_number=support.managing_office_number,
        managing_office_name=support.managing_office_name, decided_on=decided_on,
        own_total_yen=own_total_yen, own_before_yen=own_before_yen, own_after_yen=own_before_yen,
        reason=reason,
    )  # fmt: skip
    return _stored(row, support, by, at)


def _stored(row: CapResult, support: MonthOfSupport, by: Membership, at: datetime) -> CapResult:
    enrolment, month = row.enrolment, row.month
    named = support.managing_office_number
    is_other = is_other_manager(named, row.managing_office_number, is_here=row.is_made_here)
    if is_other and not row.manager_reason:
        text = _("受給者証にある上限額管理事業所と違います。理由を入れてください。")
        raise ValidationError({"manager_reason": text})
    if not is_other:
        row.manager_reason = ""
    if fault := fault_of_day(row.decided_on, Month.of(month), date_of(at)):
        raise ValidationError({"decided_on": fault})
    known = CapResult.objects.filter(enrolment=enrolment, month=month).count()
    row.number = known + 1
    verb = "cap_result_corrected" if known else "cap_result_recorded"
    return save_record(row, verb=verb, by=by, at=at, person_id=enrolment.client.public_id)
