"""Proxy notice: the paper that tells a person what the office received in their place."""

from __future__ import annotations

from django.db import models

from billing.models.claim_payment import ClaimPayment
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class ProxyNotice(FrozenModel, PublicModel):
    """代理受領通知書 ties what 国保連 paid for a person to the document that tells them of it.

    Issued only once the sum was paid (docs/rules.md §8). A corrected sum is another payment: its
    notice replaces the earlier one.
    """

    payment = models.OneToOneField(
        ClaimPayment,
        on_delete=models.PROTECT,  # money
        related_name="notice",
        verbose_name="国保連の支払い",
        error_messages={"unique": "この支払いの代理受領通知書は、たったいま別の人が出しました。"},
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="proxy_notice",
        verbose_name="文書",
    )

    class Meta:
        verbose_name = "代理受領通知書"
        verbose_name_plural = "代理受領通知書"
        ordering = ["pk"]
