"""Homes by role: own people first, the office for who leads, first steps that go away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from billing.models import TariffConfirmation
from clients.actions.enrolment import assign_staff
from clients.models import StaffAssignment
from plans.models import SupportPlan
from plans.queries.caseload import Ask
from plans.queries.plan_list import PlanAsk
from teikyaku.accounts.actions.figure import override_figure
from teikyaku.accounts.queries.figures import overrides, unconfirmed
from teikyaku.clock import at_noon
from teikyaku.desk.queries.billing_desk import billing_desk
from teikyaku.desk.queries.home import Counts, lead_desk, worker_desk
from teikyaku.desk.queries.system_desk import system_desk
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_office, ready_person, talk


def home(client, cast, who):
    enter(client, cast.members[who])
    return client.get(reverse("home"))


def test_who_meets_people_sees_their_own_first(cast):
    desk = worker_desk(cast.members["worker"], cast.today)
    assert desk.is_own
    own = f"staff={cast.members['worker'].public_id}"
    assert all(own in item.url for item in (*desk.counts.every, desk.all_to_meet))
    StaffAssignment.objects.all().delete()
    desk = worker_desk(cast.members["worker"], cast.today)
    assert not desk.is_own
    assert all("staff=all" in item.url for item in desk.counts.every)
    # Who leads reads the same below, for the whole office.
    assert worker_desk(cast.members["worker"], cast.today, needs_own=True) is None


@pytest.mark.parametrize("who", ["manager", "head"])
def test_who_answers_for_the_office_reads_how_many_have_no_valid_plan(client, cast, who):
    SupportPlan.objects.filter(enrolment=cast.enrolment).delete()
    (count,) = [
        item
        for item in home(client, cast, who).context["lead"].counts.every
        if str(PlanAsk.NONE.label) in item.label
    ]
    assert (count.count, count.tone) == (1, "danger")
    assert client.get(count.url).context["rows"]


def test_ones_own_plans_past_their_review_stand_on_the_home(client, cast):
    SupportPlan.objects.filter(enrolment=cast.enrolment).update(
        starts_on=cast.today - timedelta(days=200), review_by=cast.today - timedelta(days=1)
    )
    (count,) = [
        item
        for item in home(client, cast, "worker").context["worker"].counts.every
        if str(PlanAsk.OVERDUE.label) in item.label
    ]
    assert count.count == 1
    assert len(client.get(count.url).context["rows"]) == 1


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
    assert lead_desk(manager, month.first_day.replace(day=19)).nudge is None
    nudge = lead_desk(manager, month.first_day.replace(day=20)).nudge
    assert [(link.label, link.count) for link in nudge.links] == [
        ("今月が期限で、まだ会えていない方", 1)
    ]
    assert f"あと{(month.last_day - month.first_day.replace(day=20)).days}日" in nudge.title
    assert "今日で" in lead_desk(manager, month.last_day).nudge.title


def test_what_ones_own_desk_says_is_not_said_again(cast):
    """One person who does everything: the office's numbers are one's own, and stand once."""
    on = Month.of(cast.today).first_day.replace(day=20)
    worker = cast.members["worker"]
    worker.roles = [*worker.roles, "office_manager", "service_manager"]
    worker.save()
    mine = worker_desk(worker, on, needs_own=True)
    own = mine.counts.every
    whole, rest = lead_desk(worker, on), lead_desk(worker, on, own=mine)
    told = {(item.label, item.count) for item in own}
    assert told & {(item.label, item.count) for item in whole.counts.every}
    assert not told & {(item.label, item.count) for item in rest.counts.every}
    assert {item.label for item in rest.counts.every} >= {
        "担当がいない",
        "利用中の全員",
        "開始待ち",
    }
    assert whole.nudge is not None
    assert rest.nudge is None
    other = tuple(replace(item, count=item.count + 1) for item in own)
    assert lead_desk(worker, on, own=replace(mine, counts=Counts(other), people=[])) == whole


def test_the_team_is_measured_against_the_standard(cast):
    team = lead_desk(cast.members["manager"], cast.today).team
    assert team.standard == 40
    assert [(load.name, load.people) for load in team.loads] == [("職員 worker", 1)]
    assert team.loads[0].percent == 2


def test_only_who_decides_sees_suggestions(cast):
    cast.enrolment.suggested_months = 2
    cast.enrolment.interview_due_on = date(cast.today.year + 1, 1, 31)
    cast.enrolment.save()
    decides = lead_desk(cast.members["manager"], cast.today)
    head = lead_desk(cast.members["head"], cast.today)
    assert (len(decides.suggestions), head.suggestions) == (1, [])

    # Who does not decide is told how many wait, and where they stand.
    def told(desk):
        label = Ask.SUGGESTION.label
        return [(each.count, each.url) for each in desk.counts.every if each.label == label]

    assert told(decides) == []
    assert told(head) == [(1, head.all_suggestions.url)]


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


def test_the_administrators_home_names_nobody(client, cast):
    enter(client, cast.members["admin"])
    page = client.get(reverse("home"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("system_home")
    text = page.content.decode()
    assert "試験 太郎" not in text
    assert cast.office.name not in text


def test_figures_are_told_until_somebody_confirms_them(cast):
    month = Month.of(cast.today)
    open_ones = unconfirmed(month, ())
    assert open_ones
    override_figure(
        key=open_ones[0].key, value=str(open_ones[0].value), first_month=month.first_day,
        last_month=None, source="市に確認", by=cast.members["admin"], at=at_noon(cast.today),
    )  # fmt: skip
    left = unconfirmed(month, overrides())
    assert len(left) == len(open_ones) - 1
    assert open_ones[0] not in left


def test_a_month_without_a_fee_table_is_named(cast):
    tables = system_desk(at_noon(cast.today)).figures[1]
    assert tables.tone == "success"
    TariffConfirmation.objects.all().delete()
    tables = system_desk(at_noon(cast.today)).figures[1]
    assert tables.tone == "danger"
    assert Month.of(cast.today).label in tables.text


def test_an_office_without_a_head_is_told(client, cast):
    def headless():
        return next(
            item for item in system_desk(at_noon(cast.today)).places if "headless" in item.url
        )

    assert (headless().count, headless().tone) == (0, "neutral")
    make_office("1500000077", "あたらしい事業所")
    assert (headless().count, headless().tone) == (1, "warning")
    enter(client, cast.members["admin"])
    listed = client.get(headless().url).content.decode()
    assert "あたらしい事業所" in listed
    assert cast.office.name not in listed


def test_todays_appointments_stand_on_top(client, cast):
    yesterday = cast.today - timedelta(days=1)
    facts = {"way": "phone", "outcome": "others", "agreed": "休憩室で12時から"}
    for index, day in enumerate((cast.today, cast.today + timedelta(days=3))):
        person = cast.enrolment if index else another(cast)
        talk(person, cast.members["worker"], yesterday, next_on=day, **facts)
    desk = worker_desk(cast.members["worker"], cast.today)
    assert [row.name for row in desk.today] == ["次の 人"]
    assert [row.name for row in desk.people] == ["試験 太郎"]
    assert desk.all_to_meet.count == 2
    text = home(client, cast, "worker").content.decode()
    assert text.index("今日会う約束") < text.index("次の 人") < text.index("試験 太郎")
    # People come before the card for new users and before the numbers.
    assert text.index("試験 太郎") < min(
        text.index('id="first-steps"'), text.index('"stats stats--brief"')
    )
    assert "休憩室で12時から" in text


def test_nothing_on_the_home_is_drawn_elsewhere_than_it_is_read(client, cast):
    # The eye and the tab key go the same way: what comes first stands first, without `order`.
    css = (settings.BASE_DIR / "teikyaku/static/teikyaku/home.css").read_text()
    assert not [line for line in css.splitlines() if ".stack-large" in line and "order:" in line]
    text = home(client, cast, "worker").content.decode()
    places = [text.index(f'id="{part}"') for part in ("people", "mine", "first-steps")]
    assert places == sorted(places)


def another(cast):
    worker, manager = cast.members["worker"], cast.members["manager"]
    who = {"name": "次の 人", "kana": "つぎの ひと"}
    person = ready_person(cast, cast.office, worker, manager, "1234567899", **who)
    assign_staff(
        enrolment=person, staff=worker, starts_on=person.starts_on, by=manager,
        at=at_noon(cast.today),
    )  # fmt: skip
    return person


def test_numbers_at_nothing_are_one_line(client, cast):
    desk = worker_desk(cast.members["worker"], cast.today)
    assert desk.counts.none
    text = home(client, cast, "worker").content.decode()
    assert text.count('class="stats-none"') == 1
    line = text.split('class="stats-none"')[1].split("</p>")[0]
    assert line.count("0人") == len(desk.counts.none)
    assert text.count("stat__count") == len(desk.counts.some)


@pytest.mark.parametrize(("who", "closes"), [("manager", False), ("head", True)])
def test_who_leads_sees_how_the_month_stands(client, cast, who, closes):
    page, billing = home(client, cast, who).content.decode(), reverse("billing_home")
    assert f"{(Month.of(cast.today) - 1).label}の請求" in page
    assert f'data-part="{billing}"' in page
    part = client.get(billing, headers={"X-Part": "1"})
    month = part.context["month"]
    assert month.month == Month.of(cast.today) - 1
    labels = [item.label for item in month.counts]
    assert labels == ["請求できる", "保留", "請求できない", "締めた"]
    assert month.counts[0].count == 1
    assert bool(month.close_url) is closes
    assert f"{month.ready}人分を締める" in part.content.decode() or not closes
    assert "<main" not in part.content.decode()
    state, desk = part.context["state"], billing_desk(cast.members[who], cast.today)
    assert (state.month, state.missed, state.payments, state.days) == (
        desk.last if closes else state.month, state.missed, desk.payments, desk.days,
    )  # fmt: skip
    assert (state.missed is None) is (desk.missed is None)
    assert "未入金" in part.content.decode()
    if state.days is not None:
        assert "次の締切" in part.content.decode()


@pytest.mark.parametrize(
    ("who", "entries"),
    [("officer", ["admin:index", "admin:application_list", "admin:decision_list",
                  "admin:ward_proposals", "admin:paper_settings"]),
     ("admin", ["system_home", "people", "offices", "municipalities", "figures", "tariffs"]),
     ("city", ["admin:index", "admin:correction_find"]),
     ("worker", ["home", "client_list", "caseload", "waiting", "expiry"])],
)  # fmt: skip
def test_the_current_entry_is_marked(client, cast, who, entries):
    enter(client, cast.members[who])
    for name in entries:
        nav = client.get(reverse(name)).context["nav"]
        assert [item.url for item in nav if item.current] == [reverse(name)], name
