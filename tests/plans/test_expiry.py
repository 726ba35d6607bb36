"""What ends: paged by day, the same people whether read whole, by kind or slice by slice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.actions.enrolment import assign_staff
from clients.models import Enrolment
from plans.actions.application import receive_application
from plans.models import CapPeriod, Decision, SupportPlan
from plans.queries.expiry import Expiries, expiry_labels
from plans.queries.expiry_rows import renewals_of
from plans.queries.expiry_sources import ends_shared_in
from plans.rules.expiry import Renewal
from plans.rules.handover import handover_days
from teikyaku.clock import at_noon
from teikyaku.periods import Month
from tests.access.proposals import proposed
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person, window_until

YEAR = [date(2026, 11, 1) + timedelta(days=n) for n in range(0, 800, 1)]


@pytest.mark.parametrize("days", [0, 30, 59, 91, 151, 365])
@pytest.mark.parametrize("start", [*YEAR[:60:7], date(2027, 2, 28), date(2028, 2, 29)])
def test_the_ends_whose_sharing_day_lies_in_a_span(start, days):
    span = (start, start + timedelta(days=days))
    first, last = ends_shared_in(span)
    by_hand = [day for day in YEAR if span[0] <= handover_days(day).share_by <= span[1]]
    assert [day for day in YEAR if first <= day <= last] == by_hand


@pytest.fixture
def office(cast):
    worker, manager = cast.members["worker"], cast.members["manager"]
    for index in range(4):
        ready_person(cast, cast.office, worker, manager, f"41000000{index:02d}", name=f"人 {index}")
    window_until(Enrolment.objects.filter(office=cast.office), cast.today + timedelta(days=100))
    return cast.office


def told(rows):
    return [(row.on, row.kind, row.client_id) for row in rows]


def test_slices_make_the_whole(office, cast):
    found = Expiries(office, cast.today, 12)
    whole = told(found[0 : len(found)])
    assert len(whole) == len(found) > 8
    assert whole == told([*found[0:3], *found[3:7], *found[7:]])
    assert [day for day, _kind, _client in whole] == sorted(day for day, *_rest in whole)
    assert {kind for _day, kind, _client in whole} >= {"window", "handover", "decision"}


def test_a_kind_is_its_part_of_the_whole(office, cast):
    whole = Expiries(office, cast.today, 12)
    rows = whole[0 : len(whole)]
    for kind in expiry_labels():
        part = Expiries(office, cast.today, 12, kind)
        assert sorted(told(part[0 : len(part)])) == sorted(
            told([row for row in rows if row.kind == kind])
        )


def test_the_page_filters_by_kind_and_takes_nonsense(client, cast, office):
    enter(client, cast.members["head"])
    url = reverse("expiry")
    page = client.get(f"{url}?months=12&kind=window")
    assert {row.kind for row in page.context["page"].object_list} == {"window"}
    for query in ("?months=²", "?months=7", "?kind=x", "?page=999", "?months=-1&kind="):
        assert client.get(url + query).status_code == 200


def test_what_has_passed_is_a_list_of_its_own(client, cast, office):
    on = cast.today
    plans = list(SupportPlan.objects.filter(enrolment__office=cast.office).order_by("pk"))
    for plan, days in zip(plans, (-1, 0, -61, 1), strict=False):
        SupportPlan.objects.filter(pk=plan.pk).update(review_by=on + timedelta(days=days))
    found = Expiries(office, on, 12, "support_plan", is_late=True)
    # However long ago it was.
    assert [(row.on, row.kind) for row in found[0 : len(found)]] == [
        (on - timedelta(days=61), "support_plan"),
        (on - timedelta(days=1), "support_plan"),
    ]
    enter(client, cast.members["head"])
    page = client.get(reverse("expiry") + "?late=1&kind=support_plan")
    assert page.context["page"].paginator.count == 2
    every = client.get(reverse("expiry") + "?late=1")
    assert every.context["axis"].late == every.context["page"].paginator.count > 2
    text = page.content.decode()
    assert "1日過ぎ" in text
    assert "前に終了" not in text


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)]
)
def test_a_cap_has_passed_after_the_last_day_of_its_month(cast, day, is_late):
    CapPeriod.objects.filter(client=cast.enrolment.client).update(last_month=date(2026, 11, 1))
    found = Expiries(cast.office, day, 12, "cap", is_late=True)
    assert (len(found) == 1) is is_late
    ahead = Expiries(cast.office, day, 12, "cap", Month.of(day))
    assert (len(ahead) == 1) is not is_late


def test_hand_overs_are_asked_by_their_enrolment(cast):
    rows = Expiries(cast.office, cast.today, 12).sources["handover"].rows
    assert '"enrolment_id" = ("clients_enrolment"."id")' in str(rows.query)


def test_what_is_longest_overdue_stands_first(client, cast):
    plan = SupportPlan.objects.filter(enrolment=cast.enrolment)
    plan.update(review_by=cast.today - timedelta(days=80))
    first = Expiries(cast.office, cast.today, 3, is_late=True)[0]
    assert (first.kind, first.on) == ("support_plan", cast.today - timedelta(days=80))
    assert first.staff == cast.user("worker").name


def test_a_decision_that_ends_says_how_far_its_renewal_is(client, cast):
    decision = Decision.objects.get(client=cast.enrolment.client)
    decision.ends_on = cast.today + timedelta(days=4)
    Decision.objects.filter(pk=decision.pk).update(ends_on=decision.ends_on)
    enter(client, cast.members["manager"])
    page = reverse("expiry") + "?kind=decision"
    assert "未申請" in client.get(page).content.decode()
    Enrolment.objects.filter(client=decision.client).update(window_ends_on=decision.ends_on)
    assert "未申請" not in client.get(page).content.decode()
    Enrolment.objects.filter(client=decision.client).update(
        window_ends_on=decision.ends_on + timedelta(days=1)
    )
    receive_application(
        client=cast.enrolment.client, municipality=cast.wards[2], kind="renewal",
        received_on=cast.today, received_place="ward_office", by=cast.members["officer"],
        at=at_noon(cast.today),
    )  # fmt: skip
    text = client.get(page).content.decode()
    assert "申請中" in text
    assert "未申請" not in text


def test_what_one_office_proposed_is_not_told_to_another(cast):
    client = proposed(cast).enrolment.client_id
    assert renewals_of({client}, cast.office) == {client: Renewal.PROPOSED}
    assert renewals_of({client}, cast.other_office) == {}


def test_the_page_keeps_to_one_member_of_staff(client, cast, office):
    worker, manager = cast.members["worker"], cast.members["manager"]
    theirs = Enrolment.objects.filter(office=office, assignments=None).in_use(cast.today).last()
    assign_staff(
        enrolment=theirs, staff=manager, starts_on=theirs.starts_on, by=manager,
        at=at_noon(cast.today),
    )  # fmt: skip
    enter(client, cast.members["head"])
    url = reverse("expiry")
    page = client.get(f"{url}?months=12&staff={manager.public_id}")
    rows = page.context["page"].object_list
    assert {row.client_id for row in rows} == {theirs.client.public_id}
    assert {row.staff for row in rows} == {manager.user.name}
    others = client.get(f"{url}?months=12&staff={worker.public_id}").context["page"].object_list
    assert others
    assert theirs.client.public_id not in {row.client_id for row in others}
    # Every other condition keeps it, and it keeps every other one.
    mine = f"staff={manager.public_id}"
    for query in ("months=12&kind=window", "late=1", f"kind=window&month={Month.of(cast.today)}"):
        context = client.get(f"{url}?{query}&{mine}").context
        links = [*context["spans"], *context["kinds"]]
        assert all(mine in link["url"] for link in links)
        assert all(mine in cell.url for row in context["axis"].rows for cell in row.cells)
        kept = dict(context["kept"])
        assert all(kept[part.split("=")[0]] == part.split("=")[1] for part in query.split("&"))
    assert client.get(f"{url}?staff=nonsense").context["staff"] is None


def test_one_member_of_staff_costs_the_same_queries(
    client, cast, office, django_assert_num_queries
):
    enter(client, cast.members["head"])
    url = f"{reverse('expiry')}?months=12&staff={cast.members['worker'].public_id}"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for index in range(4, 6):
        ready_person(
            cast, cast.office, cast.members["worker"], cast.members["manager"],
            f"41000000{index:02d}", name=f"人 {index}",
        )  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get(url)
