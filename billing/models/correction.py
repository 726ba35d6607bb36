"""Correction: why a closed month was put right, and when the municipality was asked for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.enums import CorrectionReason
from billing.models.month import PersonMonth
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import FirstOfMonth
from teikyaku.frozen import FrozenModel


class MonthCorrection(FrozenModel, RecordedModel):
    """過誤・再請求 why a person's closed month was corrected or withdrawn, by whom.

    It hangs on the new row; the old one is what that row `replaces`.
    """

    person_month = models.OneToOneField(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        related_name="correction",
        verbose_name="利用者の月",
    )
    reason = models.CharField("理由", max_length=20, choices=CorrectionReason)
    note = models.CharField("くわしい理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "過誤・再請求"
        verbose_name_plural = "過誤・再請求"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=CorrectionReason.OTHER) | ~Q(note=""),
                name="month_correction_other_has_note",
                violation_error_message="「その他」のときは、くわしい理由を入れてください。",
            )
        ]


class ErrorPetition(FrozenModel, RecordedModel):
    """過誤申立 the day on which the municipality was asked to take the old claim back.

    A row never changes: a wrong day is corrected by the next row, and the last one holds.
    """

    correction = models.ForeignKey(
        MonthCorrection,
        on_delete=models.PROTECT,  # money
        related_name="petitions",
        verbose_name="過誤・再請求",
    )
    filed_on = models.DateField("過誤申立の日")
    claim_month = models.DateField("再請求する処理月", null=True, blank=True)
    """The month in which the municipality lets the new claim in; empty where it said none."""

    class Meta:
        verbose_name = "過誤申立"
        verbose_name_plural = "過誤申立"
        ordering = ["pk"]
        constraints = [
            FirstOfMonth(
                field="claim_month",
                name="error_petition_month",
                violation_error_message="月の初日で保存します。",
            ),
        ]
