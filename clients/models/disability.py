"""Disability: the kinds that the certificate prints."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models.client import Client
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap


class Disability(RecordedModel):
    """障害種別 a kind of disability with its period and handbook."""

    class Kind(models.TextChoices):
        """種別 as on the face of the certificate (docs/rules.md §4 S)."""

        PHYSICAL = "physical", "身体"
        INTELLECTUAL = "intellectual", "知的"
        MENTAL = "mental", "精神"
        INTRACTABLE = "intractable", "難病等"

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="disabilities",
        verbose_name="利用者",
    )
    kind = models.CharField("種別", max_length=20, choices=Kind)
    handbook = models.CharField("手帳と等級", max_length=60, blank=True)
    starts_on = models.DateField("認定日")
    ends_on = models.DateField("終了日", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "障害種別"
        verbose_name_plural = "障害種別"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="disability_date_order",
                violation_error_message="終了日は認定日以後にしてください。",
            ),
            NoOverlap(
                fields=["client", "kind"],
                name="disability_no_overlap",
                violation_error_message="同じ種別の期間が重なっています。",
            ),
        ]
