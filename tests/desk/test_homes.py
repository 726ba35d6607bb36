"""Homes by role: own people first, the office for who leads, first steps that go away."""

from datetime import date

import pytest
from django.urls import reverse

from clients.models import StaffAssignment
from teikyaku.desk.queries.home import lead_desk, worker_desk
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter


def home(client, cast, who):
    enter(client, cast.members[who])
    return client.get(reverse("home"))


def test_who_meets_people_sees_their_own_first(cast):
    desk = worker_desk(cast.members["worker"], cast.today)
    assert desk.is_own
    assert all("staff=" in item.url for item in desk.counts)
    StaffAssignment.objects.all().delete()
    desk = worker_desk(cast.members["worker"], cast.today)
    assert not desk.is_own
    assert not any("staff=" in item.url for item in desk.counts)


@pytest.mark.parametrize(
    ("who", "worker", "lead"),
    [("worker", True, False), ("manager", False, True), ("head", False, True),
     ("billing", False, False)],
)  # fmt: skip
def test_each_role_gets_its_desk(client, cast, who, worker, lead):
    page = home(client, cast, who)
    assert (page.context["worker"] is not None) is worker
    assert (page.context["lead"] is not None) is lead
    assert (b'href="/interviews/new/"' in page.content) is (who in ("worker", "manager"))


def test_from_the_twentieth_on_the_month_says_what_it_lacks(cast):
    month = Month.of(cast.today)
    manager = cast.members["manager"]
    assert lead_desk(manager, month.first_day.replace(day=19)).nudge == ""
    nudge = lead_desk(manager, month.first_day.replace(day=20)).nudge
    assert "会えていない人が1人" in nudge
    assert f"あと{(month.last_day - month.first_day.replace(day=20)).days}日" in nudge


def test_the_team_is_measured_against_the_standard(cast):
    team = lead_desk(cast.members["manager"], cast.today).team
    assert team.standard == 40
    assert [(load.name, load.people) for load in team.loads] == [("職員 worker", 1)]
    assert team.loads[0].percent == 2


def test_only_who_decides_sees_suggestions(cast):
    cast.enrolment.suggested_months = 2
    cast.enrolment.interview_due_on = date(cast.today.year + 1, 1, 31)
    cast.enrolment.save()
    assert len(lead_desk(cast.members["manager"], cast.today).suggestions) == 1
    assert lead_desk(cast.members["head"], cast.today).suggestions == []


@pytest.mark.parametrize("who", ["worker", "manager", "head", "billing", "officer", "city"])
def test_first_steps_stand_on_the_home_until_put_away(client, cast, who):
    enter(client, cast.members[who])
    steps = client.get(reverse("home"), follow=True).context["first_steps"]
    assert steps
    for step in steps:
        assert client.get(step.url, follow=True).status_code == 200, step.url
    assert client.post(reverse("first_steps_hide")).status_code == 302
    assert client.get(reverse("home"), follow=True).context["first_steps"] == ()
    client.post(reverse("first_steps_show"))
    assert client.get(reverse("home"), follow=True).context["first_steps"] == steps


def test_a_new_user_finds_the_way_to_take_somebody_in(client, cast):
    enter(client, cast.members["worker"])
    assert reverse("client_new") in client.get(reverse("client_list")).content.decode()
    enter(client, cast.members["billing"])
    assert reverse("client_new") not in client.get(reverse("client_list")).content.decode()


def test_the_search_opens_the_only_match(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("client_list")
    page = reverse("client_page", args=[cast.enrolment.client.public_id])
    assert client.get(url, {"q": "しけん たろう"}).headers.get("Location") == page
    assert client.get(url, {"q": "1234567890"}).headers.get("Location") == page
    # With a filter of one's own the list is wanted; with nobody, or somebody of another office, too.
    assert client.get(url, {"q": "しけん", "show": "all"}).status_code == 200
    for nobody in ("いない人", "よその", "1234567891", ""):
        assert client.get(url, {"q": nobody}).status_code == 200, nobody


def test_a_form_says_the_way_to_it(client, cast):
    enter(client, cast.members["worker"])
    form = client.get(reverse("interview_new", args=[cast.enrolment.public_id]))
    trail = form.context["breadcrumbs"]
    assert [step["label"] for step in trail] == ["利用者", "この人のページ", "面談・連絡を記録する"]
    assert trail[1]["url"] == reverse("client_page", args=[cast.enrolment.client.public_id])
    assert cast.members["worker"].user.name not in str(trail)
