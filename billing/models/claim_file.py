"""Claim files: what was written for 国保連, of whom, and what was taken back."""

from __future__ import annotations

from django.db import models

from billing.enums import ClaimFamily, ClaimFileReason
from billing.models.month import PersonMonth
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import FirstOfMonth
from teikyaku.frozen import FrozenModel


class ClaimFile(FrozenModel, RecordedModel):
    """請求ファイル one file for 国保連, as it was made; its bytes stand in ClaimFileContent.

    The files of one `number` were made together, of the same people. Who is in a file that was not
    withdrawn is claimed (docs/rules.md §8); made again means withdrawn, then the next number.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="claim_files",
        verbose_name="事業所",
    )
    month = models.DateField("サービス提供月")
    processing_month = models.DateField("処理対象の月")
    family = models.CharField("種類", max_length=4, choices=ClaimFamily)
    number = models.PositiveSmallIntegerField("番号")
    name = models.CharField("ファイル名", max_length=12)
    digest = models.CharField("検査値", max_length=64)
    lines = models.PositiveIntegerField("行数")
    people = models.PositiveIntegerField("人数")
    total_cost_yen = models.PositiveBigIntegerField("総費用額（円）")
    benefit_yen = models.PositiveBigIntegerField("給付費（円）")
    is_sample = models.BooleanField("見本の報酬表かコードによる", default=False)

    class Meta:
        verbose_name = "請求ファイル"
        verbose_name_plural = "請求ファイル"
        ordering = ["processing_month", "number", "family"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="claim_file_month",
                violation_error_message="月の初日で保存します。",
            ),
            FirstOfMonth(
                field="processing_month",
                name="claim_file_processing_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["office", "processing_month", "family", "number"],
                name="claim_file_number_once",
                violation_error_message="請求ファイルは、たったいま別の人が作りました。",
            ),
            models.CheckConstraint(
                condition=models.Q(processing_month__gt=models.F("month")),
                name="claim_file_after_its_month",
                violation_error_message="処理対象の月は、サービスの月より後です。",
            ),
        ]

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back, so that its people are to be claimed anew."""
        return hasattr(self, "withdrawal")


class ClaimFileContent(FrozenModel, PublicModel):
    """請求ファイルの中身 the bytes as they are sent. Erased with the first of its people; the digest stays."""

    file = models.OneToOneField(
        ClaimFile,
        on_delete=models.PROTECT,  # money
        related_name="content",
        verbose_name="請求ファイル",
    )
    content = models.BinaryField("中身")

    class Meta:
        verbose_name = "請求ファイルの中身"
        verbose_name_plural = "請求ファイルの中身"


class ClaimFileEntry(FrozenModel, PublicModel):
    """請求ファイルの対象者 one person's month that stands in a file, under the number written there."""

    file = models.ForeignKey(
        ClaimFile,
        on_delete=models.PROTECT,  # what was claimed stays known
        related_name="entries",
        verbose_name="請求ファイル",
    )
    person_month = models.ForeignKey(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        related_name="claim_entries",
        verbose_name="利用者の月",
    )
    # As it stands in the bytes: the number of a municipality may be put right later.
    municipality_code = models.CharField("市町村番号", max_length=6)

    class Meta:
        verbose_name = "請求ファイルの対象者"
        verbose_name_plural = "請求ファイルの対象者"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "person_month"],
                name="claim_file_entry_once",
                violation_error_message="同じ方の月が、同じファイルに二度あります。",
            )
        ]


class ClaimFileWithdrawal(FrozenModel, RecordedModel):
    """請求ファイルの取り下げ a file does not count: its people are to be claimed anew.

    The reason is chosen, not written: it stays when the people of the file are erased.
    """

    file = models.OneToOneField(
        ClaimFile,
        on_delete=models.PROTECT,  # money
        related_name="withdrawal",
        verbose_name="請求ファイル",
    )
    reason = models.CharField("理由", max_length=20, choices=ClaimFileReason)

    class Meta:
        verbose_name = "請求ファイルの取り下げ"
        verbose_name_plural = "請求ファイルの取り下げ"


class ClaimReturn(FrozenModel, RecordedModel):
    """返戻 the claim of one person came back: that month is to be claimed anew, the others' are not."""

    entry = models.OneToOneField(
        ClaimFileEntry,
        on_delete=models.PROTECT,  # money
        related_name="returned",
        verbose_name="請求ファイルの対象者",
    )

    class Meta:
        verbose_name = "返戻"
        verbose_name_plural = "返戻"
