"""くいちがい that come up after the close, by roles or by a municipality's word: told without being asked."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.city_answer import record_city_answer
from billing.actions.month_answer import answer_months, correct_months, record_subsidy
from billing.actions.office import notify_item
from billing.models import OfficeTier
from billing.queries.claim_statements import claim_month
from billing.queries.differences import differing_months, fresh_differences
from billing.queries.lost_meetings import lost_meetings
from billing.queries.told_since import told_of
from clients.actions.employment import end_employment
from clients.models import Employment
from plans.actions.caps import Cap
from plans.actions.correction import correct_cap
from plans.models import CapPeriod, Contract, Decision, Interview
from teikyaku.accounts.actions.membership import change_roles
from teikyaku.desk.queries.after_close import after_close
from teikyaku.desk.queries.billing_desk import month_state
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.fees import confirm, read_codes
from tests.desk.test_billing_desk import member

TITLE = "締めたあとに、くいちがいが出"
LOST = "締めたあとに面談がなくなった"


@pytest.fixture
def closed(cast):
    """The one closed month of the cast."""
    return Month.of(cast.person_month.month)


@pytest.fixture
def at(cast):
    """After the close, at whatever hour the tests run."""
    return cast.person_month.closing.closed_at + timedelta(hours=1)


def to_billing(cast, day, at):
    """The worker did other work from that day on, as somebody hears later."""
    change_roles(
        membership=cast.members["worker"], roles=["billing"], starts_on=day,
        by=cast.members["head"], at=at,
    )  # fmt: skip


def say_no(cast, month, at):
    record_city_answer(
        enrolment=cast.enrolment, month=month, codes=["report_late"], is_billable=False, reason="期限のあと",
        answered_on=cast.today, way="phone", respondent="障がい福祉課",
        by=cast.members["billing"], at=at,
    )  # fmt: skip


def pages(client, cast, month):
    enter(client, cast.members["billing"])
    urls = (reverse("after_close"), reverse("month_page", args=[month]))
    return [client.get(url).content.decode() for url in urls]


def test_where_nothing_was_told_nothing_is_said(client, cast, closed):
    # Another tier that nobody told stands on the list alone.
    OfficeTier.objects.filter(fiscal_year=closed.fiscal_year).update(tier="95")
    assert differing_months(cast.office, closed, closed, cast.today).rows
    with CaptureQueriesContext(connection) as queries:
        assert fresh_differences(cast.office, cast.today) == ()
    assert len(queries) == 8
    assert all(TITLE not in page for page in pages(client, cast, closed))


def test_roles_that_change_back_take_the_meeting_away(client, cast, closed, at):
    to_billing(cast, closed.first_day + timedelta(days=2), at)
    (row,) = lost_meetings(cast.office, cast.today)
    assert (row.month, row.person_month) == (closed, cast.person_month.public_id)
    assert "就労定着支援員による面談ではありません" in row.reason.text
    home, month = pages(client, cast, closed)
    assert LOST in home
    assert LOST in month
    assert row.reason.text in month
    assert f"{closed.label} 1人" in home
    # It is told once.
    assert TITLE not in home
    assert TITLE not in month
    own = client.get(reverse("person_month_page", args=[row.person_month])).content.decode()
    assert row.reason.text in own


def test_roles_that_were_wrong_from_their_first_day_take_the_meeting_away_and_give_it_back(
    cast, closed, at
):
    worker = cast.members["worker"]
    to_billing(cast, worker.starts_on, at)
    (row,) = lost_meetings(cast.office, cast.today)
    assert row.person_month == cast.person_month.public_id
    change_roles(
        membership=worker, roles=["support_worker"], starts_on=worker.starts_on,
        by=cast.members["head"], at=at + timedelta(hours=1),
    )  # fmt: skip
    assert lost_meetings(cast.office, cast.today) == ()


def test_the_claim_page_says_the_same_words_and_leads_to_the_correction(client, cast, closed, at):
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    to_billing(cast, closed.first_day + timedelta(days=2), at)
    (row,) = differing_months(cast.office, closed, closed, cast.today).rows
    (reason,) = row.found.reasons
    enter(client, cast.members["billing"])
    (left,) = client.get(reverse("claim_export", args=[closed])).context["left_out"]
    (lack,) = [each for each in left["person"].lacks if each.field == "利用日数"]
    assert lack.reason.startswith(reason.text)
    assert lack.url == reverse("month_correct", args=[row.person_month])


def test_roles_that_change_after_the_meeting_are_nobodys_loss(cast, closed, at):
    to_billing(cast, closed.last_day, at)
    assert lost_meetings(cast.office, cast.today) == ()


def test_a_no_after_the_close_is_told_and_agrees_with_the_list(client, cast, closed, at):
    say_no(cast, closed, at)
    fresh = fresh_differences(cast.office, cast.today)
    assert fresh == differing_months(cast.office, closed, closed, cast.today).rows
    assert fresh[0].causes == ("市町村の回答",)
    (count,) = after_close(member(cast, "billing"), cast.today).fresh
    assert (count.count, count.url) == (1, reverse("month_page", args=[closed]))
    assert month_state(member(cast, "manager"), cast.today).fresh == (count,)
    home, month = pages(client, cast, closed)
    assert f"{closed.label} 1人" in home
    assert TITLE in home
    assert f"{TITLE}た 1人" in month
    assert "期限のあと" in month
    assert reverse("month_correct", args=[cast.person_month.public_id]) in month
    assert fresh_differences(cast.other_office, cast.today) == ()
    assert fresh_differences(cast.office, cast.today, month=closed + 1) == ()


def test_an_answer_before_the_close_is_no_news(cast, closed, at):
    say_no(cast, closed, at - timedelta(hours=2))
    assert fresh_differences(cast.office, cast.today) == ()


def test_a_cap_that_comes_after_the_close_is_told(client, cast, closed, at):
    """Somebody else records it: who bills would not hear of it."""
    cap = CapPeriod.objects.filter(client=cast.enrolment.client)
    cap.update(cap_yen=1_000)
    assert fresh_differences(cast.office, cast.today) == ()
    cap.update(recorded_at=at)
    (row,) = fresh_differences(cast.office, cast.today)
    assert row.found.payable_yen == -1_768
    home, month = pages(client, cast, closed)
    assert f"{closed.label} 1人" in home
    assert "負担上限月額が" in month
    assert row.causes == ("負担上限月額",)
    assert "負担上限月額の記録が、締めたあとに変わりました" in home
    assert "変わった記録：負担上限月額<" in month
    cap.update(first_month=(closed + 1).first_day)
    assert row not in fresh_differences(cast.office, cast.today)


def test_a_cap_that_is_corrected_after_the_close_is_told(client, cast, closed, at):
    """It is written over in place: only its history knows when."""
    cap = CapPeriod.objects.filter(client=cast.enrolment.client).latest("first_month")
    changes = {each.name: getattr(cap, each.name) for each in fields(Cap)} | {"cap_yen": 1_000}
    who = {"reason": "写し間違い", "by": cast.members["manager"]}
    correct_cap(cap=cap, changes=changes, at=at, **who)
    (row,) = fresh_differences(cast.office, cast.today)
    assert (row.month, row.found.payable_yen) == (closed, -1_768)
    assert TITLE in pages(client, cast, closed)[0]
    # What was corrected before the close went into it.
    cap.history.filter(history_type="~").update(history_date=at - timedelta(days=1))
    assert fresh_differences(cast.office, cast.today) == ()


def test_a_job_that_ended_before_the_month_and_is_told_after_the_close(cast, closed, at):
    job = Employment.objects.get(client=cast.enrolment.client, ends_on=None)
    end_employment(
        employment=job, ends_on=(closed - 1).last_day, reason="退職", changes_to_improve=False,
        by=cast.members["manager"], at=at,
    )  # fmt: skip
    assert fresh_differences(cast.office, cast.today)
    assert (
        fresh_differences(cast.office, cast.today)
        == differing_months(cast.office, closed, closed, cast.today).rows
    )
    # Of a month before the end, nothing is asked.
    job.history.filter(history_type="~").update(ends_on=(closed + 1).first_day)
    assert fresh_differences(cast.office, cast.today) == ()


def test_a_decision_that_is_revoked_back_past_the_month_is_told(cast, closed, at):
    decision = Decision.objects.get(client=cast.enrolment.client)
    assert fresh_differences(cast.office, cast.today) == ()
    decision.ends_on, decision._history_date = (closed - 1).last_day, at
    decision.save()
    fresh = fresh_differences(cast.office, cast.today)
    assert fresh
    assert fresh == differing_months(cast.office, closed, closed, cast.today).rows
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    assert claim_month(cast.office, closed, cast.today).people == ()


def later(row, at, **facts):
    """The fact is written over in place, an hour after the close."""
    for name, value in facts.items():
        setattr(row, name, value)
    row._history_date = at
    row.save()


def causes(cast):
    fresh = fresh_differences(cast.office, cast.today)
    closed = Month.of(cast.person_month.month)
    assert fresh == differing_months(cast.office, closed, closed, cast.today).rows
    return [each.causes for each in fresh]


def test_a_contract_whose_end_is_told_late_is_told_by_its_name(cast, closed, at):
    contract = Contract.objects.get(enrolment=cast.enrolment)
    later(contract, at, ends_on=(closed - 1).last_day)
    assert causes(cast) == [("契約",)]
    # An end after the month takes nothing from it: it is not even looked at.
    contract.history.filter(history_type="~").update(ends_on=(closed + 1).first_day)
    assert fresh_differences(cast.office, cast.today) == ()


def test_a_decision_withdrawn_before_it_began_is_told(cast, closed, at):
    decision = Decision.objects.get(client=cast.enrolment.client)
    later(
        decision,
        at,
        is_cancelled=True,
        revocation_reason="転出",
        revoked_on=decision.starts_on - timedelta(days=1),
    )
    assert causes(cast) == [("支給決定",)]


def test_a_decision_that_is_recorded_after_the_close_is_looked_at(cast, at):
    """Of another municipality, perhaps."""
    row = cast.person_month
    assert told_of([row.pk]) == {row.pk: ()}
    Decision.objects.filter(client=cast.enrolment.client).update(recorded_at=at)
    assert told_of([row.pk]) == {row.pk: ("decision",)}


def test_a_subsidy_and_an_answer_of_the_office_are_told(cast, closed, at):
    who = {"enrolment": cast.enrolment, "by": cast.members["billing"], "last_month": None}
    record_subsidy(
        municipality=cast.wards[2], kind="up_to", amount=1_000, source="市の要綱",
        first_month=closed.first_day, at=at, **who,
    )  # fmt: skip
    assert causes(cast) == [("自治体助成",)]
    # For the months after the close alone, an answer is no news of this one.
    given = {"kind": "special_area", "why": "市に確かめた", "told_on": cast.today}
    answer = answer_months(first_month=(closed + 1).first_day, at=at, **given, **who)
    assert causes(cast) == [("自治体助成",)]
    facts = {"first_month": closed.first_day, "last_month": None}
    correct_months(row=answer, changes=facts, reason="はじめから", by=who["by"], at=at)
    # The office notified no such addition: nothing of the month comes from the answer.
    assert told_of([cast.person_month.pk])[cast.person_month.pk] == ("answer", "subsidy")
    assert causes(cast) == [("自治体助成",)]
    notify_item(
        office=cast.office, item="special_area", first_month=closed.first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at - timedelta(hours=2),
    )  # fmt: skip
    assert causes(cast) == [("加算・減算の答え", "自治体助成")]


def test_a_role_and_a_meeting_have_their_own_names(cast, closed, at):
    to_billing(cast, closed.first_day + timedelta(days=2), at)
    assert causes(cast) == [("職員の役割",)]


def test_a_meeting_that_was_taken_back_is_named(cast, closed, at):
    days = {"held_on__range": (closed.first_day, closed.last_day)}
    facts = {
        "withdrawn_at": at,
        "withdrawn_by": cast.members["manager"],
        "withdrawal_reason": "誤り",
    }
    Interview.objects.filter(enrolment=cast.enrolment, **days).update(**facts)
    assert causes(cast) == [("面談の記録",)]


def test_what_differs_before_it_was_sent_is_not_sent(cast, closed, at):
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    Contract.objects.update(contracted_amount="当該月の日数")
    assert claim_month(cast.office, closed, cast.today).people
    CapPeriod.objects.filter(client=cast.enrolment.client).update(cap_yen=1_000, recorded_at=at)
    (fresh,) = fresh_differences(cast.office, cast.today)
    found = claim_month(cast.office, closed, cast.today)
    ((lack,),) = (each.lacks for each in found.left_out)
    assert found.people == ()
    assert all(words in lack.reason for words in fresh.found.changes)
    assert lack.url == reverse("month_correct", args=[cast.person_month.public_id])
