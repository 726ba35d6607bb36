"""Months that were closed before their municipality was joined with another, or its number put right."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.cap_cancellation import cancel_cap_sheets
from billing.actions.cap_revision import revise_cap_sheets
from billing.actions.claim_file import record_returns
from billing.actions.claim_payment import record_claim_payments
from billing.actions.correction import record_petition
from billing.forms.month_answer import SubsidyForm
from billing.models import CityAnswer, ClaimFile, ClaimFileEntry, PersonMonth
from billing.queries.cap_revisions import revised_sheets
from billing.queries.cap_sheets import due_sheets
from billing.queries.city_words import settled_by
from billing.queries.claim_files import claim_sums
from billing.queries.claim_statements import claim_month
from billing.queries.differences import differing_months
from billing.rules.cap_management import Rank
from billing.rules.city_answer import SPLIT
from billing.rules.difference import NUMBER_STEP
from clients.models import RecipientNumber
from plans.models import CapPeriod, Decision
from teikyaku.accounts.actions.places import save_municipality
from teikyaku.accounts.models import Municipality, MunicipalityProposal
from teikyaku.clock import at_noon
from teikyaku.desk.actions.merge_places import merge_municipality
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import LATER, corrected, later, who
from tests.billing.test_cap_cancellations import faults
from tests.billing.test_cap_management import made, manage
from tests.billing.test_claim_export import make_early
from tests.billing.test_correction_claims import make, month
from tests.billing.test_corrections_without_yen import lines_of, real_codes

__all__ = ["month"]
SLIP = "157115"


@pytest.fixture
def into(cast):
    return cast.wards[1]


@pytest.fixture
def place(cast, into):
    """The same place as an office entered it, with a wrong number: the closed month is of that."""
    row = Municipality.objects.create(code=SLIP, name=into.full_name, kana="か")
    MunicipalityProposal.objects.create(
        municipality=row, office=cast.office, recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    client = cast.enrolment.client
    for model in (Decision, CapPeriod, RecipientNumber):
        model.objects.filter(client=client).update(municipality=row)
    with connection.cursor() as cursor:  # as it was closed
        cursor.execute("UPDATE billing_personmonth SET municipality_id = %s", [row.pk])
    cast.person_month = PersonMonth.objects.get(pk=cast.person_month.pk)
    return row


def join(cast, place, into):
    return merge_municipality(municipality=place, into=into, **who(cast, "admin"))


def renumber(cast, place, code):
    place.code = code
    save_municipality(municipality=place, **who(cast, "admin"))


def numbers(file):
    """市町村番号 of each 明細書."""
    return [line[3] for line in lines_of(file, "J121:01")]


def differing(cast, month):
    return differing_months(cast.office, month, month, cast.today).rows


def claim_of(cast):
    return ClaimFileEntry.objects.filter(file__family="J111").latest("pk")


def pay(cast):
    entry = claim_of(cast)
    record_claim_payments(
        file=entry.file, amounts={entry.pk: entry.person_month.benefit_yen}, paid_on=cast.today,
        by=cast.members["billing"], at=at_noon(cast.today),
    )  # fmt: skip


def test_what_is_in_no_file_goes_under_the_number_of_the_place_it_was_joined_with(
    cast, month, place, into
):
    join(cast, place, into)
    assert cast.person_month.municipality == place  # closed as it was
    assert differing(cast, month) == ()
    found = claim_month(cast.office, month, cast.today)
    assert [(each.municipality, each.lacks) for each in found.people] == [(into.full_name, ())]
    claim, records = make(cast, month)
    assert numbers(claim) == [into.code]
    for file, head in ((claim, "J111:01"), (records, "J611:01")):
        assert [into.code in line for line in lines_of(file, head)] == [True]
    assert claim_of(cast).municipality_code == into.code
    assert SLIP.encode() not in bytes(claim.content.content)
    assert next(each.code for each in claim_sums(cast.office, found)) == into.code
    assert differing(cast, month) == ()


def test_a_place_joined_twice_is_the_last_one(cast, month, place, into):
    join(cast, place, into)
    MunicipalityProposal.objects.create(
        municipality=into, office=cast.office, recorded_by=cast.members["worker"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip
    last = Municipality.objects.create(code="999016", name="架空市", kana="か")
    join(cast, into, last)
    claim, _records = make(cast, month)
    assert numbers(claim) == [last.code]


@pytest.mark.parametrize("is_joined", [True, False])
def test_what_was_sent_under_the_old_number_is_told_and_claimed_anew_under_the_right_one(
    cast, month, place, into, is_joined
):
    claim, _records = make(cast, month)
    before = bytes(claim.content.content)
    right = into.code if is_joined else "999016"
    if is_joined:
        join(cast, place, into)
    else:
        renumber(cast, place, right)
    assert bytes(ClaimFile.objects.get(pk=claim.pk).content.content) == before
    found = claim_month(cast.office, month, cast.today)
    assert [each.code for each in claim_sums(cast.office, found)] == [SLIP]
    (row,) = differing(cast, month)
    assert row.is_claimed
    assert row.steps == (NUMBER_STEP,)
    (told,) = row.found.changes
    assert SLIP in told
    assert right in told
    new = corrected(cast)
    record_petition(correction=new.correction, filed_on=cast.today, **who(cast))
    again, _records = make(cast, month, 1)
    assert numbers(again) == [right]
    assert differing(cast, month) == ()


def test_what_came_back_goes_again_under_the_right_number(cast, month, place, into):
    make(cast, month)
    join(cast, place, into)
    record_returns(entries=[claim_of(cast)], **who(cast))
    assert differing(cast, month) == ()
    again, _records = make(cast, month, 1)
    assert numbers(again) == [into.code]


def test_what_was_paid_was_sent_under_a_number_that_held(cast, month, place, into):
    make_early(cast, month)
    join(cast, place, into)
    assert differing(cast, month)
    pay(cast)
    assert differing(cast, month) == ()


@pytest.fixture
def sheet(cast, month, place):
    """A 上限額管理結果票 in a claim file, under the number of before."""
    real_codes()
    manage(cast, cast.office.number, cast.office.name)
    made(cast, month, [(Rank.DAY.value, 90_000, 9_000)])
    row = corrected(cast)
    make_early(cast, month)
    return row


def test_a_sheet_is_put_right_under_the_number_that_it_was_sent_with(
    cast, month, place, into, sheet
):
    pay(cast)
    join(cast, place, into)
    assert due_sheets(cast.office, month) == []
    made(cast, month, [(Rank.DAY.value, 70_000, 7_000)], "よその訂正")
    on = cast.today + LATER
    keys = [each.sent.entry.pk for each in revised_sheets(cast.office, month, on)]
    assert keys
    file = revise_cap_sheets(office=cast.office, month=month, sheets=keys, **later(cast))
    (head,) = lines_of(file, "J411:01")
    assert head[3:5] == ["2", SLIP]
    assert faults(file) == []


def test_the_sheet_of_a_claim_that_went_again_is_new_and_the_old_one_is_to_be_cancelled(
    cast, month, place, into, sheet
):
    join(cast, place, into)
    record_returns(entries=[claim_of(cast)], **who(cast))
    *_others, caps = make(cast, month, 1)
    (head,) = lines_of(caps, "J411:01")
    assert head[3:5] == ["1", into.code]
    (due,) = due_sheets(cast.office, month)
    assert due.entry.municipality_code == SLIP
    file = cancel_cap_sheets(
        office=cast.office, month=month, sheets=[due.entry.pk], reason=due.reason, **later(cast, 2)
    )
    (head,) = lines_of(file, "J411:01")
    assert head[3:5] == ["3", SLIP]
    assert due_sheets(cast.office, month) == []


def test_an_answer_of_the_old_place_is_one_of_the_new(cast, place, into):
    answer = CityAnswer(payer=place, codes=[SPLIT], is_billable=True)
    assert not settled_by(answer, into.pk)
    join(cast, place, into)
    answer.payer = Municipality.objects.get(pk=place.pk)
    assert settled_by(answer, into.pk) == {SPLIT}


def test_a_place_that_was_joined_pays_no_subsidy(cast, place, into):
    join(cast, place, into)
    offered = SubsidyForm().fields["municipality"].queryset
    assert place not in offered
    assert {into, into.city} <= set(offered)


def test_the_page_says_how_many_closed_months_and_claims_hang_on_it(
    client, cast, month, place, into
):
    enter(client, cast.members["admin"])
    url = reverse("municipality_merge", args=[place.public_id])
    assert "まだ請求ファイルに入っていない1件" in client.get(url).content.decode()
    make(cast, month)
    page = client.get(url).content.decode()
    assert "請求ファイルに入っている1件" in page
    assert "まだ請求ファイルに入っていない" not in page


def test_no_query_more_for_a_joined_place(cast, month, place, into):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            claim_month(cast.office, month, cast.today)
            differing(cast, month)
        return len(queries)

    before = asked()
    join(cast, place, into)
    assert asked() == before
