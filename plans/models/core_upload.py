"""Core upload: rows that a ward's core system made, until an officer has looked and confirmed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together


class CoreUpload(RecordedModel):
    """基幹システムからの取込 one file of a ward. Nothing is decided before it is confirmed.

    Its rows are erased as they are stored or thrown away; counts, lines and reasons stay.
    """

    class Outcome(models.TextChoices):
        """結果 of the second look."""

        CONFIRMED = "confirmed", "取り込んだ"
        DISCARDED = "discarded", "捨てた"

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # the ward whose file it is
        related_name="core_uploads",
        verbose_name="区",
    )
    row_count = models.PositiveIntegerField("行数")
    new_count = models.PositiveIntegerField("新しい支給決定の数", default=0)
    changed_count = models.PositiveIntegerField("変更の数", default=0)
    same_count = models.PositiveIntegerField("登録と同じ行の数", default=0)
    refusals = models.JSONField("取り込めなかった行", blank=True, default=list)
    """[line, column, reason] each; no value of the file."""
    outcome = models.CharField("結果", max_length=10, choices=Outcome, blank=True)
    outcome_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who confirmed stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認した人",
        editable=False,
    )
    outcome_at = models.DateTimeField("確認した日時", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "基幹システムからの取込"
        verbose_name_plural = "基幹システムからの取込"
        ordering = ["-pk"]
        constraints = [
            Together(
                fields=["outcome_by", "outcome_at"],
                name="core_upload_outcome_together",
                violation_error_message="結果には、確認した人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="core_upload_outcome_dated",
                violation_error_message="結果には、確認した人と日時が必要です。",
            ),
        ]
        indexes = [
            # What waits for a ward, on its home and its list.
            models.Index(fields=["municipality", "outcome"], name="core_upload_of_ward")
        ]


class CoreUploadRow(models.Model):
    """取込の行 one line of the file as it was read; erased when its upload is settled."""

    class State(models.TextChoices):
        """見込み what confirming would do with the line."""

        NEW = "new", "新しい支給決定"
        CHANGED = "changed", "変更"
        SAME = "same", "登録と同じ"
        REFUSED = "refused", "取り込めない"

    upload = models.ForeignKey(
        CoreUpload,
        on_delete=models.CASCADE,  # a part of it
        related_name="rows",
        verbose_name="取込",
    )
    line = models.PositiveIntegerField("行")
    cells = models.JSONField("ファイルの値")
    facts = models.JSONField("読み取った値", blank=True, default=dict)
    state = models.CharField("見込み", max_length=10, choices=State)
    words = models.JSONField("登録とのちがい", blank=True, default=list)
    faults = models.JSONField("直すところ", blank=True, default=list)
    """[column, value, reason] each."""

    class Meta:
        verbose_name = "取込の行"
        verbose_name_plural = "取込の行"
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "line"],
                name="core_upload_line_once",
                violation_error_message="この行は、もう読み取っています。",
            )
        ]
        indexes = [models.Index(fields=["upload", "state"], name="core_upload_row_state")]

    def __str__(self) -> str:
        """The line alone: no personal data, ever."""
        return f"{self._meta.verbose_name} {self.line}"
