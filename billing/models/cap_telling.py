"""Cap telling: another office of a cancelled sheet was told that it counts no more."""

from __future__ import annotations

from django.db import models

from billing.enums import CapTellWay
from billing.models.cap_cancellation import CapSheetCancellation
from billing.models.cap_management import CapResultLine
from billing.models.taken_back import TakenBackRow, cancellation_has_reason


class CapTelling(TakenBackRow):
    """取り消しの連絡 when and how an office that reckoned by a cancelled 上限額管理結果票 was told of it.

    A row never changes: one that was recorded by mistake is taken back by a further row (`cancels`).
    The rows of an office are numbered, so that two people at once get one row and one message.
    """

    cancellation = models.ForeignKey(
        CapSheetCancellation,
        on_delete=models.PROTECT,  # who was told stays known
        related_name="tellings",
        verbose_name="上限額管理結果票の取り消し",
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
        verbose_name = "取り消しの連絡"
        verbose_name_plural = "取り消しの連絡"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation", "line", "number"],
                name="cap_telling_number_once",
                violation_error_message="この事業所への連絡は、たったいま別の人が記録しました。",
            ),
            cancellation_has_reason("cap_telling"),
        ]
