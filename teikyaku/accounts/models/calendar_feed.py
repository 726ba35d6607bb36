"""Calendar feed: the secret address under which somebody's own calendar reads their dates."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from teikyaku.accounts.models.base import PublicModel
from teikyaku.accounts.models.user import User


class CalendarFeed(PublicModel):
    """予定表の配信 one secret address of one user; of the secret only a hash is kept.

    A row is never used again: a new address is a new row, and the former one is revoked. What it
    shows is asked anew at each reading, from the memberships then in force.
    """

    user = models.ForeignKey(
        User,
        on_delete=models.PROTECT,  # which address read what stays known
        related_name="+",
        verbose_name="職員",
    )
    token_hash = models.CharField("アドレスの検査値", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("作成日時", editable=False)
    revoked_at = models.DateTimeField("取消日時", null=True, blank=True, editable=False)
    last_fetched_on = models.DateField("最後に読まれた日", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "予定表の配信"
        verbose_name_plural = "予定表の配信"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(revoked_at=None),
                name="calendar_feed_one_alive",
                violation_error_message="予定表のアドレスは、一人に一つです。",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("created_at")),
                name="calendar_feed_revoked_after",
                violation_error_message="取消は作成より後です。",
            ),
        ]
