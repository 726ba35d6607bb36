"""Handover: what happens before the support ends (docs/rules.md §9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models import Enrolment, Organisation
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class Handover(RecordedModel):
    """引き継ぎ the judgement of need, consent, sharing by the latest day, acceptance by the centre."""

    enrolment = models.OneToOneField(
        Enrolment,
        on_delete=models.PROTECT,  # proof that the duty was met
        related_name="handover",
        verbose_name="利用",
    )
    judged_on = models.DateField("判断した日")
    is_needed = models.BooleanField("引き続き支援が必要")
    judgement = models.TextField("判断の理由")
    centre = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # reference data
        null=True,
        blank=True,
        related_name="+",
        verbose_name="引き継ぎ先",
    )
    consented_on = models.DateField("本人の同意日", null=True, blank=True)
    shared_on = models.DateField("情報を共有した日", null=True, blank=True)
    meeting_on = models.DateField("引き継ぎ会議の日", null=True, blank=True)
    accepted_on = models.DateField("受け入れの日", null=True, blank=True)
    declined_on = models.DateField("断られた日", null=True, blank=True)
    decline_reason = models.CharField("断られた理由", max_length=200, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "引き継ぎ"
        verbose_name_plural = "引き継ぎ"
        constraints = [
            models.CheckConstraint(
                condition=Q(shared_on__isnull=True) | Q(consented_on__isnull=False),
                name="handover_sharing_needs_consent",
                violation_error_message="情報の共有には、本人の同意日が必要です。",
            ),
            DateOrder(
                first="consented_on",
                last="shared_on",
                name="handover_consent_before_sharing",
                violation_error_message="共有した日は同意日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(declined_on__isnull=True) | ~Q(decline_reason=""),
                name="handover_decline_has_reason",
                violation_error_message="断られた理由を入れてください。",
            ),
        ]
