"""The home of who leads: what is urgent comes first, by name, with its lists."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from clients.models import Client, Enrolment, StaffAssignment
from plans.models import SupportPlan
from plans.rules.expiry import ExpiryStage
from teikyaku.desk.queries.billing_desk import billing_desk, month_state
from teikyaku.desk.queries.home import lead_desk, worker_desk
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.desk.test_homes import another, home


@pytest.mark.parametrize(("who", "logs"), [("manager", True), ("head", False)])
def test_who_leads_reads_first_who_is_overdue_by_name(client, cast, who, logs):
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(
        interview_due_on=cast.today - timedelta(days=27)
    )
    Client.objects.update(phone="09000000001")
    page = home(client, cast, who)
    assert [row.name for row in page.context["lead"].overdue] == ["試験 太郎"]
    text = page.content.decode()
    assert (
        text.index('id="overdue"') < text.index('id="alarms"') < text.index('"stats stats--brief"')
    )
    card = text[text.index('id="overdue"') : text.index('id="alarms"')]
    for told in ("試験 太郎", "27日過ぎ", 'href="tel:09000000001"'):
        assert told in card, told
    for name in ("interview_new", "attempt_new"):
        assert (reverse(name, args=[cast.enrolment.public_id]) in card) is logs


def test_whom_ones_own_desk_names_is_not_named_again(cast):
    worker = cast.members["worker"]
    worker.roles = [*worker.roles, "service_manager"]
    worker.save()
    for person in (cast.enrolment, another(cast)):
        Enrolment.objects.filter(pk=person.pk).update(
            interview_due_on=cast.today - timedelta(days=3)
        )
    StaffAssignment.objects.exclude(enrolment=cast.enrolment).delete()
    mine = worker_desk(worker, cast.today, needs_own=True)
    assert [row.name for row in mine.people] == ["試験 太郎"]
    assert [row.name for row in lead_desk(worker, cast.today, own=mine).overdue] == ["次の 人"]
    assert len(lead_desk(worker, cast.today).overdue) == 2


def test_the_months_stand_on_top(client, cast):
    text = home(client, cast, "manager").content.decode()
    assert text.count('id="last-month"') == 1
    assert text.index('id="last-month"') < text.index('id="office"')


@pytest.mark.parametrize("who", ["manager", "head"])
def test_who_leads_reads_of_an_earlier_month_what_billing_reads(client, cast, who):
    """On the 1st a month that was not claimed stops being the last one; its money is still there."""
    left, on = Month.of(cast.today) - 1, (Month.of(cast.today) + 1).first_day
    desk = billing_desk(cast.members["billing"], on)
    state = month_state(cast.members[who], on)
    shown = [(each.month, each.ready, each.ready_yen, each.held) for each in state.earlier]
    assert (left, 1) in [(month, ready) for month, ready, *_more in shown]
    assert shown == [(each.month, each.ready, each.ready_yen, each.held) for each in desk.earlier]
    text = render_to_string(
        "desk/desks/month_state.html", {"state": state, "month": state.month, "on": on}
    )
    told = text[text.index("前の月で、まだ請求できる分") :]
    assert f"{left.label}</span>" in told
    assert f"{reverse('month_page', args=[left])}?list=ready" in told
    # With scripts off the home leads to the same words.
    page = home(client, cast, who).content.decode()
    assert f"{reverse('billing_home')}#earlier-months" in page


def test_what_has_passed_or_is_near_is_told_with_its_list(client, cast):
    SupportPlan.objects.filter(enrolment=cast.enrolment).update(
        starts_on=cast.today - timedelta(days=200), review_by=cast.today - timedelta(days=1)
    )
    enter(client, cast.members["head"])
    part = client.get(f"{reverse('expiry')}?part=alarms", headers={"X-Part": "1"})
    assert "<main" not in part.content.decode()
    alarm = part.context["alarms"][0]
    assert alarm.stage == ExpiryStage.LAPSED
    for alarm in part.context["alarms"]:
        for kind in alarm.kinds:
            shown = client.get(kind.url).context["page"]
            assert shown.paginator.count == kind.count, kind.url
            assert kind.url.replace("&", "&amp;") in part.content.decode()
    assert {"個別支援計画の見直し": 1}.items() <= {
        kind.label: kind.count for kind in part.context["alarms"][0].kinds
    }.items()


@pytest.mark.parametrize("who", ["manager", "head"])
def test_who_leads_meets_what_is_urgent_then_the_year_then_people(client, cast, who):
    text = home(client, cast, who).content.decode()
    wanted = [
        "alarms",
        "last-month",
        "office",
        "suggestions",
        "ends",
        "team",
        "year",
        "first-steps",
    ]
    places = [
        text.find(f'id="{part}"') for part in wanted if part != "suggestions" or who != "head"
    ]
    assert -1 not in places
    assert places == sorted(places)
