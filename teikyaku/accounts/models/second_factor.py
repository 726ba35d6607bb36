"""Reset of a lost second factor: two people, one asks and the other confirms."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from teikyaku.accounts.models.base import PublicModel
from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.user import User
from teikyaku.constraints import Together


class SecondFactorReset(PublicModel):
    """二要素の解除 takes two administrators: who asks cannot confirm, and nobody for themselves."""

    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,  # a security event stays on file
        related_name="second_factor_resets",
        verbose_name="職員",
    )
    reason = models.CharField("理由と本人確認の方法", max_length=200)
    requested_at = models.DateTimeField("依頼日時")
    requested_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", verbose_name="依頼者"
    )
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認者",
    )
    withdrawn_at = models.DateTimeField("取下げ日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取下げた人",
    )

    class Meta:
        verbose_name = "二要素の解除"
        verbose_name_plural = "二要素の解除"
        ordering = ["-requested_at"]
        constraints = [
            Together(
                fields=["confirmed_at", "confirmed_by"],
                name="second_factor_reset_confirmed_together",
                violation_error_message="確認の日時と確認者は一緒に記録します。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("requested_by")),
                name="second_factor_reset_two_people",
                violation_error_message="依頼した人とは別の管理者が確認してください。",
            ),
            Together(
                fields=["withdrawn_at", "withdrawn_by"],
                name="second_factor_reset_withdrawn_together",
                violation_error_message="取下げの日時と人は一緒に記録します。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="second_factor_reset_one_answer",
                violation_error_message="確認と取下げの両方にはできません。",
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="second_factor_reset_one_open",
                violation_error_message="この職員の解除は、すでに確認待ちです。",
            ),
        ]
