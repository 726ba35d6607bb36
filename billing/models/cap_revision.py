"""Cap revision: a 上限額管理結果票 that was sent and is sent anew alone, with other figures."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.models.cap_management import CapResult
from billing.models.claim_file import ClaimFileEntry
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.frozen import FrozenModel


class CapSheetRevision(FrozenModel, RecordedModel):
    """上限額管理結果票の修正 the line of a file by which a sheet that was sent is put right (作成区分 2).

    Only other offices' lines changed: the closed month, its claim and its papers stay as they are. It
    hangs on the place in the file that puts right, names the place in the file that sent the sheet
    before, and the `result` whose lines it bears. Where its file is withdrawn, the sheet before holds.
    """

    entry = models.OneToOneField(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # what was sent stays known
        related_name="cap_revision",
        verbose_name="修正する請求ファイルの対象者",
    )
    sheet = models.ForeignKey(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # what was sent stays known
        related_name="cap_revisions",
        verbose_name="修正した結果票",
    )
    result = models.ForeignKey(
        CapResult,
        on_delete=models.PROTECT,  # what was sent stays known
        related_name="revisions",
        verbose_name="上限額管理結果",
    )

    is_telling_asked = models.BooleanField("連絡を尋ねる", default=True, editable=False)
    """Whether the other offices are to be told: not of those from before that was recorded here."""

    class Meta:
        verbose_name = "上限額管理結果票の修正"
        verbose_name_plural = "上限額管理結果票の修正"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(entry=F("sheet")),
                name="cap_revision_of_another",
                violation_error_message="修正するのは、前のファイルの結果票です。",
            ),
        ]
