"""Long forms keep what is typed on the device, under the writer's own mark, until it is stored."""

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from teikyaku.accounts.roles import Role
from teikyaku.form_pages import STORED
from tests.access.urls import url_of
from tests.accounts.test_coming_and_going import enter
from tests.cast import make_member

LONG = (
    ("worker", "client_new"),
    ("worker", "interview_new"),
    ("worker", "interview_correct"),
    ("worker", "report_write"),
    ("worker", "support_plan_new"),
    ("manager", "support_plan_record"),
    ("manager", "support_plan_correct"),
    ("manager", "certificate_transcribe"),
    ("manager", "handover_judge"),
    ("manager", "proposal_new"),
    ("manager", "proposal_answer"),
    ("officer", "admin:ward_proposal_refuse"),
    ("officer", "admin:application_new"),
    ("officer", "admin:survey_new"),
    ("officer", "admin:survey_correct"),
    ("officer", "admin:decision_grant"),
    ("officer", "admin:decision_reissue"),
)
FORM = re.compile(r"<form[^>]*data-keeps=[^>]*>")


def form_of(answer):
    """The tag of the form that keeps, with a mark for its writer, or None."""
    found = FORM.search(answer.content.decode())
    return found and found.group()


@pytest.mark.parametrize(("key", "name"), LONG)
def test_a_long_form_keeps_what_is_typed(client, cast, key, name):
    member = cast.members[key]
    enter(client, member)
    kept = "0abc12345678xy"
    answer = client.post(url_of(cast, name), {"unknown": "1", "kept": kept})
    assert answer.status_code == 422
    form = form_of(answer)
    assert f'data-keeps="{member.user.public_id}"' in form
    # What came back with errors goes on as the text that was sent, and is not offered a second time.
    assert f'data-keep-back="{kept}"' in form
    page = answer.content.decode()
    assert page.count("data-keep-offer") == page.count("data-keep-status") == 1
    assert page.count("teikyaku/keep") == 1
    assert re.search(r"<script[^>]*teikyaku/keep[^>]* defer></script>", page)


def test_a_page_that_is_opened_offers_what_waits(client, cast):
    enter(client, cast.members["worker"])
    form = form_of(client.get(reverse("client_new")))
    assert "data-keep-back" not in form


def test_the_name_of_a_text_is_taken_as_such_alone(client, cast):
    enter(client, cast.members["worker"])
    url = reverse("client_new")
    for name in ("short", '"><script>', "x" * 40):
        assert "data-keep-back" not in form_of(client.post(url, {"kept": name}))


def test_saving_names_the_text_that_is_stored(client, cast):
    enter(client, cast.members["worker"])
    data = {
        "outcome": "met", "way": "face", "held_on": cast.today.isoformat(), "notes": "今日の話",
        "met_by": str(cast.members["worker"].public_id), "work_rating": "settled",
        "life_rating": "settled", "kept": "0abc12345678xy",
    }  # fmt: skip
    answer = client.post(url_of(cast, "interview_new"), data)
    assert answer["Location"].endswith("#stored=0abc12345678xy")


def test_the_hand_over_is_kept_too(client, cast):
    enter(client, cast.members["manager"])
    day = {"is_needed": "yes", "judged_on": cast.today, "judgement": "続く支援が要る。"}
    judged = client.post(url_of(cast, "handover_judge"), day)
    assert judged["Location"].endswith(STORED)
    answer = client.get(reverse("handover_step", args=[cast.enrolment.public_id, "centre"]))
    assert form_of(answer)


def test_saving_leads_to_the_mark_that_wipes(client, cast):
    enter(client, cast.members["worker"])
    person = {
        "name": "保存 済",
        "kana": "ホゾン スミ",
        "birth_date": "H2.1.2",
        "starts_on": cast.today,
    }
    assert client.post(reverse("client_new"), person)["Location"].endswith(STORED)
    enter(client, cast.members["officer"])
    survey = {
        "held_on": cast.application.survey.held_on,
        "held_by": "職員",
        "difficulties": "昼の電車",
    }
    answer = client.post(url_of(cast, "admin:survey_correct"), {**survey, "reason": "書き間違い。"})
    assert answer["Location"].endswith(STORED)


def test_short_forms_keep_nothing(client, cast):
    enter(client, cast.members["worker"])
    assert form_of(client.get(reverse("client_link"))) is None


def move_page(cast, **asked):
    return f"{reverse('case_move')}?{urlencode(asked)}"


def test_what_is_written_of_people_handed_over_is_kept_for_these_people(client, cast):
    enter(client, cast.members["manager"])
    person = move_page(cast, person=cast.enrolment.client.public_id)
    whole = move_page(cast, **{"from": cast.members["worker"].public_id})
    marks = [re.search(r'data-keep-for="(\w{16})"', form_of(client.get(url))).group(1)
             for url in (person, whole, person)]  # fmt: skip
    assert marks[0] == marks[2] != marks[1]
    typed = {"note": "朝が苦手です。", "kept": "0abc12345678xy"}
    wrong = client.post(person, typed)
    assert wrong.status_code == 422
    assert 'data-keep-back="0abc12345678xy"' in form_of(wrong)
    other = make_member("other", Role.SUPPORT_WORKER, office=cast.office)
    data = {**typed, "to_staff": str(other.public_id), "starts_on": cast.today.isoformat(),
            "people": [client.get(person).context["form"].listed[0].key]}  # fmt: skip
    assert client.post(person, data)["Location"].endswith("#stored=0abc12345678xy")
