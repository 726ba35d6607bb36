"""Outbox: mail waits here until it is sent, once."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.user import User
from teikyaku.periods import in_force


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    """What waits, and what of it has lost its reason."""

    def waiting(self) -> OutboxMailQuerySet:
        """Neither sent nor withdrawn."""
        return self.filter(sent_at=None, withdrawn_at=None)

    def outdated(self, on: date) -> OutboxMailQuerySet:
        """Past its last day, or for a membership that lets nobody in any more."""
        holds = in_force(on, "membership__") & Q(
            membership__ended_at__isnull=True, membership__user__is_active=True
        )
        return self.filter(Q(last_on__lt=on) | (Q(membership__isnull=False) & ~holds))


class OutboxMail(models.Model):
    """送信箱 one mail; the same kind, recipient and period is written once, however often asked."""

    kind = models.CharField("種類", max_length=40)
    recipient = models.ForeignKey(
        User,
        on_delete=models.PROTECT,  # what was sent to whom stays known
        related_name="+",
        verbose_name="宛先",
    )
    period = models.CharField("対象期間", max_length=40)
    subject = models.CharField("件名", max_length=120)
    body = models.TextField("本文")
    created_at = models.DateTimeField("作成日時")
    sent_at = models.DateTimeField("送信日時", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取り下げ日時", null=True, blank=True)
    """Nobody got it, and nobody will: its reason was gone before it could be sent."""
    membership = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # as the recipient
        null=True,
        blank=True,
        related_name="+",
        verbose_name="所属",
    )
    """Sent only while this membership is in force."""
    last_on = models.DateField("この日まで送る", null=True, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = "送信箱"
        verbose_name_plural = "送信箱"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "period"],
                name="outbox_once",
                violation_error_message="この知らせは作成済みです。",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(withdrawn_at=None),
                name="outbox_sent_or_withdrawn",
                violation_error_message="送ったメールは取り下げられません。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"
