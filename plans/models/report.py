"""Support report: what the month brought, and to whom it went."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models import Enrolment
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import FirstOfMonth


class SupportReport(RecordedModel):
    """支援レポート one per client and month (docs/rules.md §6). Shared on a day: see ReportShare."""

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed on it
        related_name="reports",
        verbose_name="利用",
    )
    month = models.DateField("対象月")
    goals = models.TextField("今月の目標")
    done = models.TextField("行った支援")
    result = models.TextField("結果・様子")
    next_steps = models.TextField("これからのこと")
    roles = models.TextField("本人・職場・家族などの役割", blank=True)
    to_share = models.TextField("共有したいこと", blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "支援レポート"
        verbose_name_plural = "支援レポート"
        ordering = ["-month"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="support_report_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "month"],
                name="support_report_once",
                violation_error_message="この月の支援レポートは作成済みです。",
            ),
        ]


class ReportShare(RecordedModel):
    """レポートの共有 to whom, when and how a report went; others than the person need a consent."""

    class Recipient(models.TextChoices):
        """相手 to whom a report can go; the values are those of Consent.Recipient, and the person."""

        PERSON = "person", "本人"
        EMPLOYER = "employer", "職場"
        FAMILY = "family", "家族"
        CENTRE = "centre", "就業・生活支援センター"
        MEDICAL = "medical", "医療機関"
        CONSULTATION = "consultation", "相談支援事業所"
        OTHER = "other", "その他"

    class Way(models.TextChoices):
        """方法 how it went."""

        HANDED = "handed", "手渡し"
        POST = "post", "郵送"
        MAIL = "mail", "メール"
        SCREEN = "screen", "画面を見せて説明"

    report = models.ForeignKey(
        SupportReport,
        on_delete=models.PROTECT,  # proof that the month may be billed
        related_name="shares",
        verbose_name="支援レポート",
    )
    recipient = models.CharField("相手", max_length=20, choices=Recipient)
    recipient_name = models.CharField("相手の名称", max_length=80, blank=True)
    shared_on = models.DateField("共有した日")
    way = models.CharField("方法", max_length=20, choices=Way)

    class Meta:
        verbose_name = "レポートの共有"
        verbose_name_plural = "レポートの共有"
        ordering = ["shared_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "recipient", "recipient_name", "shared_on"],
                name="report_share_once",
                violation_error_message="同じ相手への同じ日の共有は記録済みです。",
            )
        ]
