"""What mails say, from values alone."""

from datetime import date as d

import pytest

from plans.rules.reminder import (
    Line,
    Overdue,
    Part,
    digest_mail,
    end_words,
    escalation_mail,
    left_words,
    monday_of,
    week_key,
)


@pytest.mark.parametrize(
    ("on", "monday", "key"),
    [
        pytest.param(d(2026, 11, 23), d(2026, 11, 23), "2026-W48", id="monday"),
        pytest.param(d(2026, 11, 29), d(2026, 11, 23), "2026-W48", id="sunday"),
        pytest.param(d(2026, 11, 30), d(2026, 11, 30), "2026-W49", id="next-monday"),
        pytest.param(d(2027, 1, 3), d(2026, 12, 28), "2026-W53", id="week-of-the-old-year"),
        pytest.param(d(2024, 12, 30), d(2024, 12, 30), "2025-W01", id="week-of-the-new-year"),
    ],
)
def test_the_week(on, monday, key):
    assert (monday_of(on), week_key(on)) == (monday, key)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        pytest.param(d(2026, 11, 24), "1日過ぎています", id="passed"),
        pytest.param(d(2026, 11, 25), "今日", id="today"),
        pytest.param(d(2026, 11, 26), "あと1日", id="ahead"),
    ],
)
def test_how_a_day_stands(day, words):
    assert left_words(day, d(2026, 11, 25)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        pytest.param(61, "あと61日（2か月以内）", id="61"),
        pytest.param(62, "あと62日（3か月以内）", id="62"),
        pytest.param(31, "あと31日（2か月以内）", id="31"),
        pytest.param(30, "あと30日（1か月以内）", id="30"),
        pytest.param(15, "あと15日（1か月以内）", id="15"),
        pytest.param(14, "あと14日（2週間以内）", id="14"),
        pytest.param(1, "あと1日（2週間以内）", id="1"),
        pytest.param(0, "今日", id="0"),
        pytest.param(-1, "1日過ぎています", id="past"),
    ],
)
def test_the_steps_of_an_end(days, words):
    on = d(2026, 11, 25)
    assert end_words(d.fromordinal(on.toordinal() + days), on) == words


def digest(parts):
    return digest_mail(
        name="青木 はるか",
        place="みなと",
        on=d(2026, 11, 25),
        parts=parts,
        settings_url="https://x/me",
    )


def test_a_day_of_another_year_has_its_year():
    lines = (
        Line(1, "O.R.", d(2024, 5, 26), "914日過ぎています"),
        Line(2, "W.T.", d(2026, 11, 30), ""),
    )
    part = Part("個別支援計画の見直し", "https://x.example/", lines)
    mail = digest_mail(
        name="職員", place="ひなた", on=d(2026, 11, 26), parts=[part], settings_url=""
    )
    assert "・O.R.　2024年5月26日（日）" in mail.body
    assert "・W.T.　11月30日（月）" in mail.body


def test_a_week_with_nothing_has_no_mail():
    assert digest([]) is None
    assert digest([Part("期限", "https://x", ())]) is None


def test_a_mail_holds_the_parts_that_have_somebody():
    line = Line(1, "Y.T.", d(2026, 11, 20), "5日過ぎています")
    mail = digest([Part("期限が過ぎた方", "https://x/a", (line,)), Part("約束", "https://x/b", ())])
    assert mail.subject == "今週の予定（teikyaku）"
    assert "11月23日（月）からの週" in mail.body
    assert (
        "■ 期限が過ぎた方（1人）\n・Y.T.　11月20日（金）　5日過ぎています\nhttps://x/a" in mail.body
    )
    assert "約束" not in mail.body
    assert "https://x/me" in mail.body


def test_an_escalation_names_who_is_in_charge_and_nobody_else():
    people = [
        Overdue(1, "Y.T.", d(2026, 11, 1), 24, "青木"),
        Overdue(2, "S.H.", d(2026, 11, 2), 23, ""),
    ]
    mail = escalation_mail(name="遠藤", place="みなと", people=people, url="https://x/e")
    assert "・Y.T.　期限 11月1日（日）（24日過ぎています）　担当：青木" in mail.body
    assert "担当：まだ決まっていません" in mail.body
    assert "Y.T." not in mail.subject
