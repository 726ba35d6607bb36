"""The standing list: a closed month that today's facts would bill otherwise, and nothing else."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from billing.models import OfficeTier
from billing.queries.differences import differing_months
from plans.actions import life_change
from plans.models import CapPeriod, Interview
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.test_correction_money import paid


@pytest.fixture
def closed(cast):
    """The one closed month of the cast."""
    return Month.of(cast.today) - 2


def found(cast, month):
    return differing_months(cast.office, month - 3, month + 1, cast.today).rows


def test_as_long_as_nothing_changed_there_is_nothing(client, cast, closed):
    assert found(cast, closed) == ()
    enter(client, cast.members["billing"])
    assert "くいちがいはありません" in client.get(reverse("differences")).content.decode()


def test_another_tier_differs_by_its_yen(cast, closed):
    OfficeTier.objects.filter(fiscal_year=closed.fiscal_year).update(tier="95")
    (row,) = found(cast, closed)
    # 2,768 → 3,512 units at 10 yen: 27,680 → 35,120 yen, a tenth 2,768 → 3,512 yen.
    assert (row.found.benefit_yen, row.found.payable_yen) == (6_696, 744)
    assert row.person_month == cast.person_month.public_id


def test_a_meeting_taken_back_makes_the_month_not_billable(client, cast, closed):
    meeting = Interview.objects.get(
        enrolment=cast.enrolment, held_on__range=(closed.first_day, closed.last_day)
    )
    life_change.withdraw_interview(
        interview=meeting, reason="別の方だった", by=cast.members["worker"], at=at_noon(cast.today)
    )
    (row,) = found(cast, closed)
    assert [reason.code for reason in row.found.reasons] == ["no_meeting"]
    assert (row.found.benefit_yen, row.found.payable_yen) == (-24_912, -2_768)
    enter(client, cast.members["billing"])
    url = f"{reverse('differences')}?year={closed.fiscal_year}"
    page = client.get(url).content.decode()
    assert "取り下げます" in page
    # Nobody has paid the invoice: nothing goes back.
    assert "請求書を0円で出し直します" in page
    assert "円を返します" not in page
    sheet = load_workbook(
        BytesIO(client.get(f"{reverse('differences_xlsx')}?year={closed.fiscal_year}").content)
    ).active
    assert [cell.value for cell in sheet[2]][6:8] == [-24_912, -2_768]


def test_another_cap_is_told(cast, closed):
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000)
    (row,) = found(cast, closed)
    assert (row.found.benefit_yen, row.found.payable_yen) == (1_768, -1_768)


@pytest.mark.parametrize(
    ("amount", "step"),
    [
        (2_768, "うち、本人に1,768円を返します"),
        (1_200, "うち、本人に200円を返します"),
        (800, "残りの200円"),
    ],
)
def test_what_goes_back_is_what_came_too_much(client, cast, closed, amount, step):
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000)
    paid(cast, amount)
    (row,) = found(cast, closed)
    assert step in row.steps[1]
    enter(client, cast.members["billing"])
    url = f"?year={closed.fiscal_year}"
    assert step in client.get(reverse("differences") + url).content.decode()
    sheet = load_workbook(BytesIO(client.get(reverse("differences_xlsx") + url).content)).active
    assert step in sheet[2][8].value


def test_another_office_sees_nothing(cast, closed):
    OfficeTier.objects.filter(fiscal_year=closed.fiscal_year).update(tier="95")
    assert differing_months(cast.other_office, closed, closed, cast.today).rows == ()


def test_the_queries_do_not_grow_with_the_months(cast, closed, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        found(cast, closed)
