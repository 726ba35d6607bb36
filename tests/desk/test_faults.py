"""When the product fails: words for people, and nothing typed is lost."""

import errno

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from plans.models import Interview
from plans.views import interview
from tests.accounts.test_coming_and_going import enter

pytestmark = pytest.mark.django_db
LONG = "昼休みに会社の休憩室で会った。\n体調はよい。来月は朝の電車を一本早める予定とのこと。困っていることはないと話す。"


@pytest.fixture
def form(cast):
    """(client that gets pages instead of exceptions, address of the form, what is typed)."""
    client = Client(raise_request_exception=False)
    enter(client, cast.members["worker"])
    typed = {
        "held_on": cast.today.isoformat(), "way": "face", "outcome": "met",
        "met_by": str(cast.members["worker"].public_id), "work_rating": "settled",
        "life_rating": "settled", "notes": LONG, "topics": ["commute", "health"],
    }  # fmt: skip
    return client, reverse("interview_new", args=[cast.enrolment.public_id]), typed


def break_with(monkeypatch, error):
    def fail(*_args, **_kwargs):
        raise error

    monkeypatch.setattr(interview, "last_talk", fail)
    monkeypatch.setattr(interview.life_change, "log_interview", fail)


def test_a_lost_database_says_so_and_keeps_what_was_typed(form, monkeypatch):
    client, url, typed = form
    break_with(monkeypatch, OperationalError("could not connect"))
    stored = Interview.objects.count()
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "いま記録できません" in text
    assert "もう一度送る" in text
    assert f'action="{url}"' in text
    for line in LONG.splitlines():
        assert line in text
    assert text.count('name="topics"') == 2
    assert "could not connect" not in text
    assert Interview.objects.count() == stored


def test_a_full_disk_says_so_too(form, monkeypatch):
    client, url, typed = form
    break_with(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    answer = client.post(url, typed)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "保存する場所の空きがありません" in answer.content.decode()
    assert LONG.splitlines()[1] in answer.content.decode()


def test_another_fault_shows_what_was_typed_but_does_not_offer_it_again(form, monkeypatch):
    client, url, typed = form
    break_with(monkeypatch, RuntimeError("我々の不具合"))
    answer = client.post(url, typed)
    text = answer.content.decode()
    assert answer.status_code == 500
    assert LONG.splitlines()[1] in text
    assert "もう一度送る" not in text
    assert "我々の不具合" not in text


def test_a_page_that_fails_offers_nothing_to_send(form, monkeypatch):
    client, url, _typed = form
    break_with(monkeypatch, OperationalError("gone"))
    text = client.get(url).content.decode()
    assert "読み込み直してください" in text
    assert "<form" not in text


def _fail(*_args, **_kwargs):
    raise OperationalError("gone")


def test_a_password_is_never_shown_again(cast, monkeypatch):
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("teikyaku.accounts.backends.EmailBackend.authenticate", _fail)
    typed = {"login": "worker@cast.example.jp", "password": "only-for-tests-12"}
    answer = client.post(reverse("account_login"), typed)
    assert answer.status_code == 503
    assert "only-for-tests-12" not in answer.content.decode()
    assert "worker@cast" not in answer.content.decode()
