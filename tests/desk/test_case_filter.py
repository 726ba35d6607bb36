"""今月の担当 narrowed down: further conditions hold too, chosen people alone, words that say so."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Enrolment
from plans.queries.caseload import Ask, ask_counts
from teikyaku.accounts.models import Membership
from teikyaku.desk.queries.case_filter import case_filter
from teikyaku.periods import months_later
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet, ready_person

URL = "/caseload/"


@pytest.fixture
def people(cast):
    """Three more in use: all new, the second worrying."""
    worker, manager = cast.members["worker"], cast.members["manager"]
    found = [
        ready_person(
            cast, cast.office, worker, manager, f"40000000{index:02d}", name=f"人 {index}",
            kana=f"ひと {index}",
        )
        for index in range(3)
    ]  # fmt: skip
    meet(found[1], worker, cast.today, has_worries=True)
    old = months_later(cast.today, -7)
    Enrolment.objects.filter(pk=cast.enrolment.pk).update(use_starts_on=old)
    meet(cast.enrolment, worker, cast.today, has_worries=True)
    return found


def shown(page):
    return {row.client_id for row in page.context["rows"]}


def ids(*enrolments):
    return {row.client.public_id for row in enrolments}


def chips(page):
    asks = page.context["asks"]
    return [*asks["some"], *asks["none"]]


def test_further_conditions_must_hold_too(client, cast, people):
    enter(client, cast.members["worker"])
    both = client.get(f"{URL}?ask=worrying&staff=all")
    assert shown(both) == ids(cast.enrolment, people[1])
    new = client.get(f"{URL}?ask=worrying&also=new&staff=all")
    assert shown(new) == ids(people[1])
    assert "気がかりがある、かつ 利用開始から6か月以内" in new.content.decode()
    assert not client.get(
        f"{URL}?ask=worrying&also=new&also=no_staff&also=ending&staff=all"
    ).context["rows"]
    # Asked twice is asked once; nonsense asks nothing.
    same = client.get(f"{URL}?ask=worrying&also=worrying&also=nonsense&staff=all")
    assert shown(same) == shown(both)
    assert same.context["chosen"].also == ()


def test_the_boxes_show_what_is_asked(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(f"{URL}?ask=worrying&also=new&staff=all")
    boxes = {each["value"]: each["is_on"] for each in page.context["other_asks"]}
    assert boxes["new"] is True
    assert [value for value, is_on in boxes.items() if is_on] == ["new"]
    assert "worrying" not in boxes
    assert "in_use" not in boxes
    assert 'value="new" checked' in page.content.decode()


def test_each_chip_counts_the_list_it_leads_to(client, cast, people):
    enter(client, cast.members["worker"])
    for query in ("?ask=worrying&also=new&staff=all", "?ask=new&also=worrying&also=met&staff=all"):
        for chip in chips(client.get(URL + query)):
            count = client.get(URL + chip["url"]).context["page"].paginator.count
            assert count == chip["count"], (query, chip["url"])


def test_without_further_conditions_the_chips_are_the_homes(client, cast, people):
    enter(client, cast.members["worker"])
    everybody = Enrolment.objects.filter(office=cast.office)
    counts = ask_counts(everybody, Ask, cast.today)
    page = client.get(f"{URL}?ask=in_use&staff=all")
    assert {chip["label"]: chip["count"] for chip in chips(page)} == {
        ask.label: counts[ask] for ask in Ask
    }


def test_chosen_people_alone_with_a_way_back(client, cast, people):
    enter(client, cast.members["worker"])
    two = ids(people[0], people[2])
    persons = "&".join(f"person={each}" for each in two)
    page = client.get(
        f"{URL}?ask=in_use&{persons}&back=ask%3Dnew%26also%3Dworrying%26x%3D1%26staff%3Dall"
    )
    text = page.content.decode()
    assert shown(page) == two
    assert "選んだ2人だけ" in text
    assert 'href="?ask=new&amp;also=worrying&amp;staff=all"' in text
    assert "x=1" not in text
    # What is chosen stays through every chip and through the form.
    assert all(f"person={each}" in chip["url"] for chip in chips(page) for each in two)
    assert text.count('type="hidden" name="person"') == 2
    fewer = client.get(f"{URL}?ask=worrying&{persons}").content.decode()
    assert "そのうち0人" in fewer
    # Without a question: whoever of them is in use.
    assert shown(client.get(f"{URL}?{persons}")) == two


def test_nobody_elses_people_can_be_chosen(client, cast):
    enter(client, cast.members["worker"])
    for other in (cast.foreign.client.public_id, uuid4()):
        page = client.get(f"{URL}?ask=in_use&person={other}")
        assert page.status_code == 200
        assert not page.context["rows"]
    nonsense = client.get(f"{URL}?ask=in_use&staff=all&person=nonsense")
    assert len(nonsense.context["rows"]) == 1
    assert "だけ</p>" not in nonsense.content.decode()


def test_a_former_membership_still_means_the_person(cast):
    member = cast.members["worker"]
    former = Membership.objects.create(
        user=member.user, office=cast.office, roles=["support_worker"],
        starts_on=member.starts_on - timedelta(days=90), ends_on=member.starts_on - timedelta(days=1),
    )  # fmt: skip
    found = case_filter(QueryDict(f"ask=new&staff={former.public_id}"), [member], None)
    assert found.staff == member
    assert found.conditions == f"ask=new&staff={member.public_id}"
    assert case_filter(QueryDict("staff=nonsense"), [member], member).staff is None
    assert case_filter(QueryDict(""), [member], member).staff == member


def test_narrowed_down_the_list_costs_the_same(client, cast):
    def cost(query):
        client.get(URL + query)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL + query)
        return len(queries)

    enter(client, cast.members["worker"])
    one = cast.enrolment.client.public_id
    queries = (
        "?ask=in_use&staff=all",
        "?ask=in_use&also=new&also=not_met&staff=all",
        f"?ask=in_use&person={one}",
    )
    before = [cost(query) for query in queries]
    assert len(set(before[:2])) == 1
    worker, manager = cast.members["worker"], cast.members["manager"]
    more = [
        ready_person(
            cast, cast.office, worker, manager, f"41000000{index:02d}", name=f"人 {index}",
            kana=f"ひと {index}",
        )
        for index in range(3)
    ]  # fmt: skip
    chosen = "".join(f"&person={row.client.public_id}" for row in more)
    assert [cost(query + (chosen if "person" in query else "")) for query in queries] == before


def test_rows_can_be_chosen_and_the_steps_stand_below(client, cast):
    enter(client, cast.members["worker"])
    text = client.get(f"{URL}?ask=in_use&also=new&staff=all").content.decode()
    assert f'name="person" value="{cast.enrolment.client.public_id}" aria-label="試験 太郎"' in text
    for step in ("labels", "reports", "only"):
        assert f'name="to" value="{step}"' in text
    assert 'name="back" value="ask=in_use&amp;also=new&amp;staff=all"' in text
    # On a home rows are only looked at.
    assert 'name="person"' not in client.get(reverse("home")).content.decode()
