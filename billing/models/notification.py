"""What the office notified (届出): its tier for the year, its additions and reductions."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from billing.enums import NotifiedItem, Tier
from billing.tariffs import family_of
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap


class OfficeTier(RecordedModel):
    """就労定着率の区分 the tier of a fiscal year, confirmed with the date of the 届出.

    docs/rules.md §7: a year without a confirmed tier holds every claim.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # closed months were computed with it
        related_name="tiers",
        verbose_name="事業所",
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    tier = models.CharField("区分", max_length=20, choices=Tier)
    numerator = models.PositiveIntegerField("続いている人", null=True, blank=True)
    denominator = models.PositiveIntegerField("対象の人", null=True, blank=True)
    notified_on = models.DateField("届出日")

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "就労定着率の区分"
        verbose_name_plural = "就労定着率の区分"
        ordering = ["fiscal_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "fiscal_year"],
                name="office_tier_once",
                violation_error_message="この年度の区分は確認済みです。",
            )
        ]


class OfficeNotification(RecordedModel):
    """加算・減算の届出 an addition or reduction that applies to the office for a span of months."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # closed months were computed with it
        related_name="notifications",
        verbose_name="事業所",
    )
    item = models.CharField("項目", max_length=40, choices=NotifiedItem)
    # Filled from the item. Empty only where two stood at once before the database refused that: such
    # months are held until one of them is corrected.
    family = models.CharField("どちらか一つだけの項目", max_length=40, blank=True, editable=False)
    first_month = models.DateField("最初の月")
    last_month = models.DateField("最後の月", null=True, blank=True)
    # What was counted for it: of 就労定着実績体制加算 alone.
    numerator = models.PositiveIntegerField("続いた人", null=True, blank=True)
    denominator = models.PositiveIntegerField("数える人", null=True, blank=True)
    notified_on = models.DateField("届出日")

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "加算・減算の届出"
        verbose_name_plural = "加算・減算の届出"
        ordering = ["first_month"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="office_notification_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="office_notification_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            NoOverlap(
                fields=["office", "item"],
                starts="first_month",
                ends="last_month",
                name="office_notification_no_overlap",
                violation_error_message="同じ項目の届出の月が重なっています。",
            ),
            NoOverlap(
                fields=["office", "family"],
                starts="first_month",
                ends="last_month",
                condition=~Q(family=""),
                name="office_notification_one_of_family",
                violation_error_message="同じ月に、どちらか一つだけの届出です。",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new row knows which others it excludes."""
        if self._state.adding:
            self.family = family_of(self.item)
        super().save(*args, **kwargs)
