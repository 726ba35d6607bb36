"""Interview draft: what was written of a contact before it is a record."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clients.models import Enrolment
from teikyaku.accounts.models.base import RecordedModel


class InterviewDraft(RecordedModel):
    """面談の書きかけ the answers as typed, right or wrong; erased when it becomes a record.

    Only who writes it reads it; colleagues see that there is one. It has no history: it saves itself
    every few seconds, and nothing rests on it.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # no record: it goes with what it is about
        related_name="interview_drafts",
        verbose_name="利用",
    )
    answers = models.JSONField("入力")
    version = models.PositiveIntegerField("版", default=1)
    # Of the last save: what the same page sends again is no other screen's.
    page = models.UUIDField("書いた画面", null=True, editable=False)
    turn = models.PositiveBigIntegerField("画面での順", null=True, editable=False)
    saved_at = models.DateTimeField("保存日時")

    class Meta:
        verbose_name = "面談の書きかけ"
        verbose_name_plural = "面談の書きかけ"
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="interview_draft_version",
                violation_error_message="版は1からです。",
            )
        ]
        indexes = [
            models.Index(fields=["recorded_by", "-saved_at"], name="interview_draft_own"),
        ]
