"""上限額管理: it holds the month, is recorded on both sides, and the month follows it to the yen."""

import re
import subprocess

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.cap_management import record_answer, record_made_sheet
from billing.actions.invoice import issue_invoice
from billing.actions.month import close_month
from billing.models import CapResult, PersonMonth
from billing.queries.cap_management import cap_rows, own_month
from billing.queries.differences import differing_months
from billing.queries.month import month_board
from billing.queries.verify import broken_closings
from billing.rules.cap_management import CapOutcome, Rank
from billing.rules.cap_sheet import OfficeFigures, Told, made_sheet
from plans.models import CapPeriod
from plans.rules.month import MonthState
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person
from tests.printing.test_documents import needs_pdftotext, text_of

HOME = ("1510000001", "架空グループホーム")


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


def manage(cast, number=HOME[0], name=HOME[1]):
    """The ward marked the cap as managed, by that office."""
    CapPeriod.objects.filter(client=cast.enrolment.client).update(
        is_managed=True, managing_office_number=number, managing_office_name=name
    )


def entry(cast, month):
    (found,) = [
        each
        for each in month_board(cast.office, month, cast.today).entries
        if each.support.enrolment_id == cast.enrolment.pk
    ]
    return found


def answered(cast, month, outcome="3", after=1_000, reason="", by=HOME, why=""):
    own = own_month(cast.enrolment, month, cast.today)
    return record_answer(
        enrolment=cast.enrolment, month=month, support=own.support, cap_yen=own.cap_yen,
        own_total_yen=own.alone.total_cost_yen, own_before_yen=own.alone.capped_yen,
        told=Told(*by, CapOutcome(outcome), after), decided_on=cast.today, reason=reason,
        manager_reason=why,
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip


def made(cast, month, others, reason="", why=""):
    own = own_month(cast.enrolment, month, cast.today)
    told = [OfficeFigures(f"151000000{n}", f"よそ{n}", Rank(rank), total, before)
            for n, (rank, total, before) in enumerate(others, 1)]  # fmt: skip
    sheet = made_sheet(own.cap_yen, own.figures(cast.office), told)
    return record_made_sheet(
        enrolment=cast.enrolment, month=month, support=own.support, cap_yen=own.cap_yen, sheet=sheet,
        decided_on=cast.today, reason=reason, manager_reason=why, by=cast.members["billing"],
        at=at_noon(cast.today),
    )  # fmt: skip


def close(cast, month):
    return close_month(
        office=cast.office, month=month, by=cast.members["billing"], at=at_noon(cast.today)
    )


def test_a_managed_cap_holds_the_month_until_the_answer_is_there(cast, month):
    assert entry(cast, month).is_ready
    manage(cast)
    found = entry(cast, month)
    assert found.state == MonthState.HELD
    assert [reason.code for reason in found.reasons] == ["cap_management"]
    answered(cast, month, after=1_000)
    found = entry(cast, month)
    assert found.is_ready
    # 2,768 units at 10 yen: a tenth is 2,768 yen; the answer leaves 1,000 yen, 国保連 pays the rest.
    sums = found.copayment
    assert (sums.total_cost_yen, sums.capped_yen, sums.decided_yen, sums.benefit_yen) == (
        27_680, 2_768, 1_000, 26_680,
    )  # fmt: skip


def test_the_closed_month_keeps_the_answer(cast, month):
    manage(cast)
    result = answered(cast, month, outcome="1", after=0)
    close(cast, month)
    row = PersonMonth.objects.get(enrolment=cast.enrolment, month=month.first_day)
    assert (row.copayment_yen, row.benefit_yen, row.cap_result) == (0, 27_680, result)
    assert list(broken_closings()) == []
    # Another answer after the close changes nothing of it: it shows as a difference.
    answered(cast, month, outcome="2", after=2_768, reason="書き間違い")
    row.refresh_from_db()
    assert (row.copayment_yen, row.cap_result) == (0, result)
    (differs,) = differing_months(cast.office, month, month, cast.today).rows
    assert differs.found.payable_yen == 2_768
    invoice = issue_invoice(person_month=row, by=cast.members["billing"], at=at_noon(cast.today))
    content = invoice.document.content
    assert (content["managed_yen"], content["copayment_yen"]) == (0, 0)
    assert "上限額管理" in "".join(content["why"])


def test_who_manages_earns_the_addition_only_where_somebody_else_served(cast, month):
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, [("1_day", 80_000, 8_000)])
    found = entry(cast, month)
    # 2,768 + 150 units: 29,180 yen, a tenth 2,918; with 8,000 yen over 9,300: the manager first.
    assert "cap_management" in [line.kind for line in found.lines]
    sums = found.copayment
    assert (sums.units, sums.total_cost_yen, sums.decided_yen) == (2_918, 29_180, 2_918)
    result = CapResult.objects.get()
    assert result.outcome == "3"
    assert [line.after_yen for line in result.lines.all()] == [2_918, 6_382]


def test_nobody_else_served_no_addition(cast, month):
    manage(cast, cast.office.number, cast.office.name)
    with pytest.raises(ValueError, match="1つ以上"):
        made(cast, month, [])
    made(cast, month, [("1_day", 0, 0)])
    found = entry(cast, month)
    assert found.is_ready, [reason.code for reason in found.reasons]
    assert (found.copayment.units, found.copayment.decided_yen) == (2_768, 2_768)
    assert not cap_rows(cast.office, month, cast.today)[0].is_off


