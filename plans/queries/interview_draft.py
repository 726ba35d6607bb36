"""面談の書きかけ: one's own to go on with, and that a colleague writes at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clients.access import enrolments_for
from clients.models import Enrolment
from clients.queries.subject import names_of
from plans.models import InterviewDraft
from teikyaku.accounts.models import Membership
from teikyaku.accounts.way_back import PARAMETER
from teikyaku.prepared import prepared

# What somebody left a day ago is no longer being written.
WRITING_HOURS = 24
# What the page fills in by itself is nobody's writing, nor is the month that it was opened for.
PREFILLED = ("outcome", "way", "held_on", "met_by", PARAMETER)


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One's own draft in a list."""

    draft_id: UUID
    enrolment_id: UUID
    name: str
    kana: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Writing:
    """A colleague has begun to write about the same person."""

    name: str
    saved_at: datetime


def own_drafts(membership: Membership) -> QuerySet[InterviewDraft]:
    """All that this person began to write at this office; nobody else's.

    By the person: a change of roles makes another membership, and loses nothing.
    """
    return InterviewDraft.objects.filter(
        recorded_by__user=membership.user_id, enrolment__office=membership.office_id
    ).select_related("enrolment__client")


@prepared("office", "user")
def _own(office: int, user: int, on: date) -> QuerySet[InterviewDraft]:
    reader = Membership(office_id=office, user_id=user)
    return own_drafts(reader).filter(enrolment__in=enrolments_for(reader, on))


def begun_about(membership: Membership, enrolment: Enrolment) -> list[InterviewDraft]:
    """One's own drafts about one person in which something stands (one query)."""
    return written(
        _about.rows(office=membership.office_id, user=membership.user_id, enrolment=enrolment.pk)
    )


@prepared("office", "user", "enrolment")
def _about(office: int, user: int, enrolment: int) -> QuerySet[InterviewDraft]:
    reader = Membership(office_id=office, user_id=user)
    return own_drafts(reader).filter(enrolment=enrolment)


def is_touched(answers: Mapping[str, Any]) -> bool:
    """Whether somebody wrote or chose anything."""
    return any(value for name, value in answers.items() if name not in PREFILLED)


def written(drafts: Iterable[InterviewDraft]) -> list[InterviewDraft]:
    """Those in which something stands; an empty one is nothing to go on with."""
    return [row for row in drafts if is_touched(row.answers)]


def draft_rows(membership: Membership, on: date) -> list[DraftRow]:
    """One's own drafts about people whom one still serves, the latest first (two queries)."""
    rows = written(_own.rows(office=membership.office_id, user=membership.user_id, on=on))
    names = names_of([row.enrolment.client_id for row in rows], on)
    return [
        DraftRow(
            draft_id=row.public_id,
            enrolment_id=row.enrolment.public_id,
            name=name.name if (name := names.get(row.enrolment.client_id)) else "",
            kana=name.kana if name else "",
            saved_at=row.saved_at,
        )
        for row in rows
    ]


def writing_now(enrolment: Enrolment, membership: Membership, at: datetime) -> list[Writing]:
    """Colleagues who write about this person; who and when, not what."""
    since = at - timedelta(hours=WRITING_HOURS)
    others = enrolment.interview_drafts.filter(saved_at__gte=since).exclude(
        recorded_by__user=membership.user_id
    )
    return [
        Writing(row.recorded_by.user.name, row.saved_at)
        for row in written(others.select_related("recorded_by__user"))
    ]
