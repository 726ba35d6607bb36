"""Staffing: how many full posts an office has, from a day on."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import RecordedModel


class OfficeStaffing(RecordedModel):
    """職員の配置 full posts (常勤換算) of an office from a day on; it holds until the next row.

    The product knows who holds a role, and not for how many hours: docs/rules.md §10 counts hours.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the office's file
        related_name="staffings",
        verbose_name="事業所",
    )
    starts_on = models.DateField("適用開始日")
    worker_posts = models.DecimalField(
        "就労定着支援員（常勤換算）",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(0)],
    )

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "職員の配置"
        verbose_name_plural = "職員の配置"
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "starts_on"],
                name="office_staffing_once",
                violation_error_message="この日からの配置は、もう記録されています。",
            )
        ]
