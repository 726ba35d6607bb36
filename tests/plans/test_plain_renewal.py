"""やさしい更新のお知らせ: what the letter says, in easy words with readings; for the person alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from clients.models import Client
from plans.actions.ward_papers import issue_renewal_reminder
from plans.documents import LetterHead
from plans.documents_plain import plain_renewal_reminder
from teikyaku.clock import at_noon
from teikyaku.easy_words import DAYS, easy_day, ruby
from teikyaku.furigana import KANJI
from teikyaku.printing import pdf
from tests.accounts.test_coming_and_going import enter
from tests.printing.samples import RENEWAL_REMINDER
from tests.printing.test_documents import needs_pdftotext, text_of


def lines(data):
    return [line for part in data["parts"] for line in (part["title"], *part["lines"])]


def words(data):
    return "\n".join("".join(run["text"] for run in line) for line in lines(data))


def test_it_says_what_the_letter_says_and_no_more():
    data = plain_renewal_reminder(RENEWAL_REMINDER)
    text = words(data)
    for said in ("令和9年3月31日まで", "令和9年2月28日までに", "令和10年9月30日まで"):
        assert said in text
    ward = RENEWAL_REMINDER["office"]
    assert f"{ward['name']} {ward['department']}です" in text
    assert data["name"][0] == {"text": "髙橋 𠮷朗", "reading": "たかはし よしろう"}
    readings = {run["reading"] for line in lines(data) for run in line}
    assert {"さんじゅういちにち", "にじゅうはちにち", "こうしん", "しんせい"} <= readings
    # The number of the certificate and the birth date are for the office, not for the reader.
    assert "0012345678" not in str(data)


def test_of_our_own_words_every_character_can_be_read():
    """The ward's name and department are its own; everything else carries its reading."""
    bare = {
        **RENEWAL_REMINDER,
        "office": {**RENEWAL_REMINDER["office"], "name": "", "department": ""},
    }
    data = plain_renewal_reminder(bare)
    said = [*lines(data), data["title"], data["ask"], data["phone"]]
    unread = [
        run["text"]
        for line in said
        for run in line
        if not run["reading"] and KANJI.search(run["text"])
    ]
    assert unread == []


def test_without_a_last_day_nothing_is_said_of_it():
    assert "いちばん 長く" not in words(
        plain_renewal_reminder({**RENEWAL_REMINDER, "last_usable_on": ""})
    )


@pytest.mark.parametrize(("day", "said"), [("令和9年3月2日", DAYS[1]), ("令和10年12月20日", "はつか"), ("令和9年1月1日", "ついたち")])  # fmt: skip
def test_days_are_read_as_people_say_them(day, said):
    assert {run["reading"] for run in ruby(easy_day(day))} >= {said}


@needs_pdftotext
def test_it_is_one_page():
    body = pdf("plain_renewal_reminder", plain_renewal_reminder(RENEWAL_REMINDER))
    assert "\f" not in text_of(body).rstrip("\f")


@pytest.fixture
def letter(cast):
    by = cast.decision.ends_on - timedelta(days=1)
    return issue_renewal_reminder(
        decision=cast.decision, head=LetterHead("", cast.today), apply_by=min(by, cast.today + timedelta(days=9)),
        last_usable_on=None, by=cast.members["officer"], at=at_noon(cast.today),
    )  # fmt: skip


def plain(letter):
    return reverse("admin:ward_paper_plain_pdf", args=[letter.public_id])


def test_it_is_a_link_beside_the_letter(client, cast, letter):
    enter(client, cast.members["officer"])
    page = client.get(reverse("admin:decision_page", args=[cast.decision.public_id]))
    assert plain(letter) in page.content.decode()
    answer = client.get(plain(letter))
    assert answer["Content-Type"] == "application/pdf"
    enter(client, cast.members["other_officer"])
    assert client.get(plain(letter)).status_code == 404


def test_after_a_death_nothing_is_printed_for_the_person(client, cast, letter):
    Client.objects.filter(pk=cast.decision.client_id).update(died_on=cast.today)
    enter(client, cast.members["officer"])
    answer = client.get(plain(letter))
    assert answer.url == reverse("admin:decision_page", args=[cast.decision.public_id])
