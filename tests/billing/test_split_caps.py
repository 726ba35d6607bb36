"""A move in the middle of a month with caps that are managed: whose cap, which result, which bytes (by hand).

The old ward: cap 9,300 yen, managed by a group home, up to the 14th. The new city: cap 37,200 yen,
managed by this office, from the 15th. One meeting decides whose month it is (docs/rules.md §4–§6).
"""

import pytest

from billing.models import CapResult
from billing.queries.cap_management import own_month
from billing.queries.month import month_board
from plans.models import CapPeriod, ReportShare
from plans.rules.month import MonthState
from teikyaku.periods import Month
from tests.billing.test_cap_management import HOME, answered, close, made, manage
from tests.billing.test_claim_export import lines, make
from tests.billing.test_claim_export import month as closed_month  # noqa: F401
from tests.billing.test_split_month import (
    NEW_NUMBER,
    OWN_NUMBER,
    codes,
    far_city,  # noqa: F401
    move,
    only_meeting_on,
)


@pytest.fixture
def moved(cast, closed_month, far_city):  # noqa: F811
    """Last month, with the move in it and codes to claim with."""
    month = Month.of(cast.today) - 1
    manage(cast)
    move(cast, month, far_city, cap_yen=37_200)
    CapPeriod.objects.filter(municipality=far_city).update(
        is_managed=True, managing_office_number=cast.office.number,
        managing_office_name=cast.office.name,
    )  # fmt: skip
    return month


def entry(cast, month):
    board = month_board(cast.office, month, cast.today)
    return next(each for each in board.entries if each.support.enrolment_id == cast.enrolment.pk)


def fields_of(file, kind):
    rows = [line.split(",")[2:] for line in lines(file) if line.split(",")[2:4] == kind.split(":")]
    return [dict(enumerate(row, 1)) for row in rows]


def test_met_before_the_move_the_old_wards_cap_and_its_manager(cast, moved):
    found = entry(cast, moved)
    assert (found.state, codes(found.reasons)) == (MonthState.HELD, ["cap_management"])
    own = own_month(cast.enrolment, moved, cast.today)
    assert (own.cap_yen, own.support.managing_office_number) == (9_300, HOME[0])
    answered(cast, moved, outcome="3", after=1_000)
    close(cast, moved)
    claim, records = make(cast, moved)  # no sheet of ours: the group home sends it
    # 2,768 units at 10.00 yen: a tenth is 2,768 yen, below 9,300; of it 1,000 yen stay after the result.
    (head,) = fields_of(claim, "J121:01")
    ward = cast.wards[2].code
    assert [head[n] for n in (4, 6, 12, 15, 16, 17, 26, 27)] == [
        ward, OWN_NUMBER, "9300", HOME[0], "3", "1000", "1000", "1000",
    ]  # fmt: skip
    assert head[28] == "26680"
    (record,) = fields_of(records, "J611:01")
    assert [record[n] for n in (4, 6)] == [ward, OWN_NUMBER]
    assert [row[9] for row in fields_of(records, "J611:02")] == ["10"]
    assert [row[4] for row in fields_of(claim, "J111:01")] == [ward]


def test_met_after_the_move_the_new_citys_cap_and_a_sheet_of_this_office(cast, moved, far_city):  # noqa: F811
    only_meeting_on(cast, moved, 20)
    _report_after(cast, moved)
    own = own_month(cast.enrolment, moved, cast.today)
    assert (own.cap_yen, own.support.managing_office_number) == (37_200, cast.office.number)
    made(cast, moved, [("1_day", 80_000, 8_000)])
    close(cast, moved)
    claim, records, sheets = make(cast, moved)
    # 2,768 + 150 units: 29,180 yen, a tenth 2,918; with the other 8,000 it is 10,918 of 37,200: result 2.
    (head,) = fields_of(claim, "J121:01")
    assert [head[n] for n in (4, 6, 12, 15, 16, 17, 26, 27, 28)] == [
        far_city.code, NEW_NUMBER, "37200", cast.office.number, "2", "2918", "2918", "2918",
        "26262",
    ]  # fmt: skip
    (record,) = fields_of(records, "J611:01")
    assert [record[n] for n in (4, 6)] == [far_city.code, NEW_NUMBER]
    sheet = [line.split(",")[2:] for line in lines(sheets)[1:4]]
    assert (sheet[0][4], sheet[0][6]) == (far_city.code, NEW_NUMBER)
    assert [row[3] for row in sheet[1:]] == [far_city.code] * 2
    assert sheet[0][9:] == ["37200", "2", "109180", "10918", "10918"]


def test_a_result_of_the_other_certificate_holds_the_month(cast, moved):
    answered(cast, moved, outcome="3", after=1_000)
    assert entry(cast, moved).is_ready
    only_meeting_on(cast, moved, 20)
    _report_after(cast, moved)
    found = entry(cast, moved)
    assert (found.state, codes(found.reasons)) == (MonthState.HELD, ["cap_result_off"])
    assert CapResult.objects.count() == 1


def _report_after(cast, month):
    shares = ReportShare.objects.filter(report__enrolment=cast.enrolment)
    shares.filter(report__month=month.first_day).update(shared_on=month.first_day.replace(day=20))
