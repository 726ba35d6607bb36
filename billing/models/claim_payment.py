"""Claim payment: what 国保連 paid for one person's claim."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.claim_file import ClaimFileEntry
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.frozen import FrozenModel, FrozenQuerySet


class ClaimPaymentQuerySet(FrozenQuerySet):
    """Questions about what 国保連 paid."""

    def standing(self) -> ClaimPaymentQuerySet:
        """Those that count: neither taken back nor the row that takes one back."""
        return self.filter(cancels=None, cancelled_by=None)


class ClaimPayment(FrozenModel, RecordedModel):
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
    cancels = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,  # what was taken back stays readable
        null=True,
        blank=True,
        related_name="cancelled_by",
        verbose_name="取り消した支払い",
        error_messages={"unique": "この支払いは、たったいま別の人が取り消しました。"},
    )

    objects = ClaimPaymentQuerySet.as_manager()  # type: ignore[misc]

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
            models.CheckConstraint(
                condition=Q(cancels__isnull=True) | ~Q(note=""),
                name="claim_payment_cancellation_has_reason",
                violation_error_message="取り消す理由を入れてください。",
            ),
        ]
