"""The office's duty around hand-overs: guideline and appointed person, dated (docs/rules.md §9)."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap


class HandoverSystem(RecordedModel):
    """引き継ぎの体制 which guideline holds at an office and who is appointed, from a day on."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # proof that the duty was met
        related_name="handover_systems",
        verbose_name="事業所",
    )
    starts_on = models.DateField("この体制の開始日")
    ends_on = models.DateField("終了日", null=True, blank=True, editable=False)
    guideline = models.CharField("指針の名前と、置いてある所", max_length=200, blank=True)
    appointed = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who was appointed stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="引き継ぎの責任者",
    )

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "引き継ぎの体制"
        verbose_name_plural = "引き継ぎの体制"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="handover_system_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["office"],
                name="handover_system_no_overlap",
                violation_error_message="その日からの体制は、もう記録されています。",
            ),
        ]
