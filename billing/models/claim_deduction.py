"""Claim deduction: what 国保連 took off a later transfer for a claim that was taken back."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.models.claim_file import ClaimFileEntry
from billing.models.taken_back import TakenBackRow, cancellation_has_reason


class ClaimDeduction(TakenBackRow):
    """過誤調整 what of a paid and taken back claim 国保連 took off a transfer, on the day of that.

    A row never changes: a mistake is taken back by a further row (`cancels`) with its reason in
    `note`. The rows of a claim are numbered, so that two people at once get one row and one message;
    together they come to no more than was paid.
    """

    entry = models.ForeignKey(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # money
        related_name="deductions",
        verbose_name="請求ファイルの対象者",
    )
    number = models.PositiveSmallIntegerField("番号", default=1)
    deducted_on = models.DateField("差し引かれた日")
    amount_yen = models.PositiveIntegerField("過誤調整額（円）")
    subsidy_yen = models.PositiveIntegerField("うち自治体助成（円）", default=0)
    note = models.CharField("取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "過誤調整"
        verbose_name_plural = "過誤調整"
        ordering = ["entry", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"],
                name="claim_deduction_number_once",
                violation_error_message="この方の過誤調整は、たったいま別の人が記録しました。",
            ),
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0, subsidy_yen__lte=F("amount_yen")),
                name="claim_deduction_amount",
                violation_error_message="過誤調整額は1円以上で入れてください。",
            ),
            cancellation_has_reason("claim_deduction"),
        ]
