"""上限額管理結果票 of which only other offices' lines changed: sent anew alone, told no more, taken back."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse

from billing.actions import sheet_file
from billing.actions.cap_cancellation import cancel_cap_sheets
from billing.actions.cap_revision import revise_cap_sheets
from billing.actions.cap_telling import take_telling_back, tell_offices
from billing.actions.claim_file import record_returns, withdraw_claim_files
from billing.models import (
    CapResult,
    CapSheetCancellation,
    CapSheetRevision,
    ClaimFile,
    ClaimFileEntry,
    Invoice,
    PersonMonth,
)
from billing.queries import cap_revisions
from billing.queries.after_change import steps_after
from billing.queries.cap_revisions import revised_sheets
from billing.queries.cap_sheets import cancelled_on, due_sheets, sent_sheets
from billing.queries.cap_tellings import told_of, untold_lines, untold_months
from billing.queries.claim_calendar import claim_days
from billing.queries.claim_files import processing_month
from billing.queries.differences import differing_months, fresh_differences
from billing.queries.month_story import rows_of_line, story_of
from billing.rules.cap_management import Rank
from billing.rules.difference import SHEET_ALONE, SHEET_STEP
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, who, withdrawn
from tests.billing.test_cap_cancellations import alone, faults
from tests.billing.test_cap_management import made, manage
from tests.billing.test_correction_claims import make, month
from tests.billing.test_corrections_without_yen import lines_of, real_codes

__all__ = ["month"]
TWO = [(Rank.DAY.value, 70_000, 7_000), (Rank.VISIT.value, 20_000, 2_000)]


@pytest.fixture
def again(cast, month):
    """A sheet of two offices in a claim file; since then the other office told other figures."""
    real_codes()
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)])
    row = corrected(cast)
    make(cast, month)
    made(cast, month, TWO, "よその訂正")
    return row


def revise(cast, month, **facts):
    on = cast.today + LATER
    sheets = [each.sent.entry.pk for each in revised_sheets(cast.office, month, on)]
    given = {"sheets": sheets, **later(cast), **facts}
    return revise_cap_sheets(office=cast.office, month=month, **given)


def differing(cast, month):
    return differing_months(cast.office, month, month, cast.today).rows


def test_the_file_holds_the_sheet_alone_and_nothing_else_of_the_month_changes(cast, month, again):
    before = Invoice.objects.count(), PersonMonth.objects.count()
    (row,) = differing(cast, month)
    assert row.is_sheet_alone
    assert row.steps == (SHEET_STEP + SHEET_ALONE,)
    assert fresh_differences(cast.office, cast.today)
    file = revise(cast, month)
    # By hand: 29,180 (a tenth 2,918) first, then the day service 6,382 of its 7,000: the cap is reached.
    (head,) = lines_of(file, "J411:01")
    assert head[3:5] == ["2", cast.wards[2].code]
    assert head[9:] == ["9300", "3", "119180", "11918", "9300"]
    assert [line[-3:] for line in lines_of(file, "J411:02")] == [
        ["29180", "2918", "2918"], ["70000", "7000", "6382"], ["20000", "2000", "0"],
    ]  # fmt: skip
    assert (file.family, file.people, file.lines) == ("J411", 1, 6)
    assert file.processing_month > ClaimFile.objects.first().processing_month
    assert faults(file) == []
    assert differing(cast, month) == ()
    assert fresh_differences(cast.office, cast.today) == ()
    assert (Invoice.objects.count(), PersonMonth.objects.count()) == before
    with pytest.raises(ValidationError, match="修正する方"):
        revise(cast, month)
    titles = {each.title for each in story_of(rows_of_line(again), (), (), ())}
    assert {"上限額管理結果票をファイルに入れた", "上限額管理結果票を修正した"} <= titles


def test_in_the_processing_month_of_the_first_file_that_one_is_taken_back(cast, month, again):
    on = who(cast)["at"]
    entry = ClaimFileEntry.objects.get(file__family="J411")
    with pytest.raises(ValidationError, match="月の処理分です"):
        revise(cast, month, sheets=[entry.pk], at=on)
    assert ClaimFile.objects.filter(family="J411").count() == 1


def test_a_third_time_the_last_one_sent_is_compared(cast, month, again):
    revise(cast, month)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], "やはり前のとおり")
    (sheet,) = revised_sheets(cast.office, month, cast.today + 2 * LATER)
    assert [(each.name, bool(each.before), bool(each.after)) for each in sheet.changes] == [
        ("よそ1", True, True), ("よそ2", True, False),
    ]  # fmt: skip
    revise(cast, month, sheets=[sheet.sent.entry.pk], **later(cast, 2))
    assert differing(cast, month) == ()


def test_taken_back_the_sheet_before_holds_and_is_told_again(cast, month, again):
    first, file = ClaimFile.objects.get(family="J411"), revise(cast, month)
    with pytest.raises(ValidationError, match="先に修正のファイル"):
        withdraw_claim_files(file=first, reason="taken_back", **later(cast))
    assert withdraw_claim_files(file=file, reason="not_sent", **later(cast)) == 1
    assert differing(cast, month)[0].is_sheet_alone
    assert revise(cast, month).number == file.number + 1


def test_more_than_others_lines_is_no_matter_of_the_sheet_alone(cast, month, again):
    """Nobody else served after all: our own claim is another one."""
    alone(cast, month)
    assert revised_sheets(cast.office, month, cast.today + LATER) == []
    entry = ClaimFileEntry.objects.get(file__family="J411")
    with pytest.raises(ValidationError, match="修正だけでは直せない"):
        revise(cast, month, sheets=[entry.pk])
    with pytest.raises(ValidationError, match="この事業所の結果票では"):
        revise(cast, month, by=cast.members["outsider"])


def test_cancelled_later_it_is_the_sheet_as_it_was_sent_last(cast, month, again):
    file = revise(cast, month)
    withdrawn(cast, row=again)
    (due,) = due_sheets(cast.office, month)
    assert due.entry.file_id == file.pk
    gone = cancel_cap_sheets(
        office=cast.office, month=month, sheets=[due.entry.pk], reason="withdrawn", **later(cast)
    )
    assert lines_of(gone, "J411:02") == lines_of(file, "J411:02")
    (sheet,) = sent_sheets(cast.office, month)
    told = told_of([sheet.change])[sheet.change.pk]
    assert [each.line.office_name for each in told] == ["よそ1", "よそ2"]


def test_a_returned_claim_goes_again_with_the_sheet_as_it_was_put_right(cast, month, again):
    revise(cast, month)
    entry = ClaimFileEntry.objects.get(file__family="J111", person_month=again)
    record_returns(entries=[entry], **later(cast))
    caps = make(cast, month, 2)[2]
    assert [line[3] for line in lines_of(caps, "J411:01")] == ["2"]
    assert [line[8] for line in lines_of(caps, "J411:02")][1:] == ["70000", "20000"]


def returned(cast, row, times):
    """The claim came back: it goes again in the file of that processing month; its sheet."""
    entry = ClaimFileEntry.objects.filter(file__family="J111", person_month=row).latest("pk")
    record_returns(entries=[entry], **later(cast, times))
    return make(cast, Month.of(row.month), times)[2]


def test_returned_twice_and_cancelled_each_file_bears_the_sheet_as_it_was_put_right(
    cast, month, again
):
    file = revise(cast, month)
    as_sent = lines_of(file, "J411:02")
    for times in (2, 3):
        assert lines_of(returned(cast, again, times), "J411:02") == as_sent
        (sheet,) = sent_sheets(cast.office, month)
        assert sheet.result == CapResult.objects.order_by("number").last()
        assert revised_sheets(cast.office, month, cast.today + times * LATER) == []
    with pytest.raises(ValidationError, match="もう一度送ったファイル"):
        withdraw_claim_files(file=file, reason="taken_back", **later(cast, 3))
    withdrawn(cast, row=again)
    (due,) = due_sheets(cast.office, month)
    assert due.others == ("よそ1", "よそ2")
    gone = cancel_cap_sheets(
        office=cast.office, month=month, sheets=[due.entry.pk], reason="withdrawn", **later(cast, 4)
    )
    assert lines_of(gone, "J411:02") == as_sent
    (sheet,) = sent_sheets(cast.office, month)
    assert cancelled_on(sheet.result) is not None
    told = told_of([sheet.change])[sheet.change.pk]
    assert [each.line.office_name for each in told] == ["よそ1", "よそ2"]
    fresh = CapSheetCancellation.objects.get()
    assert len(told_of([fresh.entry])[fresh.entry_id]) == 2
    assert [each.offices for each in untold_lines(cast.office)] == [2]


def test_after_a_return_what_was_put_right_is_what_the_next_change_is_compared_with(
    cast, month, again
):
    revise(cast, month)
    returned(cast, again, 2)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], "やはり前のとおり")
    (sheet,) = revised_sheets(cast.office, month, cast.today + 3 * LATER)
    assert [(each.name, bool(each.before), bool(each.after)) for each in sheet.changes] == [
        ("よそ1", True, True), ("よそ2", True, False),
    ]  # fmt: skip


def test_from_the_difference_one_button_leads_there(client, cast, month, again, monkeypatch):
    enter(client, cast.members["billing"])
    url, caps = reverse("cap_revise", args=[month]), reverse("cap_month", args=[month])
    page = reverse("differences") + f"?year={month.fiscal_year}"
    assert url in client.get(page).content.decode()
    # While it is early, the sentence stands in place of the button.
    early = client.get(caps).content.decode()
    assert url not in early
    assert "処理分です。送る前なら" in early
    told = client.get(url, follow=True).content.decode()
    assert "同じ" in told
    assert "処理分です。送る前なら" in told
    # The first file went a month ago.
    monkeypatch.setattr(cap_revisions, "claim_days", lambda on: claim_days(on + LATER))
    assert url in client.get(caps).content.decode()
    shown = client.get(url)
    text = shown.content.decode()
    assert "90,000円 → <strong>70,000円" in text
    assert "新しい行" in text
    assert "よその訂正" in text
    assert "7,000円 → なし" not in text
    # One press, and the file lies ready to be taken along; as of today's clock it would be too early.
    people = shown.context["form"].initial["people"]
    monkeypatch.setattr(sheet_file, "processing_month", lambda on: processing_month(on + LATER))
    assert client.post(url, {"sent": "1"}).status_code == 422
    made_now = client.post(url, {"people": people})
    assert made_now["Location"] == reverse("claim_export", args=[month]) + "#files"
    file = CapSheetRevision.objects.get().entry.file
    got = client.get(reverse("claim_file_csv", args=[file.public_id]))
    assert got.content == bytes(file.content.content)


def test_pages_after(client, cast, month, again):
    file = revise(cast, month)
    enter(client, cast.members["billing"])
    text = client.get(reverse("cap_month", args=[month])).content.decode()
    assert "修正した" in text
    assert "知らせる事業所：よそ1、よそ2" in text
    assert "（修正）" in client.get(reverse("claim_export", args=[month])).content.decode()
    asked = client.get(reverse("claim_file_withdraw", args=[file.public_id])).content.decode()
    assert "前に送った内容に戻ります" in asked
    assert CapSheetRevision.objects.get().result == CapResult.objects.order_by("number").last()
    assert Month.of(file.month) == month


def tell(cast, change, **facts):
    given = later(cast, 2)
    lines = [each.line.pk for each in told_of([change])[change.pk]]
    return tell_offices(
        change=change,
        **{"lines": lines, "told_on": given["at"].date(), "way": "fax", **given, **facts},
    )


def test_the_other_offices_of_a_revised_sheet_are_told_and_open_until_then(cast, month, again):
    assert untold_months(cast.office) == []
    revise(cast, month)
    change = CapSheetRevision.objects.get().entry
    assert untold_months(cast.office) == [(month, 2)]
    (step,) = steps_after(cast.office, [again.line])[again.line]
    assert (step["label"], step["note"]) == ("上限額管理の修正を知らせる", "2事業所")
    with pytest.raises(ValidationError, match="修正した日より前"):
        tell(cast, change, told_on=cast.today)
    first, _second = tell(cast, change)
    assert untold_months(cast.office) == []
    take_telling_back(telling=first, reason="別の方だった", **later(cast, 2))
    assert untold_months(cast.office) == [(month, 1)]
    # Sent once more with the claim, the sheet is the same: nobody has to be told anew.
    returned(cast, again, 3)
    assert untold_months(cast.office) == [(month, 1)]


def test_who_is_no_more_on_the_sheet_is_told_too(client, cast, month, again):
    revise(cast, month)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], "やはり前のとおり")
    (sheet,) = revised_sheets(cast.office, month, cast.today + 2 * LATER)
    revise(cast, month, sheets=[sheet.sent.entry.pk], **later(cast, 2))
    change = CapSheetRevision.objects.latest("pk").entry
    told = told_of([change])[change.pk]
    assert [(each.line.office_name, each.is_gone) for each in told] == [
        ("よそ1", False), ("よそ2", True),
    ]  # fmt: skip
    enter(client, cast.members["billing"])
    page = client.get(reverse("cap_month", args=[month])).content.decode()
    url = reverse("cap_tell", args=[change.public_id])
    assert page.count(f'href="{url}"') == 2
    form = client.get(url).content.decode()
    assert "よそ2（結果票に載らなくなった）" in form
    assert "結果票の修正を知らせた記録" in form
    assert (
        "取り消し・修正を、まだ知らせていない事業所"
        in client.get(reverse("after_close")).content.decode()
    )


def back_to_one(cast, month, times):
    """A further 修正: the sheet holds the one other office again that it held at first."""
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)], "やはり前のとおり")
    (sheet,) = revised_sheets(cast.office, month, cast.today + times * LATER)
    revise(cast, month, sheets=[sheet.sent.entry.pk], **later(cast, times))
    return CapSheetRevision.objects.latest("pk").entry


def third_alone(cast, month, times):
    """And one more, with other figures of that office."""
    made(cast, month, [(Rank.DAY.value, 80_000, 8_000)], "もう一度の訂正")
    (sheet,) = revised_sheets(cast.office, month, cast.today + times * LATER)
    revise(cast, month, sheets=[sheet.sent.entry.pk], **later(cast, times))
    return CapSheetRevision.objects.latest("pk").entry


def offices_of(change):
    return [(each.line.office_name, each.is_gone) for each in told_of([change])[change.pk]]


def test_who_fell_off_and_was_not_told_stays_open_through_further_changes(cast, month, again):
    revise(cast, month)
    back_to_one(cast, month, 2)
    change = third_alone(cast, month, 3)
    assert offices_of(change) == [("よそ1", False), ("よそ2", True)]
    assert untold_months(cast.office) == [(month, 2)]
    withdrawn(cast, row=again)
    (due,) = due_sheets(cast.office, month)
    cancel_cap_sheets(
        office=cast.office, month=month, sheets=[due.entry.pk], reason="withdrawn", **later(cast, 4)
    )
    gone = CapSheetCancellation.objects.get().entry
    assert offices_of(gone) == [("よそ1", False), ("よそ2", True)]
    tell(cast, gone, **later(cast, 4), told_on=later(cast, 4)["at"].date())
    assert untold_months(cast.office) == []


def test_who_was_told_that_it_fell_off_is_not_asked_again(cast, month, again):
    revise(cast, month)
    tell(cast, back_to_one(cast, month, 2), **later(cast, 2))
    change = third_alone(cast, month, 3)
    assert offices_of(change) == [("よそ1", False)]
    assert untold_months(cast.office) == [(month, 1)]


def test_what_was_put_right_before_tellings_were_recorded_asks_nobody(client, cast, month, again):
    revise(cast, month)
    change = back_to_one(cast, month, 2)
    models.QuerySet(CapSheetRevision).update(is_telling_asked=False)
    assert untold_months(cast.office) == []
    change = CapSheetRevision.objects.latest("pk").entry
    assert offices_of(change) == []
    enter(client, cast.members["billing"])
    page = client.get(reverse("cap_month", args=[month])).content.decode()
    assert "まだ知らせていない" not in page
    # The next one asks, but not who fell off before.
    assert offices_of(third_alone(cast, month, 3)) == [("よそ1", False)]


def test_what_is_on_file_when_tellings_come_in_is_marked_and_what_comes_later_is_asked():
    migrations = MigrationLoader(None).disk_migrations
    (marking,) = (each for (_app, name), each in migrations.items() if "tellings_asked" in name)
    assert [each.field.default for each in marking.operations] == [False, True]


def test_a_revision_that_was_taken_back_tells_nobody(cast, month, again):
    file = revise(cast, month)
    change = CapSheetRevision.objects.get().entry
    withdraw_claim_files(file=file, reason="not_sent", **later(cast))
    assert untold_months(cast.office) == []
    with pytest.raises(ValidationError, match="前の結果票がまた有効"):
        tell(cast, change)
