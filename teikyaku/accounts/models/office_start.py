"""Office start: from which month on an office bills here, and its guide to moving in."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.office import Office
from teikyaku.constraints import FirstOfMonth, Together


class OfficeStart(RecordedModel):
    """使い始め what an office says of its beginning here; an office without a row began with its first use.

    Months before `first_month` were billed elsewhere: nothing of them is asked for.
    """

    office = models.OneToOneField(
        Office,
        on_delete=models.PROTECT,  # explains which months are asked for
        related_name="start",
        verbose_name="事業所",
    )
    first_month = models.DateField("ここで請求する最初の月", null=True, blank=True)
    put_away_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who put the guide away stays known
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="案内をしまった人",
    )
    put_away_at = models.DateTimeField("案内をしまった日時", null=True, blank=True, editable=False)

    answered = models.JSONField("確かめた項目", default=dict, blank=True)
    """By step of the guide whom it named (public ids of enrolments) when somebody said that they knew."""

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "使い始め"
        verbose_name_plural = "使い始め"
        ordering = ["pk"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="office_start_first_month",
                violation_error_message="月の初日で保存します。",
            ),
            Together(
                fields=["put_away_by", "put_away_at"],
                name="office_start_put_away_together",
                violation_error_message="案内をしまうには、人と日時が必要です。",
            ),
        ]
