"""知らせ: what the mails say, from values at hand. Initials only, no diagnosis, no notes, no place of work.

A subject holds nothing of anybody: it stands on locked screens and in other people's lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from plans.rules.expiry import stage_of

_WEEKDAYS = "月火水木金土日"
# How many lines of one step a mail holds: the rest stands on the page.
STEP_LINES = 30
STEPS_SUBJECT = "期限が近づいた・過ぎたもの（teikyaku）"
ESCALATION_SUBJECT = "面談の期限についての報告（teikyaku）"
_INITIALS_NOTE = "利用者は頭文字で書いています。氏名は、サインインした画面で確かめてください。"


@dataclass(frozen=True, slots=True)
class Line:
    """One person in a part of the mail: initials, the day that counts, and how it stands."""

    enrolment: int
    initials: str
    on: date | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One question, who answers it, and the page (behind the sign-in) that shows the same people."""

    title: str
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it goes out."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """A person long overdue: initials, due date, days past it, and who is in charge ("" for nobody)."""

    enrolment: int
    initials: str
    due_on: date
    days: int
    staff_name: str


def monday_of(on: date) -> date:
    """The Monday of the ISO week that holds `on`."""
    return on - timedelta(days=on.weekday())


def week_key(on: date) -> str:
    """2026-W48: the ISO week that holds `on`."""
    return f"{on:%G-W%V}"


def day_words(day: date, on: date | None = None) -> str:
    """11月30日（月）, with its year where that is not the one of `on`."""
    year = f"{day.year}年" if on is not None and day.year != on.year else ""
    return f"{year}{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def left_words(day: date, on: date) -> str:
    """あと3日, 今日, 3日過ぎています."""
    days = (day - on).days
    if days == 0:
        return "今日"
    return f"あと{days}日" if days > 0 else f"{-days}日過ぎています"


def end_words(ends_on: date, on: date) -> str:
    """あと54日（2か月以内）: how far an end is, and its step as the board of ends names it."""
    words = left_words(ends_on, on)
    return f"{words}（{stage_of(ends_on, on).label}）" if ends_on > on else words


def digest_mail(
    *, name: str, place: str, on: date, parts: Sequence[Part], settings_url: str
) -> Mail | None:
    """The Monday mail to `name`, who works at `place`; None where there is nothing to say."""
    told = [part for part in parts if part.lines]
    if not told:
        return None
    monday = monday_of(on)
    body = [
        f"{name} 様",
        "",
        f"{day_words(monday)}からの週の、担当している方の予定です。",
        f"{day_words(on)}の記録から作りました。",
    ]
    for part in told:
        body += [
            "",
            f"■ {part.title}（{len(part.lines)}人）",
            *(_line(line, on) for line in part.lines),
            part.url,
        ]
    body += [
        "",
        "――",
        _INITIALS_NOTE,
        f"事業所：{place}",
        f"この知らせをやめる・設定を変える：{settings_url}",
    ]
    return Mail(subject="今週の予定（teikyaku）", body="\n".join(body) + "\n")


def _line(line: Line, on: date) -> str:
    return "　".join(
        text
        for text in (f"・{line.initials}", day_words(line.on, on) if line.on else "", line.words)
        if text
    )


def steps_mail(
    *, name: str, place: str, on: date, parts: Sequence[Part], settings_url: str
) -> Mail:
    """To `name` at `place`: which ends have come a step nearer since they were told last, the nearest first."""
    body = [f"{name} 様", "", f"{day_words(on)}に、次の期限が新しい段階に入りました。"]
    for part in parts:
        left_out = len(part.lines) - STEP_LINES
        body += [
            "",
            f"■ {part.title}（{len(part.lines)}件）",
            *(_line(line, on) for line in part.lines[:STEP_LINES]),
            *([f"ほかに{left_out}件は、次の画面で。"] if left_out > 0 else []),
            part.url,
        ]
    body += [
        "",
        "――",
        _INITIALS_NOTE,
        f"事業所：{place}",
        "同じ期限の同じ段階（6・3・2・1か月前、2週間前、当日、過ぎた後）は、一度だけお知らせします。",
        f"この知らせをやめる・設定を変える：{settings_url}",
    ]
    return Mail(subject=STEPS_SUBJECT, body="\n".join(body) + "\n")


def escalation_mail(*, name: str, place: str, people: Iterable[Overdue], url: str) -> Mail:
    """To who leads an office: whose interview is long overdue, and who is in charge."""
    lines = [
        f"・{each.initials}　期限 {day_words(each.due_on, each.due_on + timedelta(each.days))}（{each.days}日過ぎています）　"
        f"担当：{each.staff_name or 'まだ決まっていません'}"
        for each in people
    ]
    body = [
        f"{name} 様",
        "",
        "次の方の面談が、期限から日がたっています。",
        "担当だけで抱えていないか、声をかけてみてください。",
        "",
        *lines,
        "",
        "くわしいことは、サインインした画面でご覧ください。",
        url,
        "",
        "――",
        _INITIALS_NOTE,
        f"事業所：{place}",
        "同じ方の同じ期限については、一度だけお知らせします。",
    ]
    return Mail(subject=ESCALATION_SUBJECT, body="\n".join(body) + "\n")
