"""Refund: what was given back to a person who had paid too much."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.enums import RefundWay
from billing.models.invoice import Invoice
from billing.models.taken_back import TakenBackRow, cancellation_has_reason


class Refund(TakenBackRow):
    """返金 what went back to the person on a day, never more than was paid too much.

    A row never changes. A mistake is taken back by a further row (`cancels`) with its reason in
    `note`, as payments are.
    """

    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,  # money
        related_name="refunds",
        verbose_name="請求書",
    )
    refunded_on = models.DateField("返金した日")
    amount_yen = models.PositiveIntegerField("返金額（円）")
    way = models.CharField("方法", max_length=20, choices=RefundWay)
    note = models.CharField("メモ・取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "返金"
        verbose_name_plural = "返金"
        ordering = ["refunded_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0),
                name="refund_amount_positive",
                violation_error_message="返金額は1円以上で入れてください。",
            ),
            cancellation_has_reason("refund"),
        ]
