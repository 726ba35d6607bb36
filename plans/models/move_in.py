"""Move-in: rows of an office's own sheets, until its manager has looked and confirmed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Max, Q

from clients.models import Enrolment
from teikyaku.accounts.models import Membership, Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together


class MoveIn(RecordedModel):
    """移行の取込 one file of an office: handed in, its columns told, looked at, imported, undone.

    What it read of people lies here for 14 days after the last step at most. What stays are counts, and
    line, cell and reason of what was refused.
    """

    class Outcome(models.TextChoices):
        """結果 of the look at it."""

        CONFIRMED = "confirmed", "取り込んだ"
        DISCARDED = "discarded", "捨てた"

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose file it is
        related_name="move_ins",
        verbose_name="事業所",
    )
    file_name = models.CharField("ファイル名", max_length=120)
    digest = models.CharField("ファイルのSHA-256", max_length=64)
    sheet = models.CharField("シート", max_length=40, blank=True)
    headings = models.JSONField("見出し", default=list, blank=True)
    """The heading of each column, as it was read; two lines of headings are joined."""
    columns = models.JSONField("列の対応", default=dict, blank=True)
    """For each field its column, counted from 0; empty until somebody told them."""
    answers = models.JSONField("ファイル全体の答え", default=dict, blank=True)
    """What somebody said of all its lines at once, by name."""
    is_aside = models.BooleanField("選んでいないシート", default=False)
    """Another sheet of a file than the one that was taken; it can still be chosen."""
    row_count = models.PositiveIntegerField("行数", default=0)
    counts = models.JSONField("人数", default=dict, blank=True)
    """By state: how many people were imported as what."""
    refusals = models.JSONField("取り込めなかった行", blank=True, default=list)
    """[line, cell, column, reason] each; no value of the file."""
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
    undone_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
        editable=False,
    )
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "移行の取込"
        verbose_name_plural = "移行の取込"
        ordering = ["-pk"]
        constraints = [
            Together(
                fields=["outcome_by", "outcome_at"],
                name="move_in_outcome_together",
                violation_error_message="結果には、確認した人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="move_in_outcome_dated",
                violation_error_message="結果には、確認した人と日時が必要です。",
            ),
            Together(
                fields=["undone_by", "undone_at"],
                name="move_in_undone_together",
                violation_error_message="取消しには、人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(outcome="confirmed"),
                name="move_in_undone_was_imported",
                violation_error_message="取り込んだものだけを取り消せます。",
            ),
        ]
        indexes = [models.Index(fields=["office", "outcome"], name="move_in_of_office")]

    @property
    def people(self) -> models.QuerySet[MoveInRow]:
        """The lines below the headings."""
        return self.rows.exclude(state=MoveInRow.State.ABOVE)

    @property
    def head_line(self) -> int:
        """The last line of the headings; 0 where they were not kept (one query)."""
        return (
            self.rows.filter(state=MoveInRow.State.ABOVE).aggregate(last=Max("line"))["last"] or 0
        )

    @property
    def is_waiting(self) -> bool:
        """Nobody has confirmed it or thrown it away."""
        return not self.outcome

    @property
    def is_mapped(self) -> bool:
        """Somebody has told which column is which."""
        return bool(self.columns)


class MoveInRow(models.Model):
    """移行の取込の行 one person's line; its cells are erased when the file is thrown away, or 14 days after
    the last step with it.

    After the import it says who was imported and at which instant, so that the whole can be undone. A line
    about somebody on file names them too: an erasure takes it with the rest.
    """

    class State(models.TextChoices):
        """見込み what importing would do with the line."""

        ABOVE = "above", "見出しとその上"
        UNREAD = "unread", "まだ読んでいない"
        NEW = "new", "新しい"
        CHANGED = "changed", "登録に足す"
        SAME = "same", "登録と同じ"
        DOUBTFUL = "doubtful", "同じ方かもしれない"
        REFUSED = "refused", "取り込めない"
        LEFT_OUT = "left_out", "取り込まない"
        DONE = "done", "取り込んだ"

    class Choice(models.TextChoices):
        """同じ方かどうか as somebody answered."""

        SAME = "same", "同じ方"
        ANOTHER = "another", "別の方"
        LEAVE_OUT = "leave_out", "取り込まない"

    move_in = models.ForeignKey(
        MoveIn,
        on_delete=models.CASCADE,  # a part of it
        related_name="rows",
        verbose_name="取込",
    )
    line = models.PositiveIntegerField("行")
    cells = models.JSONField("ファイルの値", default=list, blank=True)
    state = models.CharField("見込み", max_length=10, choices=State, default=State.UNREAD)
    choice = models.CharField("答え", max_length=10, choices=Choice, blank=True)
    earlier_line = models.PositiveIntegerField("同じ方の前の行", null=True, blank=True)
    """The line before it with the same kana and birth date, as found before the first look."""
    words = models.JSONField("すること・登録とのちがい", blank=True, default=list)
    faults = models.JSONField("直すところ", blank=True, default=list)
    """[cell, column, value, what is expected] each."""
    warnings = models.JSONField("確かめること", blank=True, default=list)
    """What would come in as it stands there, and probably is not meant so."""
    asks = models.JSONField("確かめる項目", blank=True, default=list)
    """The fields that `warnings` ask to put right, by name; no value."""
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # goes with the person's file
        null=True,
        blank=True,
        related_name="+",
        verbose_name="利用",
    )
    imported_at = models.DateTimeField("取り込んだ日時", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "移行の取込の行"
        verbose_name_plural = "移行の取込の行"
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(
                fields=["move_in", "line"],
                name="move_in_line_once",
                violation_error_message="この行は、もう読み取っています。",
            ),
            models.CheckConstraint(
                condition=Q(state="done", imported_at__isnull=False, enrolment__isnull=False)
                | (~Q(state="done") & Q(imported_at=None)),
                name="move_in_row_done",
                violation_error_message="取り込んだ行には、利用と日時が要ります。",
            ),
        ]
        indexes = [models.Index(fields=["move_in", "state"], name="move_in_row_state")]

    def __str__(self) -> str:
        """The line alone: no personal data, ever."""
        return f"{self._meta.verbose_name} {self.line}"

    def cell(self, position: int) -> Any:
        """What stands in a column; "" where the line is shorter."""
        return self.cells[position] if position < len(self.cells) else ""
