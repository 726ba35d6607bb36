"""Support plan: the provider's individual plan (not the service-use plan)."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models import Enrolment
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class SupportPlan(RecordedModel):
    """個別支援計画 assessment → draft → meeting → explained and consent → handed over; reviewed.

    docs/rules.md §6 S: reviewed at least every 6 months.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed on it
        related_name="support_plans",
        verbose_name="利用",
    )
    wishes = models.TextField("本人の希望（本人の言葉で）")
    goals = models.TextField("目標")
    support = models.TextField("支援の内容", blank=True)
    assessed_on = models.DateField("アセスメントの日")
    drafted_on = models.DateField("原案の作成日")
    meeting_on = models.DateField("本人を交えた会議の日")
    consented_on = models.DateField("説明し同意を得た日")
    handed_over_on = models.DateField("交付日")
    starts_on = models.DateField("計画の開始日")
    review_by = models.DateField("見直しの期限")

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "個別支援計画"
        verbose_name_plural = "個別支援計画"
        ordering = ["starts_on"]
        constraints = [
            *(
                DateOrder(
                    first=first,
                    last=last,
                    name=f"support_plan_{last}_order",
                    violation_error_message="手順の順に日付を入れてください。",
                )
                for first, last in (
                    ("assessed_on", "drafted_on"),
                    ("drafted_on", "meeting_on"),
                    ("meeting_on", "consented_on"),
                    ("consented_on", "handed_over_on"),
                    ("starts_on", "review_by"),
                )
            ),
            models.UniqueConstraint(
                fields=["enrolment", "starts_on"],
                name="support_plan_once",
                violation_error_message="同じ開始日の計画があります。",
            ),
        ]
