"""Case move: people go from one member of staff to another, with what the other must know."""

from __future__ import annotations

from django.db import models

from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together


class CaseMove(RecordedModel):
    """担当の引き継ぎ people of one member of staff go to another from a day on.

    Who goes hangs on it as assignments. A caseload that several people carried until then is one
    move for each of them, so that each sees what became of their own people.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the office's file
        related_name="case_moves",
        verbose_name="事業所",
    )
    from_staff = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who was in charge stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="前の担当",
    )
    to_staff = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # as above
        related_name="case_moves",
        verbose_name="新しい担当",
    )
    starts_on = models.DateField("担当の開始日")
    note = models.TextField("引き継ぎのメモ", max_length=2000, blank=True)
    read_at = models.DateTimeField("確認した日時", null=True, blank=True, editable=False)
    read_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # as above
        null=True,
        editable=False,
        related_name="+",
        verbose_name="確認した人",
    )
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # as above
        null=True,
        editable=False,
        related_name="+",
        verbose_name="取り消した人",
    )

    class Meta:
        verbose_name = "担当の引き継ぎ"
        verbose_name_plural = "担当の引き継ぎ"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            Together(
                fields=("read_at", "read_by"),
                name="case_move_read_by",
                violation_error_message="確認には、日時と人が要ります。",
            ),
            Together(
                fields=("undone_at", "undone_by"),
                name="case_move_undone_by",
                violation_error_message="取消しには、日時と人が要ります。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-recorded_at"], name="case_move_newest"),
        ]
