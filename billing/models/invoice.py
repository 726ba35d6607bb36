"""Invoice: the paper for the person, frozen when issued."""

from __future__ import annotations

from django.db import models

from billing.models.month import PersonMonth
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class Invoice(FrozenModel, PublicModel):
    """請求書 ties a person's month to the document that was issued for it."""

    person_month = models.ForeignKey(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        related_name="invoices",
        verbose_name="利用者の月",
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="invoice",
        verbose_name="文書",
    )
    amount_yen = models.PositiveIntegerField("請求額（円）")
    due_on = models.DateField("支払期限")

    class Meta:
        verbose_name = "請求書"
        verbose_name_plural = "請求書"
        ordering = ["pk"]
