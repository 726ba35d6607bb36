"""人員欠如減算 by the facts beside the 届出: on the office's page and on the month's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.actions.office import notify_item
from billing.models import MonthClosing
from billing.queries.month import month_board
from billing.queries.staffing_asks import asks_before_close, staffing_asks
from billing.queries.staffing_reduction import findings_of_month, staffing_findings
from clients.models import Enrolment, OfficeStaffing
from teikyaku.accounts.models import AuditEvent, OfficeStart
from teikyaku.clock import at_noon
from teikyaku.periods import Month, fiscal_year_period
from tests.access.test_matrix import sign_in
from tests.cast import meet, report


@pytest.fixture
def month(cast):
    """Somebody was in use through the year before, so that the needs are known."""
    month = Month.of(cast.today) - 1
    began = fiscal_year_period((month - 30).fiscal_year).starts_on
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(starts_on=began, use_starts_on=began)
    return month


def findings(cast, month):
    """Asked for one office or for several at once: the same."""
    found = staffing_findings(cast.office, month, month, cast.today)
    both = findings_of_month([cast.other_office, cast.office], month, cast.today)
    assert both[cast.office.pk] == found
    assert both[cast.other_office.pk] == staffing_findings(
        cast.other_office, month, month, cast.today
    )
    return found


def leave(cast, since):
    """No サービス管理責任者 from the end of `since` on."""
    for member in cast.members.values():
        if member.office_id == cast.office.pk and "service_manager" in member.roles:
            member.ends_on = since.first_day
            member.save()


def notify(cast, item, first, last=None):
    notify_item(
        office=cast.office, item=item, first_month=first.first_day,
        last_month=last.first_day if last else None, notified_on=cast.today,
        by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip


def test_before_a_run_reading_does_not_grow_with_the_offices(cast, month):
    def queries(*offices):
        with CaptureQueriesContext(connection) as found:
            assert asks_before_close(offices, month, cast.today) == {}
        return len(found)

    assert queries(cast.office, cast.other_office) == queries(cast.office) <= 7


def test_enough_people_nothing_told(cast, month):
    assert findings(cast, month) == ()


@pytest.mark.parametrize(
    ("months", "item"), [(2, "no_manager"), (5, "no_manager"), (6, "no_manager_long")]
)
def test_a_manager_who_left(cast, month, months, item):
    leave(cast, month - months)
    (found,) = findings(cast, month)
    assert (found.by_facts.item, found.notified, found.is_contradiction) == (item, "", True)
    assert "届出がありません" in found.text
    notify(cast, item, month)
    (found,) = findings(cast, month)
    assert not found.is_contradiction


def test_the_other_half_of_the_reduction_is_a_contradiction(cast, month):
    leave(cast, month - 8)
    notify(cast, "no_manager", month)
    (found,) = findings(cast, month)
    assert found.is_contradiction
    assert "届出は「サービス管理責任者欠如減算（4か月目まで）」" in found.text


def test_who_was_in_post_before_the_first_month_here_is_not_on_file(cast, month):
    leave(cast, month - 30)
    (found,) = findings(cast, month)
    assert (found.is_older, "より前から足りません" in found.text) == (True, True)
    start = OfficeStart.objects.create(
        office=cast.office, first_month=month.first_day,
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    assert findings(cast, month) == ()
    start.first_month = (month - 3).first_day
    start.save()
    (found,) = findings(cast, month)
    assert (found.is_older, found.by_facts.short_since, found.by_facts.nth) == (False, month - 3, 2)


def test_notified_but_nobody_is_missing(cast, month):
    notify(cast, "no_manager", month, month)
    (found,) = findings(cast, month)
    assert found.is_contradiction
    assert "足りています" in found.text


def test_workers_by_their_full_posts(cast, month):
    assert findings(cast, month) == ()  # nobody said how many posts there are
    OfficeStaffing.objects.create(
        office=cast.office, starts_on=(month - 1).first_day, worker_posts=Decimal("0.0"),
        recorded_by=cast.members["head"], recorded_at=at_noon(cast.today),
    )  # fmt: skip
    (found,) = findings(cast, month)
    assert (found.by_facts.item, found.by_facts.first) == ("few_workers", month)


def test_on_the_month_and_on_the_office(client, cast, month):
    leave(cast, month - 3)
    sign_in(client, cast, "billing")
    for page in (reverse("month_page", args=[month]), reverse("office_settings")):
        text = client.get(page).content.decode()
        assert "サービス管理責任者" in text
        assert "届出がありません" in text
    sign_in(client, cast, "head")
    url = reverse("notification_new") + "?item=no_manager"
    assert url in client.get(reverse("office_settings")).content.decode()
    assert client.get(url).context["form"].initial == {"item": "no_manager"}
    notify(cast, "no_manager", month - 1)
    text = client.get(reverse("month_page", args=[month])).content.decode()
    assert "届出がありません" not in text


@pytest.fixture
def ready(cast, month):
    """Somebody of the month can be closed."""
    board = month_board(cast.office, month, cast.today)
    if not board.ready:
        meet(cast.enrolment, cast.members["worker"], month.first_day)
        report(cast.enrolment, cast.members["worker"], month.last_day)
        board = month_board(cast.office, month, cast.today)
    assert board.ready
    return board


def test_the_close_asks_and_says_what_it_comes_to(client, cast, month, ready):
    leave(cast, month - 3)
    cost = sum(entry.copayment.total_cost_yen for entry in ready.ready)
    (ask,) = staffing_asks(ready, findings(cast, month))
    assert -cost * 0.35 < ask.difference_yen < -cost * 0.2  # ×0.7, additions stay
    sign_in(client, cast, "billing")
    url = reverse("month_close", args=[month])
    page = client.get(url).content.decode()
    assert ask.question in page
    assert "減ります" in ask.question
    assert client.post(url, {"anything": "1"}).status_code == 422
    assert not MonthClosing.objects.filter(office=cast.office, month=month.first_day).exists()
    assert client.post(url, {"confirmed": ["few_workers-"]}).status_code == 422
    assert client.post(url, {"confirmed": [ask.mark]}).status_code == 302
    closing = MonthClosing.objects.get(office=cast.office, month=month.first_day)
    told = AuditEvent.objects.filter(verb="month_closed_as_notified")
    assert [event.subject_id for event in told] == [closing.public_id]


def test_the_close_asks_nothing_where_the_notified_item_agrees(client, cast, month, ready):
    leave(cast, month - 3)
    notify(cast, "no_manager", month - 1)
    sign_in(client, cast, "billing")
    url = reverse("month_close", args=[month])
    assert "confirmed" not in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert MonthClosing.objects.filter(office=cast.office, month=month.first_day).exists()
    assert not AuditEvent.objects.filter(verb="month_closed_as_notified").exists()
