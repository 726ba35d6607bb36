"""Other support: centre registration and job coach, beside or after this service."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clients.models.client import Client
from clients.models.organisation import Organisation
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class OtherSupport(RecordedModel):
    """他の支援 registration with a centre, or support by a job coach (three phases)."""

    class Kind(models.TextChoices):
        """種類 of the other support (新潟市 就労定着支援について)."""

        CENTRE = "centre", "就業・生活支援センター"
        JOB_COACH = "job_coach", "ジョブコーチ"

    class Phase(models.TextChoices):
        """段階 of a job coach's support."""

        INTENSIVE = "intensive", "集中支援"
        TRANSITION = "transition", "移行支援"
        FOLLOW_UP = "follow_up", "フォローアップ"

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person's file
        related_name="other_supports",
        verbose_name="利用者",
    )
    kind = models.CharField("種類", max_length=20, choices=Kind)
    phase = models.CharField("段階", max_length=20, choices=Phase, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # reference data
        related_name="+",
        verbose_name="機関",
    )
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    is_subsidised = models.BooleanField("訪問型ジョブコーチの助成を受ける", default=False)

    class Meta:
        verbose_name = "他の支援"
        verbose_name_plural = "他の支援"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="other_support_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(kind="job_coach") | Q(phase="", is_subsidised=False),
                name="other_support_phase_is_for_job_coach",
                violation_error_message="段階と助成はジョブコーチのときだけ入れます。",
            ),
        ]
