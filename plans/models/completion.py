"""What an application still needs: the papers that were handed in, and what is asked for again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from plans.models.application import Application
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class ApplicationDocument(RecordedModel):
    """提出書類 one kind of paper of an application: handed in on a day, or not needed.

    Which papers a ward asks for is its own practice (docs/rules.md §3, M): every kind may be left
    open, none stands in the way of a decision.
    """

    class Kind(models.TextChoices):
        """書類の種類."""

        FORM = "form", "支給申請書"
        IDENTITY = "identity", "本人確認書類"
        DISABILITY = "disability", "障がい者手帳・診断書など"
        INCOME = "income", "世帯の収入がわかる書類"
        EMPLOYMENT = "employment", "就労がわかる書類（労働条件通知書など）"
        CERTIFICATE = "certificate", "いまの受給者証（更新・変更のとき）"
        PROXY = "proxy", "委任状（代わりの人が出したとき）"
        OTHER = "other", "そのほか"

    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,  # part of the ward's record
        related_name="documents",
        verbose_name="申請",
    )
    kind = models.CharField("書類", max_length=20, choices=Kind)
    received_on = models.DateField("受け取った日", null=True, blank=True)
    is_waived = models.BooleanField("いらない", default=False)
    note = models.CharField("メモ", max_length=200, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "提出書類"
        verbose_name_plural = "提出書類"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                name="application_document_once",
                violation_error_message="この書類は記録済みです。",
            ),
            models.CheckConstraint(
                condition=Q(is_waived=False) | Q(received_on__isnull=True),
                name="application_document_either",
                violation_error_message="「いらない」書類には、受け取った日を入れません。",
            ),
        ]


class CompletionRequest(RecordedModel):
    """補正の求め an application goes back for something; until it is there, it is not the ward's turn."""

    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,  # part of the ward's record
        related_name="completions",
        verbose_name="申請",
    )
    asked_on = models.DateField("求めた日")
    wanted = models.TextField("補ってほしいこと", help_text="本人と事業所が読みます。")
    answered_on = models.DateField("そろった日", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "補正の求め"
        verbose_name_plural = "補正の求め"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            DateOrder(
                first="asked_on",
                last="answered_on",
                name="completion_answered_after",
                violation_error_message="そろった日は、求めた日以後にしてください。",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_on=None),
                name="completion_one_open",
                violation_error_message="もう補正を求めています。",
            ),
        ]
