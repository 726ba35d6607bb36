"""Notice withdrawal: the paper that tells a person that a 代理受領通知書 holds no more."""

from __future__ import annotations

from django.db import models

from billing.models.month import PersonMonth
from billing.models.proxy_notice import ProxyNotice
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class NoticeWithdrawal(FrozenModel, PublicModel):
    """代理受領通知書の取り消し ties a notice that holds no more to the paper that says so.

    `person_month` is the row of the month that held when it was issued: what the paper says holds now
    is of that row. Once per notice and row: where the month is corrected once more, a further paper
    replaces this one.
    """

    notice = models.ForeignKey(
        ProxyNotice,
        on_delete=models.PROTECT,  # what was told stays known
        related_name="withdrawals",
        verbose_name="代理受領通知書",
    )
    person_month = models.ForeignKey(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        related_name="notice_withdrawals",
        verbose_name="いまの利用者の月",
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="notice_withdrawal",
        verbose_name="文書",
    )

    class Meta:
        verbose_name = "代理受領通知書の取り消し"
        verbose_name_plural = "代理受領通知書の取り消し"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "person_month"],
                name="notice_withdrawal_once",
                violation_error_message="この取り消しのお知らせは、たったいま別の人が出しました。",
            ),
        ]
