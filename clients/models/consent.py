"""Consent: what may go to whom."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models.enrolment import Enrolment
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class Consent(RecordedModel):
    """同意 the person's consent for one recipient and one scope; it can be withdrawn."""

    class Recipient(models.TextChoices):
        """相手 to whom something may go."""

        EMPLOYER = "employer", "職場"
        FAMILY = "family", "家族"
        CENTRE = "centre", "就業・生活支援センター"
        MEDICAL = "medical", "医療機関"
        CONSULTATION = "consultation", "相談支援事業所"
        OTHER = "other", "その他"

    class ConsentScope(models.TextChoices):
        """範囲 what may go."""

        REPORT = "report", "支援レポート"
        CONTACT = "contact", "連絡・相談"
        HANDOVER = "handover", "引き継ぎの情報"
        SUPPORT_PLAN = "support_plan", "個別支援計画"

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # part of the file
        related_name="consents",
        verbose_name="利用",
    )
    recipient = models.CharField("相手", max_length=20, choices=Recipient)
    recipient_name = models.CharField("相手の名称", max_length=80, blank=True)
    scope = models.CharField("範囲", max_length=20, choices=ConsentScope)
    starts_on = models.DateField("同意した日")
    ends_on = models.DateField("同意の最終日", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "同意"
        verbose_name_plural = "同意"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="consent_date_order",
                violation_error_message="最終日は同意した日以後にしてください。",
            )
        ]
