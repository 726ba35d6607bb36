"""The calendar feed: valid for calendars, silent for everybody else."""

import json
import re
from datetime import date as d
from datetime import datetime, timedelta

import icalendar
import pytest
import time_machine
from django.urls import reverse

from teikyaku.accounts.actions.calendar_feed import make_feed, revoke_feed
from teikyaku.accounts.actions.membership import end_membership
from teikyaku.accounts.models import AuditEvent, CalendarFeed
from teikyaku.accounts.roles import Role
from teikyaku.clock import TOKYO, now
from teikyaku.desk.views import calendar_feed as view
from tests.accounts.test_coming_and_going import enter
from tests.accounts.test_logs import written  # noqa: F401  (a fixture)
from tests.cast import cast_of, make_member, meet

pytestmark = pytest.mark.django_db

TODAY = d(2026, 11, 23)
SECRETS = ("試験", "太郎", "しけん", "架空商店", "元気", "1234567890", "ひなた")


def at(day, hour=7, minute=30):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


@pytest.fixture
def cast(db):
    with time_machine.travel(at(TODAY), tick=False):
        yield cast_of(TODAY)


@pytest.fixture
def token(cast):
    return make_feed(replaces="", by=cast.members["worker"], at=now())


def read(client, token, **headers):
    return client.get(reverse("calendar_feed", args=[token]), headers=headers)


def events(answer):
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


# --- For calendars ---------------------------------------------------------------------------------


