"""過誤申立 → settled → 再請求: the new row in the next claim file, and what the pages say meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from billing.actions.claim_file import make_claim_files, record_returns, withdraw_claim_files
from billing.actions.correction import record_petition
from billing.kokuhoren.checker import FileCheck
from billing.models import ClaimFileEntry, ErrorPetition, PersonMonth
from billing.queries.claim_statements import claim_month
from billing.queries.correction_state import states_of
from billing.queries.corrections import corrections
from billing.queries.open_corrections import open_corrections
from plans.models import Contract
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, other_tier, who, withdrawn
from tests.billing.fees import confirm, read_codes


@pytest.fixture
def month(cast):
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    return Month.of(cast.person_month.month)


def make(cast, month, times=0):
    """`times`: how many processing months later."""
    return make_claim_files(office=cast.office, month=month, **later(cast, times))


def lacks(cast, month, times=0):
    (left,) = claim_month(cast.office, month, cast.today + times * LATER).left_out
    return [lack.field for lack in left.lacks]


def state(row):
    return states_of([PersonMonth.objects.get(pk=row.pk)])[row.pk]


def test_what_was_never_claimed_goes_into_the_next_file_as_it_is_now(cast, month):
    other_tier(cast)
    new = corrected(cast)
    assert not state(new).needs_petition
    claim, _records = make(cast, month)
    entry = ClaimFileEntry.objects.get(file=claim)
    assert (entry.person_month, claim.total_cost_yen) == (new, 35_120)
    assert [
        each
        for each in FileCheck(bytes(claim.content.content), claim.name).findings()
        if not each.is_doubt and "コード" not in each.field
    ] == []
    assert corrections(cast.office, cast.today)[0].is_open is False


def test_what_was_claimed_waits_for_the_petition(cast, month):
    make(cast, month)
    other_tier(cast)
    new = corrected(cast)
    assert state(new).needs_petition
    assert lacks(cast, month, 1) == ["過誤申立"]
    with pytest.raises(ValidationError, match="入れられる方がいません"):
        make(cast, month, 1)
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    assert not state(new).needs_petition
    (row,) = corrections(cast.office, cast.today)
    assert row.is_open
    claim, _records = make(cast, month, 1)
    assert (claim.month, claim.people, claim.total_cost_yen) == (month.first_day, 1, 35_120)
    (row,) = corrections(cast.office, cast.today)
    assert not row.is_open
    assert claim_month(cast.office, month, cast.today).people == ()


def test_never_in_the_processing_month_of_the_claim_that_it_replaces(client, cast, month):
    """国保連 would get both at once: the file is taken back, or the next month is waited for."""
    first, _records = make(cast, month)
    other_tier(cast)
    new = corrected(cast, filed_on=cast.today)
    (left,) = claim_month(cast.office, month, cast.today).left_out
    (lack,) = left.lacks
    assert lack.field == "前の請求"
    former = Month.of(first.processing_month)
    assert former.label in lack.reason
    (row,) = corrections(cast.office, cast.today)
    assert [each.get("note") for each in row.steps][1] == f"{(former + 1).label}の処理分から"
    enter(client, cast.members["billing"])
    page = client.get(reverse("claim_export", args=[month])).content.decode()
    # Said once for all of them, with the way to the files.
    assert page.count("取り下げてから作り直します") == 1
    assert page.count('href="#files"') == 2
    assert 'id="files"' in page
    with pytest.raises(ValidationError, match="入れられる方がいません"):
        make(cast, month)
    assert claim_month(cast.office, month, cast.today + LATER).people
    # Taken back before it was sent, there is nothing that could be there twice.
    withdraw_claim_files(file=first, reason="not_sent", **who(cast))
    claim, _records = make(cast, month)
    assert ClaimFileEntry.objects.get(file=claim).person_month == new


def test_the_month_that_the_municipality_named_is_waited_for(cast, month):
    make(cast, month)
    other_tier(cast)
    far = (Month.of(cast.today) + 4).first_day
    new = corrected(cast, filed_on=cast.today, claim_month=far)
    assert lacks(cast, month, 1) == ["再請求する処理月"]
    # A wrong month is corrected by the next row.
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    assert ErrorPetition.objects.count() == 2
    assert len(claim_month(cast.office, month, cast.today + LATER).people) == 1


def test_what_was_returned_needs_no_petition(cast, month):
    claim, _records = make(cast, month)
    record_returns(entries=[ClaimFileEntry.objects.get(file=claim)], **who(cast))
    other_tier(cast)
    new = corrected(cast, reason="returned")
    assert not state(new).needs_petition
    again, _records = make(cast, month)
    assert ClaimFileEntry.objects.get(file=again).person_month == new


def test_a_file_that_was_withdrawn_needs_no_petition(cast, month):
    claim, _records = make(cast, month)
    withdraw_claim_files(file=claim, reason="not_sent", **who(cast))
    other_tier(cast)
    assert not state(corrected(cast)).needs_petition


def test_a_withdrawn_month_is_claimed_by_nobody_and_open_until_the_petition(cast, month):
    make(cast, month)
    row = withdrawn(cast)
    found = claim_month(cast.office, month, cast.today)
    assert (found.people, found.left_out) == ((), ())
    (open_row,) = corrections(cast.office, cast.today)
    assert [step["state"] for step in open_row.steps] == ["current", "done"]
    record_petition(correction=row.correction, filed_on=cast.today, **who(cast))
    assert not corrections(cast.office, cast.today)[0].is_open


def test_a_second_correction_before_the_petition_still_needs_it_and_after_it_does_not(cast, month):
    make(cast, month)
    other_tier(cast, "95")
    second = corrected(cast)
    other_tier(cast, "50")
    third = corrected(cast, second)
    assert state(third).needs_petition
    record_petition(correction=third.correction, filed_on=cast.today, **who(cast))
    assert not state(third).needs_petition
    other_tier(cast, "80")
    fourth = corrected(cast, third)
    assert not state(fourth).needs_petition  # the one claim is asked for; nothing new was claimed


def test_days_that_cannot_be(cast, month):
    make(cast, month)
    other_tier(cast)
    new = corrected(cast)
    for filed_on in (month.last_day, cast.today + timedelta(days=1)):
        with pytest.raises(ValidationError) as told:
            record_petition(correction=new.correction, filed_on=filed_on, **who(cast))
        assert set(told.value.message_dict) == {"filed_on"}
    with pytest.raises(ValidationError, match="過誤申立の月より前"):
        record_petition(
            correction=new.correction, filed_on=cast.today, claim_month=month.first_day, **who(cast)
        )


def test_nobody_asks_back_what_was_not_claimed_yet(cast, month):
    """The file was made today."""
    make(cast, month)
    other_tier(cast)
    new = corrected(cast)
    yesterday = max(cast.today - timedelta(days=1), (month + 1).first_day)
    if yesterday < cast.today:
        with pytest.raises(ValidationError, match="ファイルを作った日"):
            record_petition(correction=new.correction, filed_on=yesterday, **who(cast))
    assert record_petition(correction=new.correction, filed_on=cast.today, **who(cast))


def test_the_pages_say_what_to_do_next(client, cast, month):
    make(cast, month)
    other_tier(cast)
    enter(client, cast.members["billing"])
    correct = reverse("month_correct", args=[cast.person_month.public_id])
    shown = client.get(correct)
    assert "filed_on" in shown.context["form"].fields
    assert "締切前のファイル" in shown.content.decode()
    new = corrected(cast)
    petition = reverse("petition_record", args=[new.correction.public_id])
    for url in (
        reverse("claim_export", args=[month]),
        reverse("correction_list"),
        reverse("person_month_page", args=[new.public_id]),
    ):
        text = client.get(url).content.decode()
        assert petition in text, url
        assert "過誤申立" in text
    assert client.post(petition, {"filed_on": cast.today.isoformat()}).status_code == 302
    assert client.get(reverse("correction_list")).content.decode().count("再請求") > 1


@pytest.mark.parametrize("url_name", ["month_correct", "months_correct"])
def test_the_day_of_the_petition_comes_without_its_year(client, cast, month, url_name):
    make(cast, month)
    other_tier(cast)
    enter(client, cast.members["billing"])
    row = cast.person_month
    url = f"{reverse('months_correct')}?month={month}"
    told = {"rows": [str(row.public_id)], "reason": "office"}
    if url_name == "month_correct":
        url = reverse("month_correct", args=[row.public_id])
        told = {"what": "redo", "reason": "office"}
    assert "例：11/26" in client.get(url).content.decode()
    told["filed_on"] = f"{cast.today.month}/{cast.today.day}"
    answer = client.post(url, told)
    if url_name == "months_correct":
        client.post(url, {**told, "agreed": answer.context["agreed"]})
    assert ErrorPetition.objects.get().filed_on == cast.today


def test_a_return_leads_to_the_comparison(client, cast, month):
    claim, _records = make(cast, month)
    record_returns(entries=[ClaimFileEntry.objects.get(file=claim)], **who(cast))
    enter(client, cast.members["billing"])
    text = client.get(reverse("claim_export", args=[month])).content.decode()
    correct = reverse("month_correct", args=[cast.person_month.public_id])
    assert "返戻になった方" in text
    assert correct in text
    other_tier(cast)
    shown = client.get(correct)
    assert "filed_on" not in shown.context["form"].fields
    assert shown.context["form"].initial["reason"] == "returned"


def test_the_list_costs_the_same_however_long(cast, month, django_assert_max_num_queries):
    make(cast, month)
    other_tier(cast)
    second = corrected(cast)
    other_tier(cast, "50")
    corrected(cast, second)
    with django_assert_max_num_queries(10):  # three for what is to be done after a change
        corrections(cast.office, cast.today)


def test_the_count_on_the_home_says_what_the_list_says_at_the_queries_of_one(
    cast, month, django_assert_max_num_queries
):
    def agree():
        with django_assert_max_num_queries(4):
            found = open_corrections(cast.office)
        assert found == sum(row.is_open for row in corrections(cast.office, cast.today))
        return found

    assert agree() == 0
    make(cast, month)
    other_tier(cast, "95")
    second = corrected(cast)
    assert agree() == 1
    record_petition(correction=second.correction, filed_on=cast.today, **who(cast))
    assert agree() == 1  # to be claimed anew
    make(cast, month, 1)
    assert agree() == 0
    other_tier(cast, "50")
    corrected(cast, second)
    assert agree() == 1


def test_who_only_reads_is_led_nowhere_closed(client, cast, month):
    make(cast, month)
    other_tier(cast)
    new = corrected(cast)
    enter(client, cast.members["manager"])
    petition = reverse("petition_record", args=[new.correction.public_id])
    for url in (
        reverse("claim_export", args=[month]), reverse("correction_list"),
        reverse("person_month_page", args=[new.public_id]),
    ):  # fmt: skip
        assert petition not in client.get(url).content.decode(), url
    assert client.get(petition).status_code == 403


@pytest.mark.parametrize(("reason", "stays"), [("not_sent", False), ("taken_back", True)])
def test_a_petition_of_what_was_never_sent_says_nothing_any_more(
    client, cast, month, reason, stays
):
    claim, _records = make(cast, month)
    other_tier(cast)
    new = corrected(cast)
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    withdraw_claim_files(file=claim, reason=reason, **later(cast, 0))
    assert bool(state(new).petition) is stays
    (row,) = corrections(cast.office, cast.today)
    assert ("過誤申立" in [step["label"] for step in row.steps]) is stays
    (person,) = claim_month(cast.office, month, cast.today + LATER).people
    assert person.note.startswith("訂正した月の再請求です。" if stays else "訂正した月です。")
    enter(client, cast.members["billing"])
    page = client.get(reverse("correction_list")).content.decode()
    assert ("済む前に送ると、返戻になります" in page) is stays


def test_the_month_of_the_new_claim_is_not_the_old_ones_own(cast, month):
    claim, _records = make(cast, month)
    other_tier(cast)
    new = corrected(cast)
    own = {"correction": new.correction, "filed_on": cast.today, **who(cast)}
    with pytest.raises(ValidationError) as refused:
        record_petition(claim_month=claim.processing_month, **own)
    assert list(refused.value.message_dict) == ["claim_month"]
    after = (Month.of(claim.processing_month) + 1).first_day
    assert record_petition(claim_month=after, **own).claim_month == after
