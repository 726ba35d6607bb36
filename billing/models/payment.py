"""Payment: what a person paid for an invoice, and the receipt for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.enums import PaymentWay
from billing.models.invoice import Invoice
from billing.models.taken_back import TakenBackRow, cancellation_has_reason
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class Payment(TakenBackRow):
    """入金 what the person paid for one invoice on a day.

    A row never changes. A mistake is taken back by a further row (`cancels`) with its reason in
    `note`, then recorded anew.
    """

    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,  # money
        related_name="payments",
        verbose_name="請求書",
    )
    paid_on = models.DateField("入金日")
    amount_yen = models.PositiveIntegerField("入金額（円）")
    way = models.CharField("方法", max_length=20, choices=PaymentWay)
    note = models.CharField("メモ・取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "入金"
        verbose_name_plural = "入金"
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0),
                name="payment_amount_positive",
                violation_error_message="入金額は1円以上で入れてください。",
            ),
            cancellation_has_reason("payment"),
        ]


class Receipt(FrozenModel, PublicModel):
    """領収書 ties a payment to the document that was issued for it."""

    payment = models.OneToOneField(
        Payment,
        on_delete=models.PROTECT,  # money
        related_name="receipt",
        verbose_name="入金",
        error_messages={"unique": "この入金の領収書は、たったいま別の人が出しました。"},
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="receipt",
        verbose_name="文書",
    )

    class Meta:
        verbose_name = "領収書"
        verbose_name_plural = "領収書"
        ordering = ["pk"]
