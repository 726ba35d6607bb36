"""Organisation: consultation offices, centres, hospitals and other offices."""

from __future__ import annotations

from django.db import models

from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import PublicModel


class Organisation(PublicModel):
    """関係機関 an organisation that works with people; reference data without personal data."""

    class Kind(models.TextChoices):
        """種別 of an organisation."""

        CONSULTATION = "consultation", "相談支援事業所"
        CENTRE = "centre", "障害者就業・生活支援センター等"
        JOB_COACH = "job_coach", "ジョブコーチ（障害者職業センター等）"
        HOSPITAL = "hospital", "医療機関"
        OFFICE = "office", "他の障害福祉サービス事業所"
        OTHER = "other", "その他"

    kind = models.CharField("種別", max_length=20, choices=Kind)
    name = models.CharField("名称", max_length=80)
    number = models.CharField("事業所番号", max_length=10, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    address = models.CharField("所在地", max_length=160, blank=True)
    areas = models.ManyToManyField(
        Municipality, blank=True, related_name="+", verbose_name="担当区域"
    )

    class Meta:
        verbose_name = "関係機関"
        verbose_name_plural = "関係機関"
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="organisation_once",
                violation_error_message="同じ名称の関係機関が登録済みです。",
            )
        ]

    def __str__(self) -> str:
        return self.name
