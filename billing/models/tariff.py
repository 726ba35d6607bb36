"""Tariff confirmation: an operator said that a fee table goes on."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap


class TariffConfirmation(RecordedModel):
    """報酬表の確認 a fee table confirmed as unchanged for months after its own end.

    docs/rules.md §7: R6 ends in May 2026; the base from June 2026 is [?] until confirmed once.
    """

    tariff = models.CharField("報酬表", max_length=40)
    first_month = models.DateField("最初の月")
    last_month = models.DateField("最後の月", null=True, blank=True)
    source = models.CharField("根拠", max_length=200)
    is_sample = models.BooleanField("見本（本番では使えません）", default=False)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "報酬表の確認"
        verbose_name_plural = "報酬表の確認"
        ordering = ["first_month"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="tariff_confirmation_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="tariff_confirmation_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            NoOverlap(
                fields=["tariff"],
                starts="first_month",
                ends="last_month",
                name="tariff_confirmation_no_overlap",
                violation_error_message="この報酬表の確認は、月が重なっています。",
            ),
        ]
