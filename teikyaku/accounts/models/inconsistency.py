"""Inconsistency: something on file that does not fit, found by the nightly look."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from teikyaku.accounts.models.office import Office


class Inconsistency(models.Model):
    """食い違い one thing that does not fit: since when, and from when on it was gone.

    It names its subject by a random id, a file or a job, never by a person's data. What was mended
    and comes back is a new row.
    """

    class Kind(models.TextChoices):
        """種類 what was asked; each is one function of `teikyaku/desk/inconsistencies`."""

        DERIVED = "derived", "面談の期限や利用できる期間が、規則と違います"
        REFERRAL = "referral", "「つなぎ」のいつから使えるかが、規則と違います"
        MONTH = "month", "締めた月が、凍結したときと違います"
        INVOICE = "invoice", "請求書の額が、締めた月の負担額と違います"
        SUM = "sum", "締めた月の単位数が、明細の合計と違います"
        PLAN = "plan", "個別支援計画の期間が、利用の期間から外れています"
        RIVALS = "rivals", "どちらか一つだけの届出が、重なっています"
        OVERLAP = "overlap", "重なってはいけない期間が重なっています"
        GUARD = "guard", "期間の重なりを防ぐ決まりが、データベースにありません"
        PAPER = "paper", "添付のファイルがないか、中身が変わっています"
        ORPHAN = "orphan", "記録のないファイルが残っています"
        JOB = "job", "定期処理が、動いていないか失敗しています"
        BACKUP = "backup", "新しいバックアップがありません"
        PROOF = "proof", "バックアップから戻せることを、しばらく確かめていません"
        UNASKED = "unasked", "この点検ができませんでした"

    kind = models.CharField("種類", max_length=20, choices=Kind)
    subject = models.CharField("対象", max_length=120)
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # what was found at an office stays known there
        null=True,
        blank=True,
        related_name="+",
        verbose_name="事業所",
    )
    detail = models.CharField("詳しく", max_length=200, blank=True)
    page = models.CharField("直すページ", max_length=60, blank=True)
    page_arguments = models.JSONField("直すページの引数", default=list, blank=True)
    found_at = models.DateTimeField("見つけた日時")
    seen_at = models.DateTimeField("最後に見た日時")
    gone_at = models.DateTimeField("なくなった日時", null=True, blank=True)

    class Meta:
        verbose_name = "食い違い"
        verbose_name_plural = "食い違い"
        ordering = ["found_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(gone_at=None),
                name="inconsistency_once",
                violation_error_message="この食い違いは、もう記録されています。",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("found_at"))
                & (Q(gone_at=None) | Q(gone_at__gte=F("seen_at"))),
                name="inconsistency_in_order",
                violation_error_message="見つけた日時、最後に見た日時、なくなった日時の順にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
