"""An issued report whose meeting was corrected or taken back says so where it is read and given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clients.models import Client
from plans.actions.life_change import withdraw_interview
from plans.actions.report import issue_version
from plans.models import Interview
from plans.queries.report import earlier_version
from plans.queries.report_meetings import gone_from
from teikyaku.era import both
from tests.accounts.test_coming_and_going import enter
from tests.cast import meet
from tests.plans.report_desk import Desk

WORDS = "発行のあとに、面談の記録が訂正か取消しになりました"
LINE = "前の記録のまま書いてあります"


@pytest.fixture
def desk(cast, client):
    enter(client, cast.members["worker"])
    return Desk(cast)


@pytest.fixture
def met(desk):
    """A meeting of today, told by an issued report."""
    own = Interview.objects.standing().filter(enrolment=desk.cast.enrolment)
    row = own.filter(held_on=desk.cast.today).first()
    row = row or meet(desk.cast.enrolment, desk.cast.members["worker"], desk.cast.today)
    issue_version(report=desk.write(), **desk.who)
    return row


def take_back(desk, row):
    return withdraw_interview(interview=row, reason="別の日だった。", **desk.who)


@pytest.mark.parametrize("page", ["report_page", "report_share"])
def test_a_meeting_that_is_gone_is_told_above_the_report(desk, client, met, page):
    url = desk.url(page)
    if page == "report_share":
        url += f"?to={desk.consent().public_id}"
    assert WORDS not in client.get(url).content.decode()
    take_back(desk, met)
    shown = client.get(url).content.decode()
    assert WORDS in shown
    assert f"レポートに書いてある{both(met.held_on)}の面談" in shown
    assert desk.url("report_write") in shown


def test_while_a_correction_is_written_it_is_not_told_again(desk, client, met):
    take_back(desk, met)
    desk.write(goals="訂正した文。", correction_reason="面談の日が違った。")
    assert WORDS not in client.get(desk.url("report_page")).content.decode()
    report = met.enrolment.reports.get(month=desk.month.first_day)
    assert gone_from(issue_version(report=report, **desk.who)) == ()


def test_whoever_takes_the_record_back_is_shown_the_report(desk, client, met):
    url = reverse("interview_withdraw", args=[met.public_id])
    answer = client.post(url, {"withdrawal_reason": "押しまちがえた。"}, follow=True)
    assert LINE in answer.content.decode()
    assert desk.url("report_page") in answer.content.decode()


def test_whoever_corrects_the_day_is_shown_the_report(desk, client, met):
    url = reverse("interview_correct", args=[met.public_id])
    form = client.get(url).context["form"]
    data = {name: value for name in form.fields if (value := form[name].value())}
    data["correction_reason"] = "時刻だけ。"
    same = client.post(url, data, follow=True).content.decode()
    assert "訂正しました" in same
    assert LINE not in same
    newer = Interview.objects.get(replaces=met)
    called = {**data, "way": "phone"}
    url = reverse("interview_correct", args=[newer.public_id])
    assert LINE in client.post(url, called, follow=True).content.decode()
    newer = Interview.objects.get(replaces=newer)
    data["held_on"] = (desk.cast.today - timedelta(days=1)).isoformat()
    url = reverse("interview_correct", args=[newer.public_id])
    assert LINE in client.post(url, data, follow=True).content.decode()


@pytest.mark.parametrize(
    ("had", "now", "knows"),
    [
        ("", "青い店", True),
        ("青い店", "青い店", True),
        ("青い店", "", True),
        ("赤い店", "青い店", False),
    ],
)
def test_whoever_may_have_the_wrong_words_is_told_of_the_correction(desk, had, now, knows):
    desk.consent(recipient_name=had)
    report = desk.write()
    issue_version(report=report, **desk.who)
    desk.share(report, "employer", recipient_name=had)
    desk.write(goals="訂正した文。", correction_reason="誤り。")
    found = earlier_version(report, "employer", now, 2)
    assert (found == 1) is knows


def test_the_person_gets_no_paper_about_a_meeting_that_is_gone(desk, client, met):
    take_back(desk, met)
    report = met.enrolment.reports.get(month=desk.month.first_day)
    page = client.get(desk.url("report_page")).content.decode()
    assert desk.url("report_share") + '">本人に渡す' not in page
    url = desk.url("report_share")
    refused = client.post(url, {"shared_on": desk.cast.today.isoformat(), "way": "handed"})
    assert refused.status_code == 422
    assert "訂正版を書いて、それを渡してください" in refused.content.decode()
    assert desk.url("report_write") in refused.content.decode()
    with pytest.raises(ValidationError, match="いまの記録と合いません"):
        desk.share(report)
    assert not report.shares.exists()


def test_a_correction_of_the_same_words_tells_of_the_meeting_as_it_is_now(desk, met):
    report = met.enrolment.reports.get(month=desk.month.first_day)
    with pytest.raises(ValidationError, match="前の版と同じ文です"):
        desk.write(correction_reason="面談の日が違った。")
    take_back(desk, met)
    desk.write(correction_reason="面談の日が違った。")
    assert desk.share(report).version.number == 2


def test_after_a_death_what_they_had_is_put_on_record(desk, met):
    take_back(desk, met)
    Client.objects.filter(pk=met.enrolment.client_id).update(died_on=desk.cast.today)
    report = met.enrolment.reports.get(month=desk.month.first_day)
    assert desk.share(report).version.number == 1


def test_the_persons_page_asks_for_the_correction_until_they_have_it(desk, client, met):
    report = met.enrolment.reports.get(month=desk.month.first_day)
    desk.share(report)
    page = reverse("client_page", args=[met.enrolment.client.public_id])
    asked = f"{desk.month.label}の支援レポートの訂正版を渡す"
    assert asked not in client.get(page).content.decode()
    take_back(desk, met)
    assert asked in client.get(page).content.decode()
    desk.write(correction_reason="面談の日が違った。")
    assert asked in client.get(page).content.decode()
    desk.share(report)
    assert asked not in client.get(page).content.decode()
