"""Retention before: how many people of earlier years an office has to count who are not on file here."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import RecordedModel


class RetentionBefore(RecordedModel):
    """移行前の人数 of 就労定着率 for one fiscal year: those whom nobody brought along, and how many stayed.

    Typed by the office from papers of before, with the paper named. Nobody in it is on file here.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose rate it is
        related_name="retention_before",
        verbose_name="事業所",
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    people = models.PositiveSmallIntegerField("ここに登録していない利用者の人数")
    employed = models.PositiveSmallIntegerField("そのうち3月31日に働いていた人数")
    source = models.CharField("出典（何を見て数えたか）", max_length=200)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "移行前の人数"
        verbose_name_plural = "移行前の人数"
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "fiscal_year"],
                name="retention_before_once",
                violation_error_message="この年度の人数は、たったいま別の人が入れました。",
            ),
            models.CheckConstraint(
                condition=Q(employed__lte=F("people")),
                name="retention_before_employed_within",
                violation_error_message="働いていた人数は、全体の人数までです。",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="retention_before_has_source",
                violation_error_message="何を見て数えたかを入れてください。",
            ),
        ]
