"""書きかけ: what somebody began to write, wherever it was, to go on with from their home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.access import enrolments_for
from clients.queries.subject import names_of
from plans.models import MoveIn, SupportPlan, SupportReport
from plans.queries.interview_draft import draft_rows
from teikyaku.accounts.access import may_open
from teikyaku.accounts.models import Membership
from teikyaku.periods import Month
from teikyaku.prepared import prepared

# Of each kind the latest; whoever has begun more finds the rest on the list of that kind.
READ = 20
# In sight on the home; the rest is folded.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class BegunRow:
    """Something half written: about whom (empty for a file), what it is, where it goes on."""

    name: str
    kana: str
    what: str
    url: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """Everything that one has begun, the latest first."""

    rows: tuple[BegunRow, ...]

    @property
    def first(self) -> tuple[BegunRow, ...]:
        """In sight."""
        return self.rows[:SHOWN]

    @property
    def rest(self) -> tuple[BegunRow, ...]:
        """Folded."""
        return self.rows[SHOWN:]


def begun_of(membership: Membership, on: date) -> Begun:
    """What this person began at the office and may go on with (seven queries, whatever it is).

    Interviews, reports that were not issued, plans of which the assessment alone is written, and files
    of a move-in that nobody has confirmed yet.
    """
    office, user = cast(int, membership.office_id), membership.user_id
    found = [*_interviews(membership, on), *_papers(office, user, on), *_files(office, user)]
    able = [row for row in found if may_open(membership, row.url.partition("?")[0])]
    return Begun(tuple(sorted(able, key=lambda row: row.saved_at, reverse=True)))


def _interviews(membership: Membership, on: date) -> list[BegunRow]:
    return [
        BegunRow(
            row.name,
            row.kana,
            _("面談・連絡の記録"),
            f"{reverse('interview_new', args=[row.enrolment_id])}?draft={row.draft_id}",
            row.saved_at,
        )
        for row in draft_rows(membership, on)
    ]


def _papers(office: int, user: int, on: date) -> list[BegunRow]:
    """Reports and plans, with the names of the people (three queries)."""
    reports, plans = (
        list(question.rows(office=office, user=user, on=on)) for question in (_reports, _plans)
    )
    names = names_of([row.enrolment.client_id for row in (*reports, *plans)], on)
    found = []
    for row in reports:
        month = Month.of(row.month)
        text = _("%(month)sの支援レポート") % {"month": month.label}
        url = reverse("report_write", args=[row.enrolment.public_id, month])
        found.append((row, text, url))
    for row in plans:
        url = reverse("support_plan_page", args=[row.enrolment.public_id, row.public_id])
        found.append((row, _("個別支援計画（アセスメントまで）"), url))
    return [
        BegunRow(
            name.name if (name := names.get(row.enrolment.client_id)) else "",
            name.kana if name else "",
            text,
            url,
            row.recorded_at,
        )
        for row, text, url in found
    ]


@prepared("office", "user")
def _reports(office: int, user: int, on: date) -> QuerySet[SupportReport]:
    """Never issued, or a correction that was begun and not issued."""
    is_open = Q(versions__isnull=True) | ~Q(correction_reason="")
    rows = SupportReport.objects.filter(is_open, **_mine(office, user, on))
    return rows.select_related("enrolment").distinct().order_by("-recorded_at")[:READ]


@prepared("office", "user")
def _plans(office: int, user: int, on: date) -> QuerySet[SupportPlan]:
    rows = SupportPlan.objects.being_made().filter(drafted_on=None, **_mine(office, user, on))
    return rows.select_related("enrolment").order_by("-recorded_at")[:READ]


def _mine(office: int, user: int, on: date) -> dict[str, object]:
    reader = Membership(office_id=office, user_id=user)
    return {"recorded_by__user": user, "enrolment__in": enrolments_for(reader, on)}


@prepared("office", "user")
def _waiting_files(office: int, user: int) -> QuerySet[MoveIn]:
    rows = MoveIn.objects.filter(office=office, recorded_by__user=user, outcome="", is_aside=False)
    return rows.order_by("-recorded_at")[:READ]


def _files(office: int, user: int) -> list[BegunRow]:
    """Sheets of a move-in by their size; no name of the file: it may hold one of a person."""
    return [
        BegunRow(
            "",
            "",
            _("利用者の表の取り込み（%(n)s行）") % {"n": f"{row.row_count:,}"},
            reverse("move_in_page", args=[row.public_id]),
            row.recorded_at,
        )
        for row in _waiting_files.rows(office=office, user=user)
    ]
