"""The billing home: every number leads to a list that agrees, at a constant number of queries."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.claim_file import make_claim_files
from billing.actions.envelope import mark_as_sent
from billing.actions.invoice import issue_invoices
from billing.actions.month import close_month
from billing.actions.payment import record_payment
from billing.queries.month_invoices import month_invoices
from clients.models import Enrolment
from plans.models import Contract, ReportShare
from teikyaku.accounts.models import Membership
from teikyaku.clock import at_noon
from teikyaku.desk.queries.after_close import after_close
from teikyaku.desk.queries.billing_desk import billing_desk, month_state
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.billing.corrections import who, withdrawn
from tests.billing.fees import confirm, read_codes
from tests.lists.test_queries import add_people

PAGE = "desk/desks/billing.html"
QUERIES = 36
# Where nothing was told after a close.
PART_QUERIES = 14
NOTHING = "締めた月に、することはありません"


def member(cast, key):
    """As a request has it: with its office."""
    return Membership.objects.select_related("office").get(pk=cast.members[key].pk)


def drawn(desk, on):
    return render_to_string(PAGE, {"desk": desk, "on": on})


def cost(membership, on):
    with CaptureQueriesContext(connection) as queries:
        billing_desk(membership, on)
    return len(queries)


def test_every_count_agrees_with_its_list(client, cast):
    add_people(cast, 3)
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    enter(client, cast.members["billing"])
    desk = billing_desk(member(cast, "billing"), cast.today)
    counts = [*desk.last.counts, *desk.missing, *desk.running.counts]
    assert sum(count.count for count in counts) > 5
    for count in counts:
        assert client.get(count.url).context["page"].paginator.count == count.count, count
    page = client.get(desk.last.url).context["board"]
    assert (desk.last.ready, desk.last.held) == (len(page.ready), len(page.held)) == (3, 1)
    assert (desk.last.ready_yen, desk.last.held_yen) == (page.ready_yen, page.ready_yen // 3)


def test_it_costs_the_same_with_more_people(cast):
    who = member(cast, "billing")
    few = cost(who, cast.today)
    assert few <= QUERIES
    add_people(cast, 3)
    assert cost(who, cast.today) == few


@pytest.mark.parametrize("key", ["worker", "officer", "city", "admin"])
def test_who_may_not_see_months_gets_nothing(cast, key):
    with pytest.raises(PermissionDenied):
        billing_desk(member(cast, key), cast.today)


def test_who_may_close_has_the_button(cast):
    assert billing_desk(member(cast, "billing"), cast.today).last.close_url
    desk = billing_desk(member(cast, "manager"), cast.today)
    assert desk.last.ready == 1
    assert not desk.last.close_url
    assert "分を締める" not in drawn(desk, cast.today)


def test_the_close_of_the_last_month_stands_above_all_else(client, cast):
    enter(client, cast.members["billing"])
    text = client.get(reverse("home")).content.decode()
    place = text.index("1人分を締める")
    assert text.count("1人分を締める") == 1
    assert place < text.index('id="claim-calendar"')
    assert place < text.index(reverse("after_close"))
    # Nobody is ready any more: the calendar comes first again.
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    text = client.get(reverse("home")).content.decode()
    assert text.index('id="claim-calendar"') < text.index('id="last-month"')


def test_who_leads_and_closes_is_told_first_that_the_month_is_not_closed(client, cast):
    told, month = "を、まだ締めていません", Month.of(cast.today) - 1
    enter(client, cast.members["head"])
    text = client.get(reverse("home")).content.decode()
    assert text.index(f"{month.label}分{told}") < text.index('id="alarms"')
    close_month(office=cast.office, month=month, by=cast.members["billing"], at=at_noon(cast.today))
    assert told not in client.get(reverse("home")).content.decode()


def test_after_the_files_the_papers_are_next_and_then_all_is_done(client, cast):
    billing = member(cast, "billing")
    month = Month.of(cast.today) - 1
    who = {"by": billing, "at": at_noon(cast.today)}
    page, files = reverse("month_page", args=[month]), reverse("claim_export", args=[month])
    envelopes = reverse("envelopes", args=[month])
    enter(client, billing)
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    Contract.objects.update(contracted_amount="当該月の日数")
    closing = close_month(office=cast.office, month=month, **who)
    issue_invoices(closing=closing, **who)
    assert "まだ発送していない請求書" not in client.get(page).content.decode()
    make_claim_files(office=cast.office, month=month, **who)
    desk = billing_desk(billing, cast.today)
    assert (desk.unsent.count, desk.unsent.url, desk.is_done) == (1, envelopes, False)
    for url in (page, files, reverse("home")):
        text = client.get(url).content.decode()
        assert envelopes in text, url
        assert "まだ発送していない請求書" in text, url
    papers = month_invoices(cast.office, month).values_list("document__public_id", flat=True)
    mark_as_sent(documents=list(papers), **who)
    desk = billing_desk(billing, cast.today)
    assert desk.unsent is None
    assert desk.is_done
    assert "請求ファイルも請求書も済みました" in drawn(desk, cast.today)
    assert "この月の請求は済みました" in client.get(page).content.decode()
    assert "みな発送してあります" in client.get(files).content.decode()


def test_drawn_with_nothing_but_the_desk_and_the_day(cast):
    desk = billing_desk(member(cast, "billing"), cast.today)
    text = drawn(desk, cast.today)
    assert "1人分を締める" in text
    assert "未入金" in text
    early = cast.today.replace(day=10)
    assert "今日" in drawn(billing_desk(member(cast, "billing"), early), early)
    closed = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    close_month(office=cast.office, month=Month.of(cast.today) - 1, **closed)
    after = billing_desk(member(cast, "billing"), cast.today)
    assert (after.last.ready, after.last.closed) == (0, 1)
    assert "締める人は残っていません" in drawn(after, cast.today)


def test_an_office_without_anybody_is_drawn_too(cast):
    Enrolment.objects.filter(office=cast.other_office).update(use_starts_on=None)
    desk = billing_desk(member(cast, "outsider"), cast.today)
    assert (desk.last.ready, desk.missing, desk.payments.count) == (0, (), 0)
    text = drawn(desk, cast.today)
    assert "足りないものはありません" in text
    assert "未入金の請求はありません" in text
    assert "請求の予定" in text
    assert "請求の予定" not in drawn(replace(desk, days=None), cast.today)


def test_when_all_that_is_left_is_up_to_others_it_says_whose_turn_it_is(client, cast):
    """Billing has nothing to do about a report that was not handed; who meets people has."""
    late = cast.today.replace(day=11)
    ReportShare.objects.filter(report__enrolment=cast.enrolment).delete()
    desk = billing_desk(member(cast, "billing"), late)
    (turn,) = desk.missed.waits_for
    assert (turn.label, turn.count) == ("就労定着支援員・サービス管理責任者", 1)
    text = drawn(desk, late)
    assert "ほかの人の番です" in text
    assert "まだ請求していない人がいます" not in text
    held = next(each for each in desk.last.counts if each.label == "保留")
    assert (held.count, held.tone) == (1, "info")
    enter(client, cast.members["billing"])
    assert client.get(turn.url).context["page"].paginator.count == turn.count
    # Who can mend it keeps being told.
    assert not month_state(member(cast, "manager"), late).missed.waits_for
    # And billing too, as long as anybody is left to close.
    add_people(cast, 1)
    both = billing_desk(member(cast, "billing"), late)
    assert not both.missed.waits_for
    assert "まだ請求していない人がいます" in drawn(both, late)
    assert "保留の理由を直せる人" in drawn(both, late)


def test_a_missed_deadline_is_said_plainly(cast):
    late = cast.today.replace(day=11)
    desk = billing_desk(member(cast, "billing"), late)
    text = drawn(desk, late)
    assert "請求の締切を過ぎて、まだ請求していない人がいます" in text
    assert "請求できる 1人" in text
    nxt = Month.of(cast.today) + 1
    assert f"次の締切は{nxt.month}月10日" in text
    assert f"{nxt.label}の請求の予定" in text
    at = at_noon(late)
    close_month(
        office=cast.office, month=Month.of(cast.today) - 1, by=cast.members["billing"], at=at
    )
    after = billing_desk(member(cast, "billing"), late)
    (link,) = after.missed.links  # closing is not claiming
    assert (link.count, link.url) == (1, reverse("claim_export", args=[Month.of(cast.today) - 1]))
    assert "締切を過ぎて" in drawn(after, late)


def test_closed_without_a_claim_file_is_told_until_it_stands_in_one(client, cast):
    enter(client, cast.members["billing"])
    last, before = Month.of(cast.today) - 1, Month.of(cast.person_month.month)
    who = {"by": cast.members["billing"], "at": at_noon(cast.today)}
    close_month(office=cast.office, month=last, **who)
    desk = billing_desk(member(cast, "billing"), cast.today)
    assert desk.unclaimed.count == 1
    assert [(row.label, row.count) for row in desk.unclaimed_before] == [(before.label, 1)]
    # Nothing at all was claimed of the month before: that stands above everything.
    assert desk.never_claimed == desk.unclaimed_before
    assert month_state(member(cast, "billing"), cast.today).never_claimed == desk.never_claimed
    assert "請求ファイルが一つもない月" in drawn(desk, cast.today)
    enter(client, cast.members["billing"])
    assert "請求ファイルが一つもない月" in client.get("/").content.decode()
    for row, month in ((desk.unclaimed, last), (desk.unclaimed_before[0], before)):
        assert row.url in drawn(desk, cast.today)
        page = client.get(row.url).context
        assert len(page["found"].people) + len(page["left_out"]) == page["waiting"] == row.count
        told = client.get(reverse("month_page", args=[month])).content.decode()
        assert "まだ請求ファイルに入っていない方が 1人" in told
        assert row.url in told
    Contract.objects.update(contracted_amount="当該月の日数")
    confirm(cast, read_codes(cast, date(2024, 4, 1), date(2027, 3, 1)))
    make_claim_files(office=cast.office, month=last, **who)
    make_claim_files(office=cast.office, month=before, **who)
    desk = billing_desk(member(cast, "billing"), cast.today)
    assert (desk.unclaimed, desk.unclaimed_before, desk.never_claimed) == (None, (), ())
    told = client.get(reverse("month_page", args=[last])).content.decode()
    assert "請求ファイルに入っていない方が" not in told
    late = (last + 1).first_day.replace(day=11)
    missed = billing_desk(member(cast, "billing"), late).missed
    assert missed is None


def test_an_earlier_month_that_can_still_be_claimed_is_shown(cast):
    on = (Month.of(cast.today) + 1).first_day + timedelta(days=4)
    desk = billing_desk(member(cast, "billing"), on)
    left = Month.of(cast.today) - 1
    assert [(each.month, each.ready) for each in desk.earlier][:1] == [(left, 1)]
    assert left.label in drawn(desk, on)


def test_corrected_months_and_money_to_give_back_lead_to_their_lists(client, cast):
    paid = {"invoice": cast.invoice, "paid_on": cast.today, "way": "cash", **who(cast)}
    record_payment(amount_yen=cast.invoice.amount_yen, **paid)
    withdrawn(cast)
    desk = billing_desk(member(cast, "billing"), cast.today)
    found = after_close(member(cast, "billing"), cast.today)
    assert (found.corrections, desk.refunds.count, desk.refunds.yen) == (1, 1, 2_768)
    enter(client, cast.members["billing"])
    assert client.get(desk.refund_url).context["page"].paginator.count == 1
    assert client.get(reverse("correction_list")).context["page"].paginator.count == 1
    part = client.get(reverse("after_close"), headers={"X-Part": "1"}).content.decode()
    assert f'href="{reverse("correction_list")}"' in part
    assert NOTHING not in part


def test_closed_months_are_a_part_of_the_page_and_a_page_of_their_own(client, cast):
    """Judged again only when the home is shown already; without scripts a link leads there."""
    enter(client, cast.members["billing"])
    url = reverse("after_close")
    home = client.get(reverse("home")).content.decode()
    assert f'data-part="{url}"' in home
    assert f'href="{url}"' in home
    part = client.get(url, headers={"X-Part": "1"}).content.decode()
    whole = client.get(url).content.decode()
    assert NOTHING in part
    assert "<main" not in part
    assert part.strip() in whole
    assert f'href="{reverse("billing_home")}"' in whole
    with CaptureQueriesContext(connection) as queries:
        after_close(member(cast, "billing"), cast.today)
    assert len(queries) <= PART_QUERIES


@pytest.mark.parametrize("key", ["worker", "officer", "city", "admin"])
def test_who_may_not_see_months_gets_no_closed_ones(cast, key):
    with pytest.raises(PermissionDenied):
        after_close(member(cast, key), cast.today)
