"""Takeout: an office asked for everything of its own as one file, to keep or to move elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.office import Office
from teikyaku.constraints import Together


class OfficeTakeout(RecordedModel):
    """データの持ち出し who asked for the file, when it was ready, who took it, and when it was removed.

    The file itself lies beside the attachments for a few days. What stays of it are counts.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose data it was
        related_name="takeouts",
        verbose_name="事業所",
    )
    steps = models.PositiveIntegerField("ファイルの数", default=0)
    steps_done = models.PositiveIntegerField("入れたファイルの数", default=0)
    row_count = models.PositiveIntegerField("行数", default=0)
    missing_count = models.PositiveIntegerField("入らなかったファイルの数", default=0)
    size = models.BigIntegerField("大きさ（バイト）", default=0)
    ready_at = models.DateTimeField("できた日時", null=True, blank=True, editable=False)
    kept_until = models.DateField("この日まで置く", null=True, blank=True, editable=False)
    download_count = models.PositiveIntegerField("受け取った回数", default=0, editable=False)
    taken_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who last took it stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="最後に受け取った人",
        editable=False,
    )
    taken_at = models.DateTimeField("最後に受け取った日時", null=True, blank=True, editable=False)
    removed_at = models.DateTimeField("ファイルを消した日時", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "データの持ち出し"
        verbose_name_plural = "データの持ち出し"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(ready_at=None, removed_at=None),
                name="takeout_one_at_a_time",
                violation_error_message="この事業所の持ち出しは、いま作っています。",
            ),
            Together(
                fields=["ready_at", "kept_until"],
                name="takeout_ready_is_kept_until",
                violation_error_message="できたファイルには、置いておく日が要ります。",
            ),
            Together(
                fields=["taken_by", "taken_at"],
                name="takeout_taken_together",
                violation_error_message="受け取りには、人と日時が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, download_count=0)
                | Q(taken_at__isnull=False, ready_at__isnull=False, download_count__gt=0),
                name="takeout_taken_when_ready",
                violation_error_message="受け取れるのは、できたファイルだけです。",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """It is being made."""
        return self.ready_at is None and self.removed_at is None

    @property
    def is_here(self) -> bool:
        """The file can be taken."""
        return self.ready_at is not None and self.removed_at is None
