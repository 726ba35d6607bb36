"""What the office notified (届出): its tier for the year, its additions and reductions."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from billing.enums import NotifiedItem, Tier
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
        ]
