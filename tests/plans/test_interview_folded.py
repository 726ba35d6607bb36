"""What is rarely asked for at a contact is folded, and never hides what it holds or what is wrong."""

import re

import pytest
from django.urls import reverse

from plans.actions.phrase import write_phrase
from plans.forms.interview import FOLDED
from plans.models import Interview
from plans.views import interview_choose
from teikyaku.clock import at_noon
from tests.accounts.test_coming_and_going import enter
from tests.desk.test_homes import another


@pytest.fixture
def page(client, cast):
    enter(client, cast.members["worker"])
    return reverse("interview_new", args=[cast.enrolment.public_id])


def fold(answer):
    """The folded part: its opening tag and what stands in it."""
    found = re.search(r'<details class="form__more"([^>]*)>(.*?)</details>', answer, re.S)
    return found[1].strip(), found[2]


def answers(cast, **changes):
    return {
        "outcome": "met", "way": "face", "held_on": cast.today.isoformat(),
        "met_by": str(cast.members["worker"].public_id), "work_rating": "settled",
        "life_rating": "watch", "notes": "今日の話", **changes,
    }  # fmt: skip


def test_the_rare_questions_are_folded_and_all_others_in_sight(client, page):
    html = client.get(page).content.decode()
    state, inside = fold(html)
    assert state == ""
    names = set(re.findall(r'name="([^"]+)"', inside))
    assert names == set(FOLDED)
    for field in client.get(page).context["form"]:
        assert f'name="{field.name}"' in html


def test_it_is_open_where_something_inside_is_wrong(client, cast, page):
    answer = client.post(page, answers(cast, meeting_kind="before"))
    assert answer.status_code == 422
    assert "meeting_kind" in answer.context["form"].errors
    assert fold(answer.content.decode())[0] == "open"


def test_it_is_open_where_something_inside_was_written(client, cast, page):
    kept = client.post(page, answers(cast, place="本社の応接", work_rating=""))
    assert kept.status_code == 422
    assert fold(kept.content.decode())[0] == "open"
    client.post(page, answers(cast, place="本社の応接"))
    row = Interview.objects.get(place="本社の応接")
    correction = client.get(reverse("interview_correct", args=[row.public_id])).content.decode()
    assert fold(correction)[0] == "open"
    copied = client.get(f"{page}?copy=1").content.decode()
    assert fold(copied)[0] == "open"


def test_a_view_stands_beside_its_pair(client, page):
    rows = [[field.name for field in row] for row in client.get(page).context["form"].rows()]
    assert ["work_rating", "own_work_rating"] in rows
    assert ["life_rating", "own_life_rating"] in rows


def test_no_field_is_drawn_twice(client, cast):
    enter(client, cast.members["worker"])
    text = client.get(reverse("interview_new", args=[cast.enrolment.public_id])).content.decode()
    ids = re.findall(r' id="([^"]+)"', text)
    assert any(name.startswith("id_goal_") for name in ids)
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


def helps(answer):
    """The folds of 定型文: which field each belongs to, and whether it stands open."""
    found = re.findall(r'<details class="unfold"([^>]*)><summary>定型文を使う（\d+）(.*?)</details>',
                       answer, re.S)  # fmt: skip
    return {re.search(r'name="phrases_(\w+)"', inside)[1]: state.strip() for state, inside in found}


def test_phrases_are_folded_under_their_field_until_one_is_ticked(client, cast, page):
    rows = {
        field: write_phrase(
            text=f"いつもの文 {field}", field=field, is_office=False, by=cast.members["worker"],
            at=at_noon(cast.today),
        )
        for field in ("notes", "agreed", "offered_instead")
    }  # fmt: skip
    # What is offered instead is out of sight until somebody did not wish to meet.
    assert helps(client.get(page).content.decode()) == {"notes": "", "agreed": ""}
    ticked = answers(cast, work_rating="", phrases_notes=[str(rows["notes"].public_id)])
    kept = client.post(page, ticked)
    assert kept.status_code == 422
    assert helps(kept.content.decode()) == {"notes": "open", "agreed": ""}


def test_a_correction_asks_first_why_and_says_the_way_to_it(client, cast):
    enter(client, cast.members["worker"])
    for name, first in (("interview_correct", "correction_reason"), ("interview_withdraw", "withdrawal_reason")):  # fmt: skip
        page = client.get(reverse(name, args=[cast.interview.public_id]))
        assert next(iter(page.context["form"].fields)) == first
        trail = page.context["breadcrumbs"]
        assert trail[1]["url"] == reverse("interview_page", args=[cast.interview.public_id])
        assert trail[-1]["label"] in page.content.decode()


def test_what_the_person_feels_is_folded_on_a_phone_until_it_is_told(client, page):
    text = client.get(page).content.decode()
    assert text.count('<details class="fold-field" open data-folds-on-phone>') == 2


def test_whose_record_it_is_begins_at_the_search_and_shows_the_likely_ones(
    client, cast, monkeypatch
):
    enter(client, cast.members["worker"])
    url = reverse("interview_choose")
    another(cast)
    monkeypatch.setattr(interview_choose, "LIKELY", 1)
    short = client.get(url)
    assert short.content.decode().count(" autofocus>") == 1
    assert (len(short.context["rows"]), short.context["has_more"]) == (1, True)
    assert 'href="?all=1"' in short.content.decode()
    for query in ({"all": "1"}, {"q": "しけん"}):
        page = client.get(url, query)
        assert len(page.context["rows"]) == (3 if "all" in query else 1)
        assert not page.context["has_more"]
