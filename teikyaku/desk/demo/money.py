"""What people paid: most invoices are settled in their month, some are open, a few for long."""

from __future__ import annotations

from collections.abc import Sequence

from billing.actions.payment import record_payment, record_payments
from billing.enums import PaymentWay
from billing.models import Invoice
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

# Way of paying, and on which day of the month after the service.
WAYS = ((PaymentWay.TRANSFER, 25), (PaymentWay.DEBIT, 27), (PaymentWay.CASH, 18))
PART_YEN = 1000


def pay_invoices(invoices: Sequence[Invoice], month: Month, city: City, by: Membership) -> None:
    """The payments for the invoices of one office and month, in the month after it."""
    back = Month.of(city.today) - month
    for turn, (way, day) in enumerate(WAYS):
        paid_on = (month + 1).first_day.replace(day=day)
        theirs = [row for row in invoices if _index(row) % len(WAYS) == turn]
        paying = [row for row in theirs if not _is_open(_index(row), back)]
        if paid_on > city.today:
            continue
        at = at_noon(paid_on)
        if paying:
            record_payments(invoices=paying, paid_on=paid_on, way=way, by=by, at=at)
        for row in theirs:
            if _is_part(_index(row), back) and row.amount_yen > PART_YEN:
                record_payment(
                    invoice=row, paid_on=paid_on, amount_yen=PART_YEN, way=way,
                    note="残りは来月と聞いた", by=by, at=at,
                )  # fmt: skip


def _index(invoice: Invoice) -> int:
    """Which person of the plan, by the certificate: the same in every build."""
    return int(invoice.closed_month.certificate_number[-4:])


def _is_open(index: int, back: int) -> bool:
    is_new = back <= 3 and index % 7 == 3  # noqa: PLR2004
    is_old = back in (5, 6) and index % 13 == 5  # noqa: PLR2004
    return is_new or is_old or _is_part(index, back)


def _is_part(index: int, back: int) -> bool:
    return back <= 3 and index % 11 == 2  # noqa: PLR2004
