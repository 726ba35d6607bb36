"""Claim payment: what 国保連 paid for one person's claim."""

from __future__ import annotations

from django.db import models

from billing.models.claim_file import ClaimFileEntry
from billing.models.taken_back import TakenBackRow, cancellation_has_reason


class ClaimPayment(TakenBackRow):
    """国保連の支払い what was decided and paid for one claim (支払決定額), on a day.

    A row never changes: a mistake is taken back by a further row (`cancels`) with its reason in
    `note`, then recorded anew. The rows of a claim are numbered, so that two people at once get one
    row and one message; the last one says how it stands.
    """

    entry = models.ForeignKey(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # money
        related_name="payments",
        verbose_name="請求ファイルの対象者",
    )
    number = models.PositiveSmallIntegerField("番号", default=1)
    paid_on = models.DateField("支払日")
    amount_yen = models.PositiveIntegerField("支払決定額（円）")
    note = models.CharField("取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "国保連の支払い"
        verbose_name_plural = "国保連の支払い"
        ordering = ["entry", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"],
                name="claim_payment_number_once",
                violation_error_message="この方の支払いは、たったいま別の人が記録しました。",
            ),
            cancellation_has_reason("claim_payment"),
        ]

    @property
    def benefit_yen(self) -> int:
        """給付費 alone: the subsidy comes with it and is not what the office took for the person."""
        return max(0, self.amount_yen - self.entry.person_month.subsidy_yen)
