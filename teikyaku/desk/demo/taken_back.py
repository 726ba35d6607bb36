"""Taken back after the claim: a 上限額管理結果票 that was sent is cancelled, a 過誤調整 came off a transfer,
and a 代理受領通知書 that was sent holds no more.
"""

from __future__ import annotations

from datetime import date, datetime

from billing.actions.cap_cancellation import cancel_cap_sheets
from billing.actions.claim_deduction import record_deductions
from billing.actions.correction import withdraw_month
from billing.enums import CapCancelReason, CorrectionReason
from billing.models import PersonMonth, ProxyNotice
from billing.queries.cap_sheets import due_sheets, sent_sheets
from billing.queries.claim_payments import claims_of, to_deduct_q
from plans.actions import life_change
from plans.models import Interview
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

# The newest month that was paid as it was claimed and whose notices were sent, and the one before.
BACK = 4
FOUND_DAY, SENT_DAY, TAKEN_OFF_DAY = 5, 9, 20
NOTE = "記録してあった面談は別の方のものだった"


def take_back(city: City) -> None:
    """In the first office, found out in the third month after the service."""
    office, month = city.offices[0], Month.of(city.today) - BACK
    by = next(
        m for m in city.staff.values()
        if m.office_id == office.pk and m.may(Permission.MONTH_CLOSE)
    )  # fmt: skip
    _cancel_a_sheet(office, month, by)
    _take_off(office, month, by)


def _day(month: Month, day: int) -> datetime:
    return at_noon((month + 3).first_day.replace(day=day))


def _withdraw(row: PersonMonth, by: Membership, at: datetime, filed_on: date | None = None) -> None:
    """The meetings of the month were somebody else's: there was nothing to bill."""
    month = Month.of(row.month)
    meetings = Interview.objects.standing().filter(
        enrolment=row.enrolment_id, held_on__range=(month.first_day, month.last_day)
    )
    for meeting in meetings:
        life_change.withdraw_interview(
            interview=meeting, reason="別の方の面談だった", by=meeting.recorded_by, at=at
        )
    withdraw_month(
        row=row, reason=CorrectionReason.NOT_BILLABLE, note=NOTE, filed_on=filed_on, by=by, at=at
    )


def _cancel_a_sheet(office: Office, newest: Month, by: Membership) -> None:
    """One other office reckoned by the sheet, and is still to be told.

    In a month in which nobody else served there is no sheet: then the one before has it.
    """
    for month in (newest, newest - 1):
        sheets = [each for each in sent_sheets(office, month) if each.others and not each.fault]
        if not sheets:
            continue
        found = _day(month, FOUND_DAY)
        _withdraw(sheets[0].row, by, found, found.date())
        cancel_cap_sheets(
            office=office, month=month,
            sheets=[each.entry.pk for each in due_sheets(office, month)],
            reason=CapCancelReason.WITHDRAWN, by=by, at=_day(month, SENT_DAY),
        )  # fmt: skip
        return


def _take_off(office: Office, month: Month, by: Membership) -> None:
    """A month is withdrawn of which the notice was sent, and 国保連 takes off what it had paid."""
    row = _told(office, month)
    if row is None:
        return
    found, taken_off = _day(month, FOUND_DAY), _day(month, TAKEN_OFF_DAY)
    _withdraw(row, by, found, found.date())
    claims = claims_of(office).filter(to_deduct_q(), person_month=row)
    amounts = {claim.pk: claim.paid_yen for claim in claims}
    record_deductions(deducted_on=taken_off.date(), amounts=amounts, by=by, at=taken_off)


def _told(office: Office, month: Month) -> PersonMonth | None:
    """Of those who were told what was paid for them, without a managed cap: who pays least."""
    notices = ProxyNotice.objects.filter(
        payment__entry__file__office=office, payment__entry__file__month=month.first_day,
        payment__entry__person_month__replaced_by=None,
        payment__entry__person_month__cap_result=None,
        document__dispatch__isnull=False,
    )  # fmt: skip
    notices = notices.select_related("payment__entry__person_month")
    found = notices.order_by("payment__entry__person_month__copayment_yen", "-pk").first()
    return found.payment.entry.person_month if found is not None else None
