"""自治体助成: it lessens what the person pays, closes with the month, stands on paper and in the claim."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from billing.actions.claim_file import make_claim_files
from billing.actions.invoice import issue_invoices
from billing.actions.month import close_month
from billing.actions.month_answer import record_subsidy, withdraw_months
from billing.kokuhoren.checker import FileCheck
from billing.models import PersonMonth, Subsidy
from billing.queries.differences import differing_months
from billing.queries.month import month_board
from billing.queries.person_month import get_person_month
from billing.queries.verify import broken_closings, is_whole
from plans.models import Contract
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in
from tests.billing.fees import confirm, read_codes


@pytest.fixture
def month(cast):
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    return Month.of(cast.today) - 1


def who(cast):
    return {"by": cast.members["billing"], "at": at_noon(cast.today)}


def subsidise(cast, month, kind="percent", amount=50, last=None):
    return record_subsidy(
        enrolment=cast.enrolment, municipality=cast.wards[2], kind=kind, amount=amount,
        source="架空市の要綱", first_month=month.first_day,
        last_month=last.first_day if last else None, **who(cast),
    )  # fmt: skip


def close(cast, month):
    closing = close_month(office=cast.office, month=month, **who(cast))
    return closing, PersonMonth.objects.get(closing=closing)


def test_half_of_the_copayment(cast, month):
    subsidise(cast, month)
    closing, row = close(cast, month)
    # 2,768 units at 10 yen: 2,768 yen of copayment stand as decided, the person pays 1,384.
    assert (row.copayment_yen, row.benefit_yen) == (2_768, 24_912)
    assert (row.subsidy_yen, row.payable_yen) == (1_384, 1_384)
    (invoice,) = issue_invoices(closing=closing, **who(cast))
    paper = invoice.document.content
    assert invoice.amount_yen == 1_384
    assert (paper["copayment_yen"], paper["subsidy_yen"], paper["amount_yen"]) == (
        2_768, 1_384, 1_384,
    )  # fmt: skip
    assert any("助成" in line for line in paper["why"])
    detail = get_person_month(row, cast.today)
    assert [step.result for step in detail.steps][-2:] == ["1,384円", "1,384円"]
    assert is_whole(closing)


def test_the_claim_holds_it(cast, month):
    subsidise(cast, month, "up_to", 1_000)
    with connection.cursor() as cursor:  # as a real table has them: behind the frozen rows
        cursor.execute("UPDATE billing_feetablerow SET code = replace(code, 'ZZ', '47')")
    close(cast, month)
    claim, _records = make_claim_files(office=cast.office, month=month, **who(cast))
    content = bytes(claim.content.content)
    rows = [line.split(",") for line in content.decode("cp932").split("\r\n")]
    ward = cast.wards[2].code
    # 27,680 yen in all; 24,912 and 1,000 are asked for; people pay 1,768.
    head = next(row[2:] for row in rows if row[2:4] == ["J111", "01"])
    assert head[5:14] == ["25912", "1", "2768", "27680", "24912", "", "1768", "1000", ""]
    part = next(row[2:] for row in rows if row[2:4] == ["J111", "02"])
    assert part[12:14] == ["1768", "1000"]
    person = next(row[2:] for row in rows if row[2:4] == ["J121", "01"])
    assert (person[6], person[26], person[27], person[30]) == (ward, "2768", "24912", "1000")
    sums = next(row[2:] for row in rows if row[2:4] == ["J121", "04"])
    assert (sums[20], sums[24]) == ("2768", "1000")
    assert [each for each in FileCheck(content, claim.name).findings() if not each.is_doubt] == []


def test_all_of_it_is_no_invoice(cast, month):
    subsidise(cast, month, "percent", 100)
    board = month_board(cast.office, month, cast.today)
    assert board.ready_copayments == ()
    closing, row = close(cast, month)
    assert row.payable_yen == 0
    assert issue_invoices(closing=closing, **who(cast)) == []


def test_nothing_to_lessen_is_nothing(cast, month):
    subsidise(cast, month, "beyond", 5_000)
    closing, row = close(cast, month)
    assert (row.subsidy_yen, row.subsidy_municipality) == (0, None)
    assert is_whole(closing)


def test_outside_its_months_and_taken_back(cast, month):
    row = subsidise(cast, month - 3, last=month - 1)
    assert month_board(cast.office, month, cast.today).ready[0].subsidy_yen == 0
    withdraw_months(row=row, reason="別の方だった", **who(cast))
    subsidise(cast, month - 3)
    assert month_board(cast.office, month, cast.today).ready[0].subsidy_yen == 1_384


def test_a_closed_month_stays_and_the_difference_is_told(cast, month):
    closing, _row = close(cast, month)
    subsidise(cast, month)
    rows = differing_months(cast.office, month, month, cast.today).rows
    assert [(row.found.payable_yen, row.found.benefit_yen) for row in rows] == [(-1_384, 0)]
    assert any("自治体助成" in each for each in rows[0].found.changes)
    assert list(broken_closings()) == []
    assert is_whole(closing)


def test_two_at_once_and_more_than_all_are_refused(cast, month):
    subsidise(cast, month)
    with pytest.raises(ValidationError, match="重なって"):
        subsidise(cast, month + 1)
    with pytest.raises(ValidationError, match="100"):
        subsidise(cast, month - 5, "percent", 101, last=month - 4)


def test_from_the_page_to_the_invoice(client, cast, month):
    sign_in(client, cast, "billing")
    url = reverse("subsidy_new", args=[cast.enrolment.public_id])
    assert str(cast.wards[2].pk) in client.get(url).content.decode()
    sent = {"municipality": cast.wards[2].pk, "kind": "percent", "amount": "150",
            "first_month": str(month), "last_month": "", "source": "要綱"}  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "100％まで" in answer.content.decode()
    assert client.post(url, {**sent, "amount": "50"}).status_code == 302
    row = Subsidy.objects.get()
    page = client.get(reverse("person_additions", args=[cast.enrolment.public_id])).content.decode()
    assert "利用者負担の50％" in page
    change = reverse("subsidy_correct", args=[cast.enrolment.public_id, row.public_id])
    ended = {**sent, "amount": "50", "last_month": str(month), "reason": "助成が終わった"}
    assert client.post(change, ended).status_code == 302
    row.refresh_from_db()
    assert row.last_month == month.first_day
    _closing, closed = close(cast, month)
    page = client.get(reverse("person_month_page", args=[closed.public_id])).content.decode()
    assert "1,384円" in page
    page = client.get(reverse("month_page", args=[month]) + "?list=closed").content.decode()
    assert "助成のあと 1,384円" in page


def test_the_month_says_what_the_person_pays(client, cast, month):
    subsidise(cast, month)
    sign_in(client, cast, "billing")
    page = client.get(reverse("month_page", args=[month]) + "?list=ready").content.decode()
    assert "助成 1,384円、支払い 1,384円" in page
