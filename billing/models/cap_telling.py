"""Cap telling: another office of a sheet was told that it counts no more, or was put right."""

from __future__ import annotations

from django.db import models

from billing.enums import CapTellWay
from billing.models.cap_management import CapResultLine
from billing.models.claim_file import ClaimFileEntry
from billing.models.taken_back import TakenBackRow, cancellation_has_reason


class CapTelling(TakenBackRow):
    """結果票の連絡 when and how an office that reckoned by a 上限額管理結果票 was told that it changed.

    It hangs on the line of a file that cancels the sheet (取消し) or puts it right alone (修正). A row never changes: one that was recorded by mistake is taken back by a further row (`cancels`).
    The rows of an office are numbered, so that two people at once get one row and one message.
    """

    entry = models.ForeignKey(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # who was told stays known
        related_name="cap_tellings",
        verbose_name="取り消すか修正する請求ファイルの対象者",
    )
    line = models.ForeignKey(
        CapResultLine,
        on_delete=models.PROTECT,  # which office it was stays known
        related_name="+",
        verbose_name="知らせた事業所",
    )
    number = models.PositiveSmallIntegerField("番号", default=1)
    told_on = models.DateField("知らせた日")
    way = models.CharField("知らせた方法", max_length=20, choices=CapTellWay)
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name = "結果票の連絡"
        verbose_name_plural = "結果票の連絡"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "line", "number"],
                name="cap_telling_number_once",
                violation_error_message="この事業所への連絡は、たったいま別の人が記録しました。",
            ),
            cancellation_has_reason("cap_telling"),
        ]
