"""Pages of reports: printed together, frozen after a question, notes put in, how a consent was withdrawn."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clients.enums import ReportItem
from teikyaku.accounts.models import AuditEvent
from tests.accounts.test_coming_and_going import enter
from tests.plans.report_desk import TEXTS, Desk
from tests.printing.test_documents import needs_pdftotext, text_of


@pytest.fixture
def desk(cast):
    return Desk(cast)


@needs_pdftotext
def test_many_are_printed_in_one_file_issued_and_recorded(desk, client):
    report = desk.write()
    enter(client, desk.cast.members["worker"])
    url = reverse("report_print", args=[desk.month])
    answer = client.post(url, {"report": [report.public_id, "ちがう"]})
    assert answer["Content-Type"] == "application/pdf"
    assert TEXTS["goals"] in text_of(answer.content)
    assert report.versions.count() == 1
    assert AuditEvent.objects.filter(verb="report_printed").count() == 1
    assert client.post(url, {}).status_code == 302


def test_freezing_a_report_is_asked_first_and_shows_how_long_each_item_is(desk, client):
    report = desk.write(goals="あ" * 5000)
    enter(client, desk.cast.members["worker"])
    url = desk.url("report_issue")
    assert url in client.get(desk.url("report_page")).content.decode()
    asked = client.get(url).content.decode()
    assert "（5,000字）" in asked
    assert "あ" * 61 not in asked
    assert "書いていません" in asked
    assert not report.versions.exists()
    assert client.post(url).url == desk.url("report_page")
    assert report.versions.count() == 1
    assert client.get(url).status_code == 302


def test_a_note_goes_into_an_item_by_the_name_that_stands_on_the_page(desk, client):
    enter(client, desk.cast.members["worker"])
    page = client.get(desk.url("report_write"))
    labels = {name: str(field.label) for name, field in page.context["form"].fields.items()}
    assert {item.value: str(item.label) for item in ReportItem}.items() <= labels.items()


def test_how_and_why_a_consent_was_withdrawn_can_be_read_in_the_history(desk, client):
    consent = desk.consent()
    enter(client, desk.cast.members["worker"])
    url = reverse("consent_end", args=[desk.cast.enrolment.public_id, consent.public_id])
    on = desk.cast.today
    data = {"withdrawn_on": f"{on.month}/{on.day}", "words": "面談で。知られたくない。"}
    assert client.post(url, data).status_code == 302
    consent.refresh_from_db()
    assert consent.withdrawn_on == on
    page = client.get(reverse("client_history", args=[desk.cast.enrolment.client.public_id]))
    text = page.content.decode()
    assert "同意の撤回（職場・支援レポート）" in text
    assert "面談で。知られたくない。" in text


def test_a_consent_is_withdrawn_without_a_word_too(desk, client):
    consent = desk.consent()
    enter(client, desk.cast.members["worker"])
    url = reverse("consent_end", args=[desk.cast.enrolment.public_id, consent.public_id])
    assert client.post(url, {"withdrawn_on": desk.cast.today.isoformat()}).status_code == 302
