"""上限額管理結果票 that were sent and hold no more: cancelled by a file, told, and back when it is taken back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.cap_cancellation import cancel_cap_sheets
from billing.actions.cap_management import record_alone
from billing.actions.claim_file import withdraw_claim_files
from billing.actions.correction import record_petition
from billing.kokuhoren.checker import FileCheck
from billing.kokuhoren.readable import readable
from billing.models import CapResult, CapSheetCancellation, ClaimFile
from billing.queries.cap_management import own_month
from billing.queries.cap_sheets import due_sheets, sent_sheets
from billing.queries.claim_statements import claim_month
from billing.queries.corrections import corrections
from billing.queries.differences import fresh_differences
from billing.queries.month_story import rows_of_line, story_of
from billing.rules.cap_management import Rank
from clients.models import RecipientNumber
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, who, withdrawn
from tests.billing.test_cap_management import made, manage
from tests.billing.test_correction_claims import make, month
from tests.billing.test_corrections_without_yen import lines_of, real_codes
from tests.printing.test_documents import needs_pdftotext, text_of

__all__ = ["month"]


@pytest.fixture
def sent(cast, month):
    """The closed month that stands, with a sheet of two offices in a file."""
    real_codes()
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)])
    row = corrected(cast)
    make(cast, month)
    return row


def cancel(cast, month, **facts):
    sheets = [each.entry.pk for each in due_sheets(cast.office, month)]
    given = {"sheets": sheets, "reason": "withdrawn", **who(cast), **facts}
    return cancel_cap_sheets(office=cast.office, month=month, **given)


def alone(cast, month):
    """Nobody else served the person after all."""
    own = own_month(cast.enrolment, month, cast.today)
    return record_alone(
        enrolment=cast.enrolment, month=month, support=own.support, cap_yen=own.cap_yen,
        own_total_yen=own.alone.total_cost_yen, own_before_yen=own.alone.capped_yen,
        decided_on=cast.today, reason="よその利用がなかった", by=cast.members["billing"],
        at=at_noon(cast.today),
    )  # fmt: skip


def faults(file):
    found = FileCheck(bytes(file.content.content), file.name).findings()
    return [each for each in found if not each.is_doubt]


def test_a_sheet_that_holds_is_not_cancelled(client, cast, month, sent):
    (sheet,) = sent_sheets(cast.office, month)
    assert (sheet.fault, sheet.is_due, sheet.others) == ("", False, ("よそ1",))
    with pytest.raises(ValidationError, match="いまの締めた月と合って"):
        cancel(cast, month, sheets=[sheet.entry.pk])
    with pytest.raises(ValidationError, match="取り消す方"):
        cancel(cast, month)
    enter(client, cast.members["billing"])
    assert client.get(reverse("cap_cancel", args=[month])).status_code == 302
    assert "取り消しがいる" not in client.get(reverse("cap_month", args=[month])).content.decode()


def test_of_a_withdrawn_month_the_sheet_is_cancelled_as_it_was_sent(cast, month, sent):
    before = ClaimFile.objects.get(family="J411")
    gone = withdrawn(cast, row=sent)
    record_petition(correction=gone.correction, filed_on=cast.today, **who(cast))
    (row,) = corrections(cast.office, cast.today)
    assert (row.leaves_sheet, row.is_open) == (True, True)
    file = cancel(cast, month)
    # By hand: 2,768 and 150 units at 10.00 yen; the manager collects 2,918 of the cap of 9,300 yen.
    (head,) = lines_of(file, "J411:01")
    assert head[3:5] == ["3", cast.wards[2].code]
    assert head[6:] == ["1234567890", '"ｼｹﾝ ﾀﾛｳ"', "", "9300", "3", "119180", "11918", "9300"]
    assert lines_of(file, "J411:02") == lines_of(before, "J411:02")
    assert [line[-3:] for line in lines_of(file, "J411:02")] == [
        ["29180", "2918", "2918"], ["90000", "9000", "6382"],
    ]  # fmt: skip
    assert (file.people, file.lines, file.total_cost_yen, file.benefit_yen) == (1, 5, 0, 0)
    assert (file.number, file.family) == (before.number + 1, "J411")
    assert faults(file) == []
    assert [
        value.value
        for line in readable(bytes(file.content.content), 1, 9)
        for value in line.values
        if value.name == "作成区分"
    ] == ["3（取消し）"]
    assert due_sheets(cast.office, month) == []
    assert not corrections(cast.office, cast.today)[0].is_open
    with pytest.raises(ValidationError, match="たったいま取り消されたか"):
        cancel(cast, month, sheets=[CapSheetCancellation.objects.get().sheet_id])


def test_nobody_else_served_so_the_month_is_claimed_without_and_the_sheet_cancelled(
    cast, month, sent
):
    alone(cast, month)
    new = corrected(cast, row=sent, reason="cap")
    # Without the 150 units for managing: 27,680 yen, a tenth stays the person's.
    assert (new.total_cost_yen, new.copayment_yen, new.cap_result) == (27_680, 2_768, None)
    (sheet,) = due_sheets(cast.office, month)
    assert (sheet.fault[:9], sheet.reason) == ("締めた月には、いま", "not_needed")
    cancel(cast, month, reason="not_needed")
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    assert [each.family for each in make(cast, month, 1)] == ["J111", "J611"]
    # Once more somebody served: the sheet is a new one (1), the cancelled one is gone.
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], reason="やはりあった")
    again = corrected(cast, row=new, reason="cap")
    record_petition(
        correction=again.correction, filed_on=cast.today + LATER, **later(cast)
    )  # fmt: skip
    caps = [each for each in make(cast, month, 2) if each.family == "J411"]
    assert [line[3] for file in caps for line in lines_of(file, "J411:01")] == ["1"]
    (sheet,) = sent_sheets(cast.office, month)
    assert (sheet.is_due, sheet.cancellation) == (False, None)


def test_under_another_number_the_old_sheet_is_cancelled_and_the_next_one_is_new(cast, month, sent):
    RecipientNumber.objects.filter(number="1234567890").update(number="1234567896")
    new = corrected(cast, row=sent, reason="right")
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    (sheet,) = due_sheets(cast.office, month)
    assert sheet.reason == "other_number"
    file = cancel(cast, month, reason="other_number")
    assert [(line[3], line[6]) for line in lines_of(file, "J411:01")] == [("3", "1234567890")]
    caps = next(each for each in make(cast, month, 1) if each.family == "J411")
    assert [(line[3], line[6]) for line in lines_of(caps, "J411:01")] == [("1", "1234567896")]
    assert due_sheets(cast.office, month) == []


def test_a_cancelling_file_taken_back_lets_the_sheet_stand_again(cast, month, sent):
    withdrawn(cast, row=sent)
    first, file = ClaimFile.objects.get(family="J411"), cancel(cast, month)
    with pytest.raises(ValidationError, match="先に取り消しのファイル"):
        withdraw_claim_files(file=first, reason="taken_back", **who(cast))
    assert withdraw_claim_files(file=file, reason="not_sent", **who(cast)) == 1
    (sheet,) = due_sheets(cast.office, month)
    assert sheet.entry.file_id == first.pk
    assert withdraw_claim_files(file=first, reason="taken_back", **who(cast)) == 3
    assert sent_sheets(cast.office, month) == []


def test_another_office_and_other_without_words_are_refused(cast, month, sent):
    withdrawn(cast, row=sent)
    with pytest.raises(ValidationError, match="この事業所の結果票では"):
        cancel(cast, month, by=cast.members["outsider"])
    with pytest.raises(ValidationError, match="くわしい理由"):
        cancel(cast, month, reason="other")
    assert ClaimFile.objects.filter(family="J411").count() == 1  # nothing is kept of a refusal


@needs_pdftotext
def test_the_pages_lead_there_say_who_is_told_and_mark_the_paper(client, cast, month, sent):
    withdrawn(cast, row=sent)
    enter(client, cast.members["billing"])
    url, caps = reverse("cap_cancel", args=[month]), reverse("cap_month", args=[month])
    assert url in client.get(caps).content.decode()
    assert caps in client.get(reverse("claim_export", args=[month])).content.decode()
    assert caps in client.get(reverse("correction_list")).content.decode()
    page = client.get(url)
    form = page.context["form"]
    assert form.initial["reason"] == "withdrawn"
    assert "この月は取り下げてあります" in page.content.decode()
    refused = client.post(url, {"people": form.initial["people"], "reason": "other"})
    assert refused.status_code == 422
    told = {"people": form.initial["people"], "reason": "other", "note": "二重に送った"}
    assert client.post(url, told)["Location"] == caps + "#sent"
    text = client.get(caps).content.decode()
    assert "知らせる事業所：よそ1" in text
    assert "二重に送った" in text
    assert "（取り消し）" in client.get(reverse("claim_export", args=[month])).content.decode()
    file = CapSheetCancellation.objects.get().entry.file
    withdrawal = client.get(reverse("claim_file_withdraw", args=[file.public_id])).content.decode()
    assert "また有効になります" in withdrawal
    assert "返戻になった方" not in withdrawal
    result = CapResult.objects.get(is_made_here=True)
    paper = text_of(client.get(reverse("cap_sheet_pdf", args=[result.public_id])).content)
    assert "取り消しました" in paper
    story = story_of(rows_of_line(sent), (), (), ())
    # The page cancels at the hour of the test, which may be before the one of the file.
    assert {each.title for each in story if "結果票" in each.title} == {
        "上限額管理結果票をファイルに入れた", "上限額管理結果票を取り消した",
    }  # fmt: skip


def test_a_wrong_sheet_can_still_be_cancelled(cast, month, sent):
    withdrawn(cast, row=sent)
    content = bytes(cancel(cast, month).content.content)
    wrong = content.replace(b"9300,3,119180", b"9300,2,119180")  # 11,918 yen are over the cap
    found = list(FileCheck(wrong).findings())
    assert found
    assert all(each.is_doubt for each in found)
    ward = cast.wards[2].code.encode()
    as_new = FileCheck(wrong.replace(b",3," + ward, b",1," + ward)).findings()
    assert not all(each.is_doubt for each in as_new)


def test_the_list_of_sheets_costs_the_same(cast, month, sent):
    with CaptureQueriesContext(connection) as found:
        sent_sheets(cast.office, month)
    assert len(found) <= 6


def test_a_sheet_written_again_before_the_file_keeps_the_month_out_until_it_is_issued_anew(
    client, cast, month
):
    real_codes()
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)])
    row = corrected(cast)
    assert claim_month(cast.office, month, cast.today).people
    assert fresh_differences(cast.office, cast.today) == ()
    made(cast, month, [(Rank.DAY.value, 70_000, 7_000), (Rank.VISIT.value, 20_000, 2_000)], "よそ")
    (fresh,) = fresh_differences(cast.office, cast.today)
    assert fresh.found.is_sheet_only
    (left,) = claim_month(cast.office, month, cast.today).left_out
    (lack,) = left.lacks
    assert lack.field == "締めた月の内容"
    assert fresh.found.changes[0] in lack.reason
    assert lack.url == reverse("month_correct", args=[row.public_id])
    enter(client, cast.members["billing"])
    for url in (reverse("after_close"), reverse("month_page", args=[month])):
        assert "締めたあとに、くいちがいが出" in client.get(url).content.decode()
    corrected(cast, row=row, reason="cap")
    caps = next(each for each in make(cast, month) if each.family == "J411")
    assert [line[8] for line in lines_of(caps, "J411:02")][1:] == ["70000", "20000"]
    assert fresh_differences(cast.office, cast.today) == ()


def test_a_sheet_written_again_with_the_same_figures_keeps_nobody_out(cast, month):
    real_codes()
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)])
    corrected(cast)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], "日付")
    assert claim_month(cast.office, month, cast.today).people
