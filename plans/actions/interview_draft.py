"""面談の書きかけ: kept as typed, saved over only by who knows its last version, gone as a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.models import Enrolment
from plans.models import Interview, InterviewDraft
from teikyaku.accounts.actions.record import audit, save_record
from teikyaku.accounts.models import Membership

GONE = _l(
    "この書きかけは、もう記録になったか、捨てられています。まだ記録するときは、もう一度押してください。"
)
RECORDED = _l(
    "この画面からは、もう記録しています。別のこととして記録するときは、もう一度押してください。"
)


@dataclass(frozen=True, slots=True)
class Page:
    """One opening of the form: what is kept and recorded from it is known by its key."""

    key: UUID
    # The order of its saves, in milliseconds of the device's clock; None where no script runs.
    turn: int | None = None
    # The page that a text came from which waited on the device.
    origin: UUID | None = None


class PageRecorded(Exception):
    """What stands on the page has become a record."""

    def __init__(self, interview: Interview) -> None:
        super().__init__(RECORDED)
        self.interview = interview


class DraftChanged(ValidationError):
    """The draft was saved from another tab or device since it was opened."""


class DraftGone(ValidationError):
    """The draft has become a record, or was thrown away."""


@transaction.atomic
def begin_draft(
    *, enrolment: Enrolment, answers: Mapping[str, Any], by: Membership, at: datetime,
    page: Page | None = None,
) -> InterviewDraft:  # fmt: skip
    """The first save of what somebody began to write.

    Where the page has begun one (its answer was lost), that one is written over. Raises
    PageRecorded where the page has become a record, DraftChanged when a later save was quicker.
    """
    refuse_recorded(enrolment, page, is_held=True)
    if page is not None:
        born = enrolment.interview_drafts.filter(page=page.key, recorded_by__user=by.user_id)
        if (draft := born.first()) is not None:
            return save_draft(draft=draft, version=0, answers=answers, at=at, page=page)
    row = InterviewDraft(
        enrolment=enrolment, answers=dict(answers), saved_at=at, page=page.key if page else None,
        turn=page.turn if page else None,
    )  # fmt: skip
    person = enrolment.client.public_id
    return save_record(row, verb="interview_draft_kept", by=by, at=at, person_id=person)


@transaction.atomic
def save_draft(
    *, draft: InterviewDraft, version: int, answers: Mapping[str, Any], at: datetime,
    page: Page | None = None,
) -> InterviewDraft:  # fmt: skip
    """Written over, by who knows its last version; not on the record, it happens every few seconds.

    The page that saved it last knows it too: an answer may have been lost on the way. Raises
    DraftChanged when another tab was quicker, DraftGone when there is none any more, PageRecorded
    where the page has become a record.
    """
    refuse_recorded(draft.enrolment, page, is_held=True)
    mine = InterviewDraft.objects.filter(_known(version, page, is_last=False), pk=draft.pk)
    changed = mine.update(
        answers=dict(answers), saved_at=at, version=F("version") + 1,
        page=page.key if page else None, turn=page.turn if page else None,
    )  # fmt: skip
    if not changed:
        _refuse(draft)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def empty_draft(
    *, enrolment: Enrolment, draft: InterviewDraft | None, version: int, by: Membership,
    at: datetime, page: Page | None = None,
) -> None:  # fmt: skip
    """Saved with nothing in it any more: there is nothing to go on with.

    `draft` is None where the page knows of none: then what it began without knowing goes (its answer
    was lost). Raises DraftChanged when another tab was quicker, DraftGone when there is none any
    more, PageRecorded where the page has become a record.
    """
    refuse_recorded(enrolment, page, is_held=True)
    known = _known(version, page, is_last=False)
    if draft is not None:
        if not InterviewDraft.objects.filter(known, pk=draft.pk).exists():
            _refuse(draft)
        discard_draft(draft=draft, by=by, at=at)
    elif page is not None:
        own = enrolment.interview_drafts.filter(known, page=page.key, recorded_by__user=by.user_id)
        for row in own:
            discard_draft(draft=row, by=by, at=at)


@transaction.atomic
def end_draft(
    *, enrolment: Enrolment, draft: InterviewDraft | None, version: int, page: Page | None
) -> None:
    """It becomes a record in this transaction: nobody sends it twice.

    Also what the page has saved without knowing it: the answer was still on its way. Raises
    DraftChanged when another tab was quicker, DraftGone when there is none any more, PageRecorded
    where the page has become a record.
    """
    refuse_recorded(enrolment, page, is_held=True)
    if draft is not None:
        mine = InterviewDraft.objects.filter(_known(version, page, is_last=True), pk=draft.pk)
        if not mine.delete()[0]:
            _refuse(draft)
    if page is not None:
        enrolment.interview_drafts.filter(page=page.key).delete()


def refuse_recorded(enrolment: Enrolment, page: Page | None, *, is_held: bool = False) -> None:
    """One page, one record.

    `is_held`: saves and records of this person wait for each other until the transaction ends, so
    that none of a page's saves is born beside its record. Raises PageRecorded.
    """
    if page is None:
        return
    if is_held:
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    pages = [each for each in (page.key, page.origin) if each]
    row = Interview.objects.filter(enrolment=enrolment, page__in=pages).first()
    if row is not None:
        raise PageRecorded(row)


@transaction.atomic
def discard_draft(*, draft: InterviewDraft, by: Membership, at: datetime) -> None:
    """Thrown away by who wrote it; that it was is on the record, what stood in it is not."""
    audit(
        verb="interview_draft_discarded", subject=draft, by=by, at=at,
        person_id=draft.enrolment.client.public_id,
    )  # fmt: skip
    InterviewDraft.objects.filter(pk=draft.pk).delete()


def _known(version: int, page: Page | None, *, is_last: bool) -> Q:
    """Whose the draft is to write over: who has read its version, or the page that saved it last.

    A save that was overtaken by a later one of the same page is not, but for the `is_last` one.
    """
    known = Q(version=version)
    if page is None:
        return known
    own = Q(page=page.key)
    if page.turn is not None and not is_last:
        own &= Q(turn=None) | Q(turn__lt=page.turn)
    return known | own


def _refuse(draft: InterviewDraft) -> None:
    if InterviewDraft.objects.filter(pk=draft.pk).exists():
        raise DraftChanged(
            _(
                "ほかの画面で、この書きかけが書き換えられています。両方を見て、残す方を選んでください。"
            )
        )
    raise DraftGone(GONE)
