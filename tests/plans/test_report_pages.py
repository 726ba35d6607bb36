"""Pages of reports: printed together, frozen after a question, notes put in, how a consent was withdrawn."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from clients.enums import ReportItem
from plans.actions.report import issue_version
from teikyaku.accounts.models import AuditEvent
from tests.accounts.test_coming_and_going import enter
from tests.plans.report_desk import TEXTS, Desk
from tests.printing.test_documents import needs_pdftotext, text_of

KANJI = re.compile(r"[\u4e00-\u9fff]")


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


def share_page(desk, **asked):
    return f"{desk.url('report_share')}?{urlencode(asked)}"


def test_the_preview_is_made_from_the_name_that_is_typed(desk, client):
    """Looked at without a script: a button shows the paper with that name, and nothing is lost."""
    desk.consent()
    report = desk.write()
    consent = desk.cast.enrolment.consents.get(recipient="employer", recipient_name="")
    enter(client, desk.cast.members["worker"])
    url = share_page(desk, to=consent.public_id)
    page = client.get(url)
    proposed = page.context["shown_name"]
    assert page.context["paper"]["addressee"]["name"] == proposed != "別の店 ＆ 喫茶"
    typed = {
        "recipient_name": "別の店 ＆ 喫茶", "shown_name": proposed, "shared_on": "いつか",
        "way": "post", "is_received": "on",
    }  # fmt: skip
    looked = client.post(url, {**typed, "look": "1"})
    text = looked.content.decode()
    assert looked.status_code == 200
    assert looked.context["paper"]["addressee"]["name"] == "別の店 ＆ 喫茶"
    assert not looked.context["form"].errors
    assert 'value="いつか"' in text
    form = looked.context["form"]
    assert (form["way"].value(), form["is_received"].value()) == ("post", "on")
    (link,) = re.findall(r'href="([^"]*recipient_name=[^"]*)">このPDF', text)
    assert urlencode({"recipient_name": "別の店 ＆ 喫茶"}).replace("+", "%20") in link
    # What was not looked at does not go on file.
    wrong = client.post(url, {**typed, "shared_on": desk.cast.today.isoformat()})
    assert wrong.status_code == 422
    assert "recipient_name" in wrong.context["form"].errors
    assert wrong.context["paper"]["addressee"]["name"] == "別の店 ＆ 喫茶"
    assert not report.shares.filter(recipient="employer").exists()
    day = {"shared_on": desk.cast.today.isoformat(), "shown_name": "別の店 ＆ 喫茶"}
    assert client.post(url, {**typed, **day}).status_code == 302
    assert report.shares.get(recipient="employer").recipient_name == "別の店 ＆ 喫茶"


@needs_pdftotext
def test_the_pdf_is_made_from_the_name_too_and_never_for_who_is_named_in_the_consent(desk, client):
    desk.consent()
    named = desk.consent(recipient="medical", recipient_name="青い医院")
    desk.write()
    consent = desk.cast.enrolment.consents.get(recipient="employer", recipient_name="")
    enter(client, desk.cast.members["worker"])
    typed = {"recipient_name": "別の店"}
    asked = client.get(desk.url("report_pdf"), {**typed, "to": consent.public_id})
    assert "別の店" in text_of(asked.content)
    other = text_of(client.get(desk.url("report_pdf"), {**typed, "to": named.public_id}).content)
    assert "青い医院" in other
    assert "別の店" not in other


def test_the_plain_version_of_a_correction_says_so_first_and_why(desk, client):
    report = desk.write()
    issue_version(report=report, **desk.who)
    desk.share(report)
    enter(client, desk.cast.members["worker"])
    plain = "これは、まえに わたした レポートを なおした ものです。"

    def first_lines():
        paper = client.get(desk.url("report_share")).context["paper"]["plain"]
        return ["".join(word["text"] for word in line) for line in paper["parts"][0]["lines"]]

    assert plain not in first_lines()
    desk.write(goals="訂正した文。", correction_reason="日がちがっていました。")
    lines = first_lines()
    assert lines[0] == plain
    assert lines[-1] == "なおした わけ： 日がちがっていました。"
    for line in client.get(desk.url("report_share")).context["paper"]["plain"]["parts"][0]["lines"][
        :2
    ]:
        assert all(word["reading"] or not KANJI.search(word["text"]) for word in line)
    # Whoever never had the earlier one is told of no correction.
    desk.cast.enrolment.reports.get(month=desk.month.first_day).shares.update(
        taken_back_at=desk.who["at"],
        taken_back_by=desk.who["by"],
        taken_back_reason="渡していない。",
    )
    assert plain not in first_lines()
