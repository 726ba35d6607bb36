"""Outbox: mail waits here until it is sent, once."""

from __future__ import annotations

from django.db import models

from teikyaku.accounts.models.user import User


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

    class Meta:
        verbose_name = "送信箱"
        verbose_name_plural = "送信箱"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "period"],
                name="outbox_once",
                violation_error_message="この知らせは作成済みです。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"
