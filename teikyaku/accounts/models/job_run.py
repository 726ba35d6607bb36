"""Recurring work: when each kind last ran, and how it went."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

# docs/operations.md: once a month, with some days to spare.
PROVE_EVERY_DAYS = 40


class JobRun(models.Model):
    """定期処理 the last run of one kind of recurring work; a new run takes the row over."""

    class Name(models.TextChoices):
        """Each is a `manage.py` command of the same name."""

        SEND_MAIL = "send_mail", "メールの送信"
        SEND_REMINDERS = "send_reminders", "期限の知らせ"
        CHECK_DERIVED = "check_derived", "面談の期限の点検"
        VERIFY_MONTHS = "verify_months", "締めた月の点検"
        CHECK_ATTACHMENTS = "check_attachments", "添付の点検"
        BACKUP = "backup", "バックアップ"
        LOOK_OVER = "look_over", "食い違いの点検"
        RESTORE_PROVED = "restore_proved", "戻せることの確かめ"

        @property
        def late_after(self) -> timedelta:
            """How long without a run is unusual: mail goes every few minutes, the rest once a day."""
            if self is JobRun.Name.RESTORE_PROVED:
                return timedelta(days=PROVE_EVERY_DAYS)
            return timedelta(hours=1) if self is JobRun.Name.SEND_MAIL else timedelta(days=2)

        @property
        def is_by_hand(self) -> bool:
            """Whether a person does it, so that no timer starts it."""
            return self is JobRun.Name.RESTORE_PROVED

    name = models.CharField("処理", max_length=40, choices=Name.choices, unique=True)
    started_at = models.DateTimeField("開始日時")
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    """None while it runs, or where it was killed."""
    has_failed = models.BooleanField("失敗した", default=False)
    said = models.CharField("結果", max_length=200, blank=True)

    class Meta:
        verbose_name = "定期処理"
        verbose_name_plural = "定期処理"
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
                name="job_run_ends_after_start",
                violation_error_message="終了は開始より後です。",
            )
        ]

    def __str__(self) -> str:
        return self.get_name_display()