def test_a_result_from_other_sums_holds_the_month(cast, month):
    manage(cast)
    answered(cast, month, outcome="2", after=2_768)
    assert entry(cast, month).is_ready
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=2_000)
    found = entry(cast, month)
    assert found.state == MonthState.HELD
    assert [reason.code for reason in found.reasons] == ["cap_result_off"]
    assert cap_rows(cast.office, month, cast.today)[0].is_off
    answered(cast, month, outcome="2", after=2_000, reason="上限額が変わった")
    assert entry(cast, month).is_ready


def test_a_cap_that_is_no_longer_managed_forgets_the_result(cast, month):
    manage(cast)
    answered(cast, month, outcome="1", after=0)
    CapPeriod.objects.filter(client=cast.enrolment.client).update(is_managed=False)
    assert entry(cast, month).copayment.decided_yen == 2_768


def test_written_again_with_a_reason_the_last_one_holds(cast, month):
    manage(cast)
    answered(cast, month, outcome="1", after=0)
    with pytest.raises(ValidationError, match="理由"):
        answered(cast, month, outcome="2", after=2_768)
    answered(cast, month, outcome="2", after=2_768, reason="届いた票が直された")
    assert entry(cast, month).copayment.decided_yen == 2_768
    assert list(CapResult.objects.values_list("number", "own_after_yen")) == [(1, 0), (2, 2_768)]


def post(cast, client, month, **data):
    enter(client, cast.members["billing"])
    url = reverse("cap_result", args=[cast.enrolment.public_id, month])
    return client.post(url, {"decided_on": cast.today.isoformat(), **data})


def other(line=1, **changed):
    facts = {
        "name": "架空作業所", "number": "1510000009", "rank": "1_day", "total": "８０，０００円",
        "before": "8000", **changed,
    }  # fmt: skip
    return {f"office_{line}_{name}": value for name, value in facts.items()}


def test_the_sheet_is_calculated_then_recorded(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    answer = post(cast, client, month, preview="1", **other())
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "管理結果 3" in text
    assert "6,382円" in text
    assert not CapResult.objects.exists()
    answer = post(cast, client, month, **other())
    assert answer.status_code == 302
    assert CapResult.objects.get().own_after_yen == 2_918
    page = client.get(answer.url).content.decode()
    assert "記録済み" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"before": "8001"}, "1割"),
        ({"before": "9301", "total": "200000"}, "上限額の9,300円より多く"),
        ({"number": "123"}, "10桁"),
        ({"number": "1500000001"}, "同じ事業所番号"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_kept(client, cast, month, changed, words):
    manage(cast, cast.office.number, cast.office.name)
    answer = post(cast, client, month, **other(**changed))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert 'value="8' in text or 'value="９' in text or "200000" in text
    assert not CapResult.objects.exists()


def test_a_second_office_is_whole_or_not_there(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    half = other(2, number="1510000008", name="")
    answer = post(cast, client, month, **other(), **half)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"office_2_name"}
    assert "1510000008" in answer.content.decode()


def test_an_answer_from_the_managing_office(client, cast, month):
    manage(cast)
    told = {"managing_office_name": HOME[1], "managing_office_number": HOME[0]}
    answer = post(cast, client, month, **told, outcome="1", own_after_yen="1")
    assert answer.status_code == 422
    assert "管理事業所のほかは0円" in answer.content.decode()
    answer = post(cast, client, month, **told, outcome="1", own_after_yen="0")
    assert answer.status_code == 302
    assert CapResult.objects.get().outcome == "1"


def test_the_month_page_leads_there(client, cast, month):
    manage(cast)
    enter(client, cast.members["billing"])
    page = client.get(reverse("month_page", args=[month])).content.decode()
    assert reverse("cap_result", args=[cast.enrolment.public_id, month]) in page
    assert reverse("cap_month", args=[month]) in page


def test_nobody_managed_nothing_to_record(client, cast, month):
    enter(client, cast.members["billing"])
    url = reverse("cap_result", args=[cast.enrolment.public_id, month])
    assert client.get(url).status_code == 404
    page = client.get(reverse("cap_month", args=[month])).content.decode()
    assert "対象の方はいません" in page


def test_the_list_costs_the_same_for_one_and_for_three(cast, month, django_assert_max_num_queries):
    manage(cast)
    answered(cast, month)
    with CaptureQueriesContext(connection) as one:
        assert len(cap_rows(cast.office, month, cast.today)) == 1
    worker, manager = cast.members["worker"], cast.members["manager"]
    for number in ("1234567896", "1234567897"):
        other = ready_person(cast, cast.office, worker, manager, number, name=f"次の {number}")
        CapPeriod.objects.filter(client=other.client).update(
            is_managed=True, managing_office_number=HOME[0], managing_office_name=HOME[1]
        )
    with django_assert_max_num_queries(min(len(one), 27)):
        assert len(cap_rows(cast.office, month, cast.today)) == 3


@needs_pdftotext
def test_the_sheet_on_paper(client, cast, month):
    manage(cast, cast.office.number, cast.office.name)
    result = made(cast, month, [("1_day", 80_000, 8_000)])
    enter(client, cast.members["billing"])
    answer = client.get(reverse("cap_sheet_pdf", args=[result.public_id]))
    text = text_of(answer.getvalue() if hasattr(answer, "getvalue") else answer.content)
    for words in ("利用者負担上限額管理結果票", "1234567890", "6,382円", "9,300円"):
        assert words in text
    laid_out = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=answer.content, capture_output=True, check=True
    ).stdout.decode()
    # In one piece, not a letter on each line.
    assert re.search(r"^\s*合計\s", laid_out, re.MULTILINE)
