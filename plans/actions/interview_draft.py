"""面談の書きかけ: kept as typed, saved over only by who knows its last version, gone as a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from clients.models import Enrolment
from plans.models import InterviewDraft
from teikyaku.accounts.actions.record import audit, save_record
from teikyaku.accounts.models import Membership

GONE = _l(
    "この書きかけは、もう記録になったか、捨てられています。まだ記録するときは、もう一度押してください。"
)


class DraftChanged(ValidationError):
    """The draft was saved from another tab or device since it was opened."""


class DraftGone(ValidationError):
    """The draft has become a record, or was thrown away."""


@transaction.atomic
def begin_draft(
    *, enrolment: Enrolment, answers: Mapping[str, Any], by: Membership, at: datetime
) -> InterviewDraft:
    """The first save of what somebody began to write."""
    row = InterviewDraft(enrolment=enrolment, answers=dict(answers), saved_at=at)
    person = enrolment.client.public_id
    return save_record(row, verb="interview_draft_kept", by=by, at=at, person_id=person)


@transaction.atomic
def save_draft(
    *, draft: InterviewDraft, version: int, answers: Mapping[str, Any], at: datetime
) -> InterviewDraft:
    """Written over, by who knows its last version; not on the record, it happens every few seconds.

    Raises DraftChanged when another tab was quicker, DraftGone when there is none any more.
    """
    mine = InterviewDraft.objects.filter(pk=draft.pk, version=version)
    changed = mine.update(answers=dict(answers), saved_at=at, version=F("version") + 1)
    if not changed:
        _refuse(draft)
    draft.refresh_from_db()
    return draft


@transaction.atomic
def end_draft(*, draft: InterviewDraft, version: int) -> None:
    """It becomes a record in this transaction: nobody sends it twice.

    Raises DraftChanged when another tab was quicker, DraftGone when there is none any more.
    """
    deleted, _rows = InterviewDraft.objects.filter(pk=draft.pk, version=version).delete()
    if not deleted:
        _refuse(draft)


@transaction.atomic
def discard_draft(*, draft: InterviewDraft, by: Membership, at: datetime) -> None:
    """Thrown away by who wrote it; that it was is on the record, what stood in it is not."""
    audit(
        verb="interview_draft_discarded", subject=draft, by=by, at=at,
        person_id=draft.enrolment.client.public_id,
    )  # fmt: skip
    InterviewDraft.objects.filter(pk=draft.pk).delete()


def _refuse(draft: InterviewDraft) -> None:
    if InterviewDraft.objects.filter(pk=draft.pk).exists():
        raise DraftChanged(
            _(
                "ほかの画面で、この書きかけが書き換えられています。両方を見て、残す方を選んでください。"
            )
        )
    raise DraftGone(GONE)