def test_it_is_a_calendar_of_whole_days(client, cast, token):
    answer = read(client, token)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert (calendar["X-WR-CALNAME"], calendar["X-WR-TIMEZONE"]) == (
        "teikyaku 面談の予定", "Asia/Tokyo",
    )  # fmt: skip
    text = answer.content.decode()
    assert "DTSTART;VALUE=DATE:20261130\r\nDTEND;VALUE=DATE:20261201\r\n" in text
    assert re.search(r"DTSTAMP:20261122T150000Z\r\n", text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    found = {str(event["SUMMARY"]): event.decoded("DTSTART") for event in events(answer)}
    assert found["S.T. 面談の期限"] == d(2026, 11, 30)
    assert all(isinstance(day, d) and not isinstance(day, datetime) for day in found.values())


def test_suggested_day_appointment_and_report(client, cast, token):
    meet(cast.enrolment, cast.members["worker"], TODAY, next_on=d(2026, 12, 8))
    found = {
        str(event["SUMMARY"]): event.decoded("DTSTART") for event in events(read(client, token))
    }
    assert found == {
        "S.T. 面談の期限": d(2026, 12, 31),
        "S.T. 面談の目安": d(2026, 12, 23),
        "S.T. 会う約束": d(2026, 12, 8),
        "S.T. 11月分のレポートを渡す": d(2026, 12, 10),
    }


def test_an_entry_that_moves_keeps_its_identity(client, cast, token):
    before = {str(event["SUMMARY"]): str(event["UID"]) for event in events(read(client, token))}
    type(cast.enrolment).objects.filter(pk=cast.enrolment.pk).update(
        interview_due_on=d(2026, 12, 31)
    )
    after = {str(event["SUMMARY"]): str(event["UID"]) for event in events(read(client, token))}
    assert before["S.T. 面談の期限"] == after["S.T. 面談の期限"]
    assert len(set(after.values())) == len(after)
    assert str(cast.enrolment.public_id) not in "".join(after.values())


def test_initials_and_dates_only(client, cast, token):
    text = read(client, token).content.decode().replace("\r\n ", "")
    assert "S.T." in text
    assert [secret for secret in SECRETS if secret in text] == []
    assert "申請" not in text


def test_unchanged_it_is_not_sent_again(client, cast, token):
    first = read(client, token)
    assert read(client, token, if_none_match=first["ETag"]).status_code == 304
    with time_machine.travel(at(TODAY, 23, 59), tick=False):
        assert read(client, token, if_none_match=first["ETag"]).status_code == 304
    with time_machine.travel(at(TODAY + timedelta(days=1), 0, 30), tick=False):
        later = read(client, token, if_none_match=first["ETag"])
    assert (later.status_code, b"20261123T150000Z" in later.content) == (200, True)


def test_nobody_keeps_it_and_no_cookie_is_set(client, cast, token):
    answer = read(client, token)
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert read(client, "wrong")["Cache-Control"] == "private, no-store"


# --- Silent for everybody else ------------------------------------------------------------------------


def wrong(cast, token):
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def revoked(cast, token):
    revoke_feed(by=cast.members["worker"], at=now())
    return token


def renewed(cast, token):
    make_feed(
        replaces=str(CalendarFeed.objects.get().public_id), by=cast.members["worker"], at=now()
    )
    return token


def left(cast, token):
    end_membership(membership=cast.members["worker"], by=cast.members["admin"], at=now())
    return token


def other_role(cast, token):
    cast.members["worker"].roles = [Role.BILLING.value]
    cast.members["worker"].save()
    return token


def barred(cast, token):
    type(cast.user("worker")).objects.filter(pk=cast.user("worker").pk).update(is_active=False)
    return token


@pytest.mark.parametrize("change", [wrong, revoked, renewed, left, other_role, barred])
def test_no_answer_tells_why(client, cast, token, change):
    assert read(client, token).status_code == 200
    answer = read(client, change(cast, token))
    assert (answer.status_code, answer.content) == (404, b"")


def test_who_left_and_came_back_reads_only_while_there(client, cast):
    member = make_member(
        "temp", Role.SUPPORT_WORKER, office=cast.office, ends_on=TODAY + timedelta(days=1)
    )
    token = make_feed(replaces="", by=member, at=now())
    for day, hour, status in ((1, 23, 200), (2, 0, 404)):
        with time_machine.travel(at(TODAY + timedelta(days=day), hour, 59), tick=False):
            assert read(client, token).status_code == status


def test_too_often_is_told_when_to_come_back(client, cast, token, monkeypatch):
    monkeypatch.setattr(view, "A_MINUTE_BY_TOKEN", 2)
    assert [read(client, token).status_code for _turn in range(3)] == [200, 200, 429]
    assert read(client, token)["Retry-After"].isdigit()
    monkeypatch.setattr(view, "A_MINUTE_BY_ADDRESS", 6)
    assert [read(client, f"guess{turn}").status_code for turn in range(4)] == [404, 404, 429, 429]


def test_only_reading(client, cast, token):
    assert client.post(reverse("calendar_feed", args=[token])).status_code == 405


def test_the_token_is_kept_nowhere(client, cast, token, written):  # noqa: F811
    read(client, token)
    read(client, token + "x")
    read(client, token, if_none_match="x")
    assert CalendarFeed.objects.get().token_hash != token
    assert token not in written.getvalue()
    assert any(json.loads(line) for line in written.getvalue().splitlines())
    kept = list(AuditEvent.objects.values_list("verb", "fields", "subject_type"))
    assert ("feed_issued", [], "calendarfeed") in kept
    assert token not in str(kept)


def test_a_reading_is_on_the_record_once_a_day(client, cast, token):
    read(client, token)
    read(client, token)
    with time_machine.travel(at(TODAY + timedelta(days=1), 0, 30), tick=False):
        read(client, token)
    assert AuditEvent.objects.filter(verb="feed_read").count() == 2
    assert CalendarFeed.objects.get().last_fetched_on == TODAY + timedelta(days=1)


# --- Made, made anew, revoked ---------------------------------------------------------------------------


def shown(answer):
    return re.search(r'value="[^"]*/feed/([\w-]+)\.ics"', answer.content.decode())


def test_the_address_is_shown_once(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("feed_new"))
    assert shown(page) is None
    answer = client.post(
        reverse("feed_new"), {"replaces": page.context["form"].initial["replaces"]}
    )
    assert answer["Cache-Control"] == "no-store"
    client.logout()
    assert read(client, shown(answer)[1]).status_code == 200
    enter(client, cast.members["worker"])
    for name in ("notices", "feed_new", "my_account"):
        assert shown(client.get(reverse(name))) is None


def test_sent_twice_it_stays_the_address_that_was_shown(client, cast):
    enter(client, cast.members["worker"])
    first = client.post(reverse("feed_new"), {"replaces": ""})
    again = client.post(reverse("feed_new"), {"replaces": ""})
    assert again.status_code == 422
    assert "いまの状態を確かめてください" in again.content.decode()
    assert read(client, shown(first)[1]).status_code == 200
    assert CalendarFeed.objects.count() == 1


def test_revoked_on_the_page(client, cast, token):
    enter(client, cast.members["manager"])
    assert client.post(reverse("feed_revoke")).status_code == 302
    assert read(client, token).status_code == 200, "somebody else's address"
    enter(client, cast.members["worker"])
    assert "すぐに何も読めなくなります" in client.get(reverse("feed_revoke")).content.decode()
    client.post(reverse("feed_revoke"), {"replaces": ""})
    assert read(client, token).status_code == 404


def test_ones_own_choice_of_mails(client, cast):
    enter(client, cast.members["worker"])
    page = client.get(reverse("notices")).content.decode()
    assert "S.T." in page
    assert "今週の予定（teikyaku）" in page
    assert "試験 太郎" not in page
    client.post(reverse("notices"), {})
    cast.user("worker").refresh_from_db()
    assert cast.user("worker").wants_digest is False
    assert "いまは受け取らない設定です" in client.get(reverse("notices")).content.decode()
    client.post(reverse("notices"), {"wants_digest": "on"})
    cast.user("worker").refresh_from_db()
    assert cast.user("worker").wants_digest is True
