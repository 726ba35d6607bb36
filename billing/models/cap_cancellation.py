"""Cap cancellation: a 上限額管理結果票 that was sent and counts no more."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.enums import CapCancelReason
from billing.models.claim_file import ClaimFileEntry
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.frozen import FrozenModel


class CapSheetCancellation(FrozenModel, RecordedModel):
    """上限額管理結果票の取り消し the line of a file by which a sheet that was sent is cancelled (作成区分 3).

    It hangs on the place in the file that cancels and names the place in the file that sent the
    sheet. Where the cancelling file is withdrawn, the sheet stands again.
    """

    entry = models.OneToOneField(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # what was sent stays known
        related_name="cap_cancellation",
        verbose_name="取り消す請求ファイルの対象者",
    )
    sheet = models.ForeignKey(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # what was sent stays known
        related_name="cap_cancellations",
        verbose_name="取り消した結果票",
    )
    reason = models.CharField("理由", max_length=20, choices=CapCancelReason)
    note = models.CharField("くわしい理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "上限額管理結果票の取り消し"
        verbose_name_plural = "上限額管理結果票の取り消し"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=CapCancelReason.OTHER) | ~Q(note=""),
                name="cap_cancellation_other_has_note",
                violation_error_message="「その他」のときは、くわしい理由を入れてください。",
            ),
            models.CheckConstraint(
                condition=~Q(entry=F("sheet")),
                name="cap_cancellation_of_another",
                violation_error_message="取り消すのは、前のファイルの結果票です。",
            ),
        ]
