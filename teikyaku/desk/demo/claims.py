"""国保連: the last months were claimed, the older ones paid, one of them otherwise, and people were told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError

from billing.actions.claim_file import make_claim_files
from billing.actions.claim_payment import record_claim_payments
from billing.actions.claim_setting import choose_claim_way
from billing.actions.envelope import mark_as_sent
from billing.actions.opening_claim import record_opening_claim, record_opening_claim_payment
from billing.actions.payment_reminder import issue_reminder
from billing.actions.proxy_notice import issue_notice, issue_notices
from billing.actions.receipt import issue_receipt
from billing.models import ClaimFile, Payment, PersonMonth
from billing.queries.claim_payments import claims_of
from billing.queries.claim_setting import claim_choice
from billing.queries.opening_claims import closed_elsewhere
from billing.queries.payment_reminders import late_people
from billing.queries.proxy_notices import notices_due
from clients.actions.facts import add_fact
from clients.models import RelatedPerson
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

# How many closed months were claimed with the product, and on which day of the next month.
CLAIMED = 3
# The month before them, too, is claimed here (teikyaku.desk.demo.corrections).
BEFORE = CLAIMED
CLAIM_DAY = 8
# When the notice of what was paid comes, in the month after that.
PAID_DAY = 20
LESS_YEN = 1000
# Every so many-th payment has a receipt.
RECEIPTS = 5
# How many days ago somebody was told what is late.
TOLD_DAYS = 5


def claim_months(city: City) -> None:
    """Claim files of the last closed months, their payments, notices and some receipts."""
    last = Month.of(city.today) - 2
    for office in city.offices:
        closer = next(
            m for m in city.staff.values()
            if m.office_id == office.pk and m.may(Permission.MONTH_CLOSE)
        )  # fmt: skip
        _claimed_here_since(office, last - BEFORE, closer)
        _carried_over(office, last - BEFORE, closer)
        for month in Month.span(last - CLAIMED + 1, last):
            _claim(office, month, closer, last, is_first=office == city.offices[0])
        _receipts(office, last, closer, city.today)
        _somebody_else_pays(office, last, closer)
        _one_is_told(office, closer, city.today - timedelta(days=TOLD_DAYS))


def _claimed_here_since(office: Office, month: Month, closer: Membership) -> None:
    """Before it, other software claimed; what was chosen for the files stays."""
    chosen = claim_choice(office)
    choose_claim_way(
        office=office, invoice_way=chosen.invoice_way, omits_names=chosen.omits_names,
        first_month=month.first_day, by=closer, at=at_noon(month.first_day),
    )  # fmt: skip


def _carried_over(office: Office, first: Month, closer: Membership) -> None:
    """The two months before were claimed with other software, by municipality; all was paid since."""
    at, asked = at_noon(first.first_day.replace(day=CLAIM_DAY)), (first - 2, first - 1)
    places = Municipality.objects.in_bulk()
    for each in closed_elsewhere(office):
        if each.month not in asked or not each.claimed_yen:
            continue
        claim = record_opening_claim(
            office=office, month=each.month, municipality=places[each.municipality],
            amount_yen=each.claimed_yen, by=closer, at=at,
        )  # fmt: skip
        paid_on = (each.month + 2).first_day.replace(day=PAID_DAY)
        record_opening_claim_payment(
            claim=claim,
            paid_on=paid_on,
            amount_yen=claim.amount_yen,
            by=closer,
            at=at_noon(paid_on),
        )


def _claim(
    office: Office, month: Month, closer: Membership, last: Month, *, is_first: bool
) -> None:
    at = at_noon((month + 1).first_day.replace(day=CLAIM_DAY))
    try:
        claim = make_claim_files(office=office, month=month, alone=everywhere(), by=closer, at=at)[
            0
        ]
    except ValidationError:
        return  # nobody could be claimed
    if month == last:
        return  # what was paid for it is not on file yet
    paid_on = (month + 2).first_day.replace(day=PAID_DAY)
    is_latest = month + 1 == last
    _pay(claim, paid_on, closer, with_difference=is_latest)
    at = at_noon(paid_on + timedelta(days=3))
    if is_latest:
        _tell_some(office, month, closer, at)
    elif is_first:
        notices = issue_notices(office=office, month=month, by=closer, at=at)
        documents = [notice.document.public_id for notice in notices]
        mark_as_sent(documents=documents, by=closer, at=at)


def everywhere() -> list[str]:
    """Every municipality: but for what is on file, the other services claim nothing there."""
    return list(Municipality.objects.values_list("code", flat=True))


def _tell_some(office: Office, month: Month, closer: Membership, at: datetime) -> None:
    """Every third person was told; the others wait for the one press that tells them all."""
    for payment in notices_due(office, month)[::3]:
        issue_notice(payment=payment, by=closer, at=at)


def _pay(claim: ClaimFile, paid_on: date, closer: Membership, *, with_difference: bool) -> None:
    """As claimed; of the newest one person was paid less."""
    entries = list(claims_of(claim.office_id).filter(file=claim).select_related("person_month"))
    amounts = {entry.pk: entry.expected_yen for entry in entries}
    if with_difference and entries:
        amounts[entries[0].pk] -= LESS_YEN
    record_claim_payments(
        file=claim, paid_on=paid_on, amounts=amounts, by=closer, at=at_noon(paid_on)
    )


def _receipts(office: Office, month: Month, closer: Membership, today: date) -> None:
    """Some people asked for a receipt of what they paid for the last closed month."""
    rows = Payment.objects.standing().filter(
        invoice__person_month__closing__office=office, invoice__month=month.first_day
    )
    for index, payment in enumerate(rows.order_by("invoice__person_month__certificate_number")):
        if index % RECEIPTS == 0:
            on = min(payment.paid_on + timedelta(days=1), today)
            issue_receipt(payment=payment, by=closer, at=at_noon(on))


def _one_is_told(office: Office, closer: Membership, on: date) -> None:
    """One letter about what is late waits to be sent; the others wait for the one press."""
    late = [each for each in late_people(office, on) if not each.why_none]
    if late:
        issue_reminder(client=late[0].client, office=office, by=closer, at=at_noon(on))


def _somebody_else_pays(office: Office, month: Month, closer: Membership) -> None:
    """Of one person the family pays: their invoice goes into an envelope of its own."""
    rows = PersonMonth.objects.filter(
        closing__office=office, month=month.first_day, copayment_yen__gt=0
    ).select_related("client")
    row = rows.order_by("certificate_number").first()
    if row is not None:
        payer = RelatedPerson(
            client=row.client, kind=RelatedPerson.Kind.PARENT, name="支払 花子",
            kana="しはらい はなこ", postal_code="950-0000", address="新潟市東区架空町9-9",
            is_payer=True, starts_on=month.first_day,
        )  # fmt: skip
        add_fact(payer, verb="related_recorded", by=closer, at=at_noon(month.first_day))
