"""Employment: who works where, since when, and what a call to the workplace would do."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.enums import EmploymentKind
from clients.models.client import Client
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap


class Employer(PublicModel):
    """就職先 a workplace; holds nothing about the people who work there."""

    name = models.CharField("企業名", max_length=120)
    address = models.CharField("所在地", max_length=160, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)

    class Meta:
        verbose_name = "就職先"
        verbose_name_plural = "就職先"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "address"],
                name="employer_once",
                violation_error_message="同じ名前と所在地の就職先が登録済みです。",
            )
        ]


class Employment(RecordedModel):
    """就労 one job. A job change is a new row; the window counts from the first of joined rows."""

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="employments",
        verbose_name="利用者",
    )
    employer = models.ForeignKey(
        Employer,
        on_delete=models.PROTECT,  # a job without its employer explains nothing
        related_name="employments",
        verbose_name="就職先",
    )
    kind = models.CharField(
        "雇用の種類", max_length=20, choices=EmploymentKind, default=EmploymentKind.ORDINARY
    )
    starts_on = models.DateField("就職日")
    ends_on = models.DateField("離職日", null=True, blank=True)
    end_reason = models.CharField("離職の理由", max_length=120, blank=True)
    changes_to_improve = models.BooleanField(
        "労働条件の改善のための転職",
        null=True,
        blank=True,
        help_text="離職のとき。はい・いいえ・未確認",
    )
    job_title = models.CharField("仕事の内容", max_length=80, blank=True)
    weekly_minutes = models.PositiveIntegerField("週の労働時間（分）", null=True, blank=True)
    must_not_contact = models.BooleanField(
        "職場に連絡しない",
        default=False,
        help_text="職場が障がいを知らない（クローズ就労）など。連絡先の横に必ず表示します。",
    )
    contact_name = models.CharField("職場の担当者", max_length=80, blank=True)
    contact_phone = models.CharField("職場の電話番号", max_length=20, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "就労"
        verbose_name_plural = "就労"
        ordering = ["starts_on", "pk"]
        constraints = [
            DateOrder(
                name="employment_date_order",
                violation_error_message="離職日は就職日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False) | Q(changes_to_improve__isnull=True),
                name="employment_change_needs_end",
                violation_error_message="転職の理由は、離職日と一緒に入れてください。",
            ),
            models.UniqueConstraint(
                fields=["client", "employer", "starts_on"],
                name="employment_once",
                violation_error_message="同じ就職先・就職日の記録があります。",
            ),
        ]


class Leave(RecordedModel):
    """休職 a leave of absence; it keeps the employment (docs/rules.md §2 S)."""

    employment = models.ForeignKey(
        Employment,
        on_delete=models.CASCADE,  # part of the job
        related_name="leaves",
        verbose_name="就労",
    )
    starts_on = models.DateField("休職開始日")
    ends_on = models.DateField("休職終了日", null=True, blank=True)
    reason = models.CharField("理由", max_length=120, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "休職"
        verbose_name_plural = "休職"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="leave_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["employment"],
                name="leave_no_overlap",
                violation_error_message="休職の期間が重なっています。",
            ),
        ]
