"""市町村の回答: one month that could be billed after all, and a closed one that could not."""

from __future__ import annotations

from datetime import timedelta

from billing.actions.city_answer import record_city_answer
from billing.enums import CityWay
from billing.models import PersonMonth
from billing.queries.city_case import city_case
from billing.queries.month import month_boards
from billing.rules.city_answer import asks_report_day
from clients.models import Enrolment
from plans.rules.city_answer import SETTLED_BY_YES, asked_about
from teikyaku.accounts.models import Membership
from teikyaku.accounts.roles import Permission
from teikyaku.clock import at_noon
from teikyaku.desk.demo.places import City
from teikyaku.periods import Month

# How many months back somebody is looked for of whom the municipality was asked.
BACK = 6
# How many days ago it answered.
YES_DAYS, NO_DAYS = 6, 3


def cities_answer(city: City) -> None:
    """A yes in the first office that asks, and a no in the second, after the month was closed."""
    for office in city.offices:
        if _yes(city, _closer(city, office.pk)):
            break
    _no(city, _closer(city, city.offices[1].pk))


def _closer(city: City, office: int) -> Membership:
    return next(
        m for m in city.staff.values() if m.office_id == office and m.may(Permission.MONTH_CLOSE)
    )


def _yes(city: City, by: Membership) -> bool:
    assert by.office is not None  # noqa: S101  (an office's member)
    last = Month.of(city.today) - 1
    for month, board in month_boards(by.office, last - BACK, last, city.today).items():
        for entry in board.held:
            codes = [each.code for each in asked_about(entry.reasons)]
            if not SETTLED_BY_YES.intersection(codes) or asks_report_day(codes):
                continue
            row = Enrolment.objects.get(pk=entry.support.enrolment_id)
            case = city_case(row, month, city.today)
            assert case is not None  # noqa: S101  (it stands on the board)
            on = city.today - timedelta(days=YES_DAYS)
            record_city_answer(
                enrolment=row, month=month, codes=case.codes, payer=case.payer, is_billable=True,
                answered_on=on, way=CityWay.PHONE, respondent="障がい福祉課 給付係 架空",
                note="転職の日付を伝えて確かめた", by=by, at=at_noon(on),
            )  # fmt: skip
            return True
    return False


def _no(city: City, by: Membership) -> None:
    """Told after the close: it stands among the differences."""
    rows = PersonMonth.objects.standing().filter(closing__office=by.office)
    row = rows.select_related("enrolment").order_by("-month", "-certificate_number").first()
    on = city.today - timedelta(days=NO_DAYS)
    if row is None or row.closing.closed_at >= at_noon(on):
        return
    record_city_answer(
        enrolment=row.enrolment, month=Month.of(row.month), codes=(), is_billable=False,
        reason="市が決めた期限のあとの提出のため", answered_on=on, way=CityWay.PHONE,
        respondent="障がい福祉課 給付係 架空", by=by, at=at_noon(on),
    )  # fmt: skip
