"""The bar below 今月の担当: on with who is chosen, back with words where nobody is."""

from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from plans.queries.report_list import month_on_desk
from teikyaku.desk.views import caseload as view
from teikyaku.periods import Month
from tests.accounts.test_coming_and_going import enter
from tests.cast import ready_person

URL = "/caseload/"
BACK = "ask=in_use&also=new&staff=all"
NOBODY = "だれも選ばれていません"


def press(client, step, *persons, back=BACK, ask="in_use", **headers):
    query = {"to": step, "back": back, "ask": ask, "person": [str(each) for each in persons]}
    return client.get(URL, query, headers=headers)


def goal_of(answer):
    assert answer.status_code == 302
    place = urlsplit(answer["Location"])
    return place.path, QueryDict(place.query), place.fragment


@pytest.mark.parametrize("step", ["labels", "reports", "move", "only"])
def test_with_nobody_chosen_the_list_stands_as_it_was_and_says_so(client, cast, step):
    enter(client, cast.members["head"])
    path, query, fragment = goal_of(press(client, step))
    assert (path, fragment) == (URL, "pick-bar")
    assert query.urlencode() == f"{BACK}&nobody=1"
    page = client.get(f"{URL}?{query.urlencode()}")
    text = page.content.decode()
    bar = text.index('id="pick-bar"')
    assert text.index(NOBODY) > bar
    assert len(page.context["rows"]) == 1
    # It is said once: no link of the list carries it on, and it is not kept.
    assert text.count("nobody") == text.count("data-pick-nobody") + text.count("__nobody")
    assert NOBODY not in client.get(f"{URL}?{BACK}").content.decode()


def test_the_page_and_the_people_chosen_before_come_back_too(client, cast):
    enter(client, cast.members["head"])
    person = cast.enrolment.client.public_id
    for left in (
        f"{BACK}&page=2",
        f"ask=in_use&person={person}&back=ask%3Dnew",
        f"{BACK}&nobody=1",
    ):
        _path, query, _bar = goal_of(
            press(client, "labels", Referer=f"http://testserver{URL}?{left}")
        )
        wanted = QueryDict(left, mutable=True)
        wanted["nobody"] = "1"
        assert query.urlencode() == wanted.urlencode()
    for other in (
        f"http://elsewhere.example{URL}?x=1",
        "http://testserver/clients/?q=1",
        "nonsense",
    ):
        _path, query, _bar = goal_of(press(client, "labels", Referer=other))
        assert query.urlencode() == f"{BACK}&nobody=1"


def test_who_is_chosen_goes_on_to_the_step(client, cast):
    enter(client, cast.members["head"])
    person, today = cast.enrolment.client.public_id, cast.today
    months = {"in_use": month_on_desk(today), "report": Month.of(today) - 1,
              "report_now": Month.of(today), "nonsense": month_on_desk(today)}  # fmt: skip
    goals = [("labels", "in_use", reverse("address_labels")), ("move", "in_use", reverse("case_move")),
             *(("reports", ask, reverse("report_list", args=[month]))
               for ask, month in months.items())]  # fmt: skip
    for step, ask, url in goals:
        answer = press(client, step, person, "nonsense", ask=ask)
        path, query, _fragment = goal_of(answer)
        assert path == url
        assert (
            query.urlencode()
            == QueryDict(f"back={BACK.replace('&', '%26')}&person={person}").urlencode()
        )
        assert client.get(answer["Location"]).status_code == 200
    _path, query, _fragment = goal_of(press(client, "only", person))
    assert query["ask"] == "in_use"
    page = client.get(URL, {"to": "nonsense", "ask": "in_use", "staff": "all"})
    assert page.status_code == 200


def test_what_all_means_where_the_list_has_more_pages(client, cast, monkeypatch):
    enter(client, cast.members["head"])
    url = f"{URL}?ask=in_use&staff=all"
    assert "全員を選ぶ" in client.get(url).content.decode()
    ready_person(
        cast, cast.office, cast.members["worker"], cast.members["manager"], "1234500002",
        name="人 二", kana="ひと に",
    )  # fmt: skip
    monkeypatch.setattr(view, "ROWS", 1)
    text = client.get(f"{url}&nobody=1").content.decode()
    assert "このページの1人を選ぶ" in text
    assert "全員を選ぶ" not in text
    assert "選べるのはこのページの1人です（条件に合うのは2人）" in text
    assert "page=2" in text
    assert "nobody=1" not in text
