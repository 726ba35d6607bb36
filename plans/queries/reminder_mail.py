"""The Monday mail of each member: one builder for the job, for what waits, and for the preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from plans.queries.caseload import Ask
from plans.queries.reminder import Case, cases_of
from plans.rules.reminder import (
    Line,
    Mail,
    Part,
    day_words,
    digest_mail,
    end_words,
    left_words,
)  # fmt: skip
from teikyaku.accounts.models import Membership
from teikyaku.links import absolute
from teikyaku.periods import Month


@dataclass(frozen=True, slots=True)
class Digest:
    """What a member is told this week: the mail (None for nothing), and whom it mentions."""

    mail: Mail | None
    parts: tuple[Part, ...]

    @property
    def mentioned(self) -> frozenset[int]:
        """The enrolments in it."""
        return frozenset(line.enrolment for part in self.parts for line in part.lines)


def digests_for(members: Sequence[Membership], on: date) -> Mapping[int, Digest]:
    """Membership → its digest as of `on` (some ten queries, however many)."""
    return {
        member.pk: _digest(member, cases, on)
        for member, cases in zip(members, _in_order(members, on), strict=True)
    }


def digest_of(membership: Membership, on: date) -> Digest:
    """What this member would be sent today."""
    return digests_for([membership], on)[membership.pk]


def _in_order(members: Sequence[Membership], on: date) -> list[list[Case]]:
    found = cases_of(members, on)
    return [found.get(member.pk, []) for member in members]


def _digest(member: Membership, cases: list[Case], on: date) -> Digest:
    parts = tuple(_parts(str(member.public_id), cases, on))
    mail = digest_mail(
        name=member.user.name,
        place=member.label,
        on=on,
        parts=parts,
        settings_url=absolute(reverse("notices")),
    )
    return Digest(mail, parts)


def _parts(staff: str, cases: list[Case], on: date) -> list[Part]:
    last = Month.of(on) - 1

    def asked(ask: Ask, title: str, words: Callable[[Case], tuple[date | None, str]]) -> Part:
        lines = tuple(_line(case, *words(case)) for case in cases if ask in case.asks)
        return Part(title, absolute(f"{reverse('caseload')}?ask={ask.value}&staff={staff}"), lines)

    def ending(kind: str, title: str, words: Callable[[date, date], str], months: int) -> Part:
        found = sorted((case.ends[kind], case.row.pk, case) for case in cases if kind in case.ends)
        lines = tuple(_line(case, day, words(day, on)) for day, _pk, case in found)
        return Part(title, absolute(f"{reverse('expiry')}?months={months}&kind={kind}"), lines)

    def due(case: Case) -> tuple[date | None, str]:
        day = case.row.interview_due_on
        return day, left_words(day, on) if day else ""

    return [
        asked(Ask.OVERDUE, "面談の期限が過ぎた方", due),
        asked(
            Ask.REFUSED,
            "今月は本人が希望しなかった方",
            lambda case: (None, f"面談がなければ、{on.month}月は請求できません"),
        ),
        asked(Ask.DUE_WEEK, "7日以内が面談の期限の方", due),
        asked(Ask.APPOINTMENT, "7日以内に会う約束", lambda case: (case.next_on, "")),
        asked(
            Ask.REPORT,
            f"{last.month}月分の支援レポートをまだ渡していない方",
            lambda case: (None, _met_words(case, on)),
        ),
        ending("support_plan", "個別支援計画の見直し", end_words, 3),
        ending("handover", "引き継ぎの情報共有の期限", end_words, 3),
        ending("decision", "支給決定の終わり（更新か取消）", end_words, 3),
    ]


def _line(case: Case, on: date | None, words: str) -> Line:
    return Line(case.row.pk, case.initials, on, words)


def _met_words(case: Case, on: date) -> str:
    """The meeting that the report tells of: that month's own, whatever was met since."""
    met_on = case.met_before_on
    said = [f"その月の面談 {day_words(met_on, on)}"] if met_on else []
    return "・".join([*said, "渡し直す"] if case.is_report_again else said)
