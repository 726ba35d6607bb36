"""職場適応援助者養成研修修了者配置体制加算: the 届出 beside who has the training, at the 届出 and before the close."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from billing.actions.office import notify_item
from billing.models import MonthClosing, OfficeNotification
from billing.queries.month import month_board
from billing.queries.staffing_asks import asks_before_close, contradictions, staffing_asks
from billing.queries.trained_workers import ITEM, lacks_before_notice, training_finding
from billing.rules.trained_worker import Lack
from teikyaku.accounts.actions.qualification import add_qualification
from teikyaku.accounts.models import AuditEvent, Membership, OfficeStart
from teikyaku.accounts.roles import Role
from teikyaku.clock import at_noon
from teikyaku.money import floor_yen
from teikyaku.periods import Month
from tests.access.test_matrix import sign_in
from tests.cast import LONG_AGO, meet, report

KIND = "訪問型職場適応援助者（ジョブコーチ）養成研修"


@pytest.fixture
def month(cast):
    return Month.of(cast.today) - 1


@pytest.fixture
def ready(cast, month):
    """Somebody of the month can be closed."""
    if not month_board(cast.office, month, cast.today).ready:
        meet(cast.enrolment, cast.members["worker"], month.first_day)
        report(cast.enrolment, cast.members["worker"], month.last_day)
    board = month_board(cast.office, month, cast.today)
    assert board.ready
    return board


def train(cast, key="worker", kind=KIND, valid_until=None):
    add_qualification(
        membership=cast.members[key], kind=kind, obtained_on=LONG_AGO, valid_until=valid_until,
        note="", by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip


@pytest.fixture
def notified(cast, month):
    return notify_item(
        office=cast.office, item=ITEM, first_month=(month - 1).first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip


def lack(cast, month):
    """Asked of one office and before a run over several: the same."""
    found = training_finding(cast.office, month)
    told = contradictions(cast.office, month, cast.today)
    assert (found in told) == found.is_contradiction
    return found.lack


def test_another_training_is_none(cast, month, notified):
    train(cast, kind="就労定着支援員の研修")
    assert lack(cast, month) == Lack.NO_TRAINING


def test_who_has_it_works_in_another_role(cast, month, notified):
    train(cast, "billing")
    assert lack(cast, month) == Lack.NOT_IN_POST


def test_of_another_office_it_does_not_count(cast, month, notified):
    train(cast, "outsider")
    assert lack(cast, month) == Lack.NO_TRAINING


def test_it_ran_out_on_the_day_before_the_last(cast, month, notified):
    train(cast, valid_until=month.last_day - timedelta(days=1))
    assert lack(cast, month) == Lack.RAN_OUT
    train(cast, valid_until=month.last_day)
    assert lack(cast, month) is None


def test_the_worker_left_and_came_back_in_another_membership(cast, month, notified):
    train(cast)
    worker = cast.members["worker"]
    worker.ends_on = month.last_day - timedelta(days=1)
    worker.save()
    assert lack(cast, month) == Lack.NOT_IN_POST
    again = type(worker)(user=worker.user, office=worker.office, roles=worker.roles)
    again.starts_on = month.last_day
    again.save()
    assert lack(cast, month) is None


def moved_in(cast, first):
    OfficeStart.objects.create(
        office=cast.office, first_month=first.first_day, recorded_by=cast.members["head"],
        recorded_at=at_noon(cast.today),
    )  # fmt: skip


def invited_today(cast):
    """The staff of an office that moved in are on file since they were invited."""
    train(cast)
    for member in Membership.objects.filter(office=cast.office):
        if member.has_role(Role.SUPPORT_WORKER):
            Membership.objects.filter(pk=member.pk).update(starts_on=cast.today)


def test_of_staff_who_are_on_file_only_since_the_office_moved_in_nothing_is_asked(
    cast, month, notified
):
    invited_today(cast)
    assert lack(cast, month) == Lack.NOT_IN_POST
    moved_in(cast, month)
    assert lack(cast, month) is None
    assert lacks_before_notice(cast.office, ITEM, month.first_day) == ()
    OfficeNotification.objects.filter(pk=notified.pk).delete()
    assert not training_finding(cast.office, month).is_unused


def test_an_office_that_moved_in_is_asked_of_its_own_months_where_somebody_is_on_file(
    cast, month, notified
):
    moved_in(cast, month)
    assert lack(cast, month) == Lack.NO_TRAINING
    assert lack(cast, month - 1) is None
    train(cast, "billing")
    assert lack(cast, month) == Lack.NOT_IN_POST


def test_the_close_asks_and_says_what_it_comes_to(client, cast, month, notified, ready):
    (ask,) = staffing_asks(ready, contradictions(cast.office, month, cast.today))
    price = ready.office_month.unit_price
    each = floor_yen(120 * price)
    assert abs(-ask.difference_yen - each * len(ready.ready)) <= len(ready.ready)
    assert asks_before_close([cast.office, cast.other_office], month, cast.today) == {
        cast.office.pk: (ask,)
    }
    sign_in(client, cast, "billing")
    assert ask.text in client.get(reverse("month_page", args=[month])).content.decode()
    url = reverse("month_close", args=[month])
    assert ask.question in client.get(url).content.decode()
    assert client.post(url, {"anything": "1"}).status_code == 422
    assert client.post(url, {"confirmed": [ask.mark]}).status_code == 302
    assert MonthClosing.objects.filter(office=cast.office, month=month.first_day).exists()
    assert AuditEvent.objects.filter(verb="month_closed_as_notified").count() == 1


def test_the_command_leaves_the_office_open(cast, month, notified, ready):
    told = StringIO()
    mail = cast.members["billing"].user.email
    with pytest.raises(CommandError, match="届出がちがう"):
        call_command("close_months", "--month", str(month), "--by", mail, stdout=told)
    assert "職場適応援助者の研修を修了した職員の記録がありません" in told.getvalue()
    assert not MonthClosing.objects.filter(office=cast.office, month=month.first_day).exists()


def test_a_trained_worker_and_nothing_is_asked(client, cast, month, notified, ready):
    train(cast)
    sign_in(client, cast, "billing")
    url = reverse("month_close", args=[month])
    assert "confirmed" not in client.get(url).content.decode()
    assert client.post(url).status_code == 302


def test_the_office_page_tells_both_ways(client, cast, month):
    sign_in(client, cast, "head")
    page = reverse("office_settings")
    new = reverse("notification_new") + f"?item={ITEM}"
    assert 'id="training"' not in client.get(page).content.decode()
    train(cast)
    text = client.get(page).content.decode()
    assert "届出がない月は、加算しません" in text
    assert new in text
    assert client.get(new).context["form"].initial == {"item": ITEM}
    notify_item(
        office=cast.office, item=ITEM, first_month=month.first_day, last_month=None,
        notified_on=cast.today, by=cast.members["head"], at=at_noon(cast.today),
    )  # fmt: skip
    assert 'id="training"' not in client.get(page).content.decode()
    cast.members["worker"].qualifications.update(valid_until=month.first_day)
    text = client.get(page).content.decode()
    assert "有効期限が過ぎています" in text
    assert reverse("qualifications") in text


def test_the_notice_is_asked_about_where_the_facts_say_no(client, cast, month):
    sign_in(client, cast, "head")
    url = reverse("notification_new")
    data = {
        "item": ITEM, "first_month": str(month + 1), "last_month": "", "notified_on": str(cast.today),
    }  # fmt: skip
    page = client.post(url, data)
    assert page.status_code == 422
    text = page.content.decode()
    assert "120単位" in text
    assert "このまま記録する" in text
    assert not OfficeNotification.objects.filter(office=cast.office, item=ITEM).exists()
    ticked = data | {"is_known": "on", "known_of": page.context["form"]["known_of"].value()}
    assert client.post(url, ticked).status_code == 302
    assert OfficeNotification.objects.filter(office=cast.office, item=ITEM).exists()


def test_the_notice_asks_nothing_of_a_trained_worker_or_another_item(cast, month):
    assert lacks_before_notice(cast.office, "special_area", month.first_day) == ()
    assert lacks_before_notice(cast.office, ITEM, month.first_day) != ()
    train(cast)
    assert lacks_before_notice(cast.office, ITEM, month.first_day) == ()
