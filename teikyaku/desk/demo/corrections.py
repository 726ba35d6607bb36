"""過誤・再請求: one month of the first office is claimed; then somebody's claim comes back, one person's cap was
managed otherwise and they pay a little more, and one meeting never was, so that money goes back.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError

from billing.actions.cap_management import record_answer
from billing.actions.claim_file import make_claim_files, record_returns
from billing.actions.claim_payment import record_claim_payments
from billing.actions.correction import correct_month, withdraw_month
from billing.models import CapResult, ClaimFile, Invoice, PersonMonth, standing_q
from billing.queries.cap_management import support_in
from billing.queries.claim_entries import standing_entries
from billing.queries.claim_payments import claims_of
from billing.queries.correction import redo_of
from billing.queries.payments import kept_invoices
from billing.rules.cap_management import CapOutcome
from billing.rules.cap_sheet import Told
from billing.rules.claim_return import ReturnReason
from plans.actions import life_change
from plans.models import Interview
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon, date_of
from teikyaku.desk.demo.claims import everywhere
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

BACK = 5
MORE_YEN = 300


def correct_months(city: City) -> None:
    """Of the month five months ago, which was claimed in the one after it, and paid but for these."""
    office, month = city.offices[0], Month.of(city.today) - BACK
    by = next(
        m for m in city.staff.values()
        if m.office_id == office.pk and m.may(Permission.MONTH_CLOSE)
    )  # fmt: skip
    try:
        make_claim_files(
            office=office, month=month, alone=everywhere(), by=by, at=_day(month + 1, 8)
        )
    except ValidationError:
        return  # nobody of so small a city was closed
    _return_one(office, month, by)
    _pay_more(office, month, by)
    _give_back(office, month, by)
    _pay_the_others(office, month, by)


def _day(month: Month, day: int) -> datetime:
    return at_noon(month.first_day.replace(day=day))


def _return_one(office: Office, month: Month, by: Membership) -> None:
    entries = standing_entries().filter(file__office=office, file__month=month.first_day)
    first = entries.select_related("person_month__client").order_by("pk").first()
    if first is not None:
        at = _day(month + 2, 2)
        # A made-up code: the product knows no list of 国保連's codes.
        why = ReturnReason(date_of(at), "架空01", "受給者証番号が台帳にありません（架空の事由）")
        record_returns(entries=[first], reasons={first.pk: why}, by=by, at=at)


def _pay_more(office: Office, month: Month, by: Membership) -> None:
    """The managing office corrects its answer: a little more is left to pay here."""
    at = _day(month + 2, 12)
    results = CapResult.objects.filter(
        enrolment__office=office, month=month.first_day, is_made_here=False
    )
    for known in results.order_by("own_after_yen", "pk").reverse():
        row = PersonMonth.objects.standing().filter(cap_result=known).first()
        if row is None or not standing_entries().filter(person_month=row).exists():
            continue  # nothing that would have to be taken back
        if known.own_after_yen + MORE_YEN >= known.own_before_yen:
            continue
        told = Told(
            known.managing_office_number, known.managing_office_name, CapOutcome.ADJUSTED,
            known.own_after_yen + MORE_YEN,
        )  # fmt: skip
        support = support_in(known.enrolment, month, at.date())
        if support is None:
            continue
        record_answer(
            enrolment=known.enrolment, month=month, support=support, cap_yen=known.cap_yen,
            own_total_yen=known.own_total_yen, own_before_yen=known.own_before_yen, told=told,
            decided_on=at.date(), reason="管理する事業所から、直した結果票が届いたため", by=by, at=at,
        )  # fmt: skip
        if redo_of(row, at.date()).can_redo:
            correct_month(
                row=row, reason="cap", filed_on=at.date(), claim_month=(month + BACK).first_day,
                by=by, at=at,
            )  # fmt: skip
            return


def _pay_the_others(office: Office, month: Month, by: Membership) -> None:
    """What nobody has put right since was paid as it was claimed."""
    for file in ClaimFile.objects.filter(office=office, month=month.first_day, family="J111"):
        entries = claims_of(office).filter(standing_q("person_month"), file=file)
        amounts = {row.pk: row.expected_yen for row in entries.select_related("person_month")}
        at = _day(month + 2, 20)
        if amounts:
            record_claim_payments(file=file, paid_on=at.date(), amounts=amounts, by=by, at=at)


def _give_back(office: Office, month: Month, by: Membership) -> None:
    """The one meeting of a month was somebody else's: nothing was to be billed, and all was paid."""
    paper = _paid(office, month)
    if paper is None:
        return
    row, at = paper.closed_month, _day(month + 2, 16)
    meetings = Interview.objects.standing().filter(
        enrolment=row.enrolment_id, held_on__range=(month.first_day, month.last_day)
    )
    for meeting in meetings:
        life_change.withdraw_interview(
            interview=meeting, reason="別の方の面談だった", by=meeting.recorded_by, at=at
        )
    withdraw_month(
        row=row, reason="not_billable", note="記録してあった面談は別の方のものだった", by=by, at=at
    )


def _paid(office: Office, month: Month) -> Invoice | None:
    """The last invoice of the month that is paid in full, with nothing of a managed cap in it."""
    papers = kept_invoices(office).filter(
        person_month__month=month.first_day, person_month__cap_result=None,
        person_month__edition=1, open_yen=0, amount_yen__gt=0,
    )  # fmt: skip
    claimed = standing_entries().filter(file__office=office, file__month=month.first_day)
    found: Invoice | None = (
        papers.filter(person_month__in=claimed.values("person_month")).order_by("pk").last()
    )
    return found
