"""Support report: what the month brought, and to whom it went."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.enums import ReportItem
from clients.models import Consent, Enrolment
from teikyaku.accounts.models import Membership
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, Together
from teikyaku.frozen import FrozenModel


class SupportReport(RecordedModel):
    """支援レポート one per client and month (docs/rules.md §6): the text as it is being written.

    What was issued stands frozen in ReportVersion, to whom it went in ReportShare. After the first
    version the text changes only as a correction, which carries its reason until it is issued.
    """

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
    plain = models.TextField("やさしい言葉で", blank=True)
    revision = models.PositiveIntegerField("保存の回数", default=1)
    correction_reason = models.CharField("訂正の理由", max_length=200, blank=True)

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


class ReportVersion(FrozenModel, RecordedModel):
    """支援レポートの版 a report as it was issued; a correction is the next version and says why.

    `content` is all that the papers of this version are made from (plans.documents_report), so that
    the same paper can be made again whatever changes at the office or in the text.
    """

    report = models.ForeignKey(
        SupportReport,
        on_delete=models.PROTECT,  # what somebody got stays readable
        related_name="versions",
        verbose_name="支援レポート",
    )
    number = models.PositiveSmallIntegerField("版")
    content = models.JSONField("内容")
    digest = models.CharField("検査値", max_length=64)
    reason = models.CharField("訂正の理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "支援レポートの版"
        verbose_name_plural = "支援レポートの版"
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="report_version_once",
                violation_error_message="この版は、いま発行されました。",
            ),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | (Q(number__gt=1) & ~Q(reason="")),
                name="report_version_reason",
                violation_error_message="訂正の理由を入れてください。",
            ),
        ]

    @property
    def code(self) -> str:
        """The number that its papers bear."""
        return str(self.content["number"])


class ReportShare(RecordedModel):
    """レポートの共有 to whom, when and how a report went; others than the person need a consent.

    What went is the version, cut to `items`. Nothing of that changes later; receipt and taking back
    are added. A share that was taken back never happened: no month is earned with it.
    """

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

    class Receipt(models.TextChoices):
        """受領の確認 how it is known that the report arrived."""

        SIGNED = "signed", "受領の署名・押印"
        SEEN = "seen", "その場で受け取った"
        PHONE = "phone", "電話で確かめた"
        REPLY = "reply", "返事（メール・手紙）が届いた"
        TRACKED = "tracked", "配達の記録"

    report = models.ForeignKey(
        SupportReport,
        on_delete=models.PROTECT,  # proof that the month may be billed
        related_name="shares",
        verbose_name="支援レポート",
    )
    version = models.ForeignKey(
        ReportVersion,
        on_delete=models.PROTECT,  # who got which version stays known
        related_name="shares",
        verbose_name="版",
        editable=False,
    )
    recipient = models.CharField("相手", max_length=20, choices=Recipient)
    recipient_name = models.CharField("相手の名称", max_length=80, blank=True)
    shared_on = models.DateField("共有した日")
    way = models.CharField("方法", max_length=20, choices=Way)
    items = models.JSONField("渡した項目", default=list)
    with_plain = models.BooleanField("やさしい版も渡した", default=False)
    earlier = models.PositiveSmallIntegerField(
        "前に渡した版", null=True, blank=True, editable=False
    )
    consent = models.ForeignKey(
        Consent,
        on_delete=models.PROTECT,  # the proof that it was allowed
        null=True,
        blank=True,
        related_name="report_shares",
        verbose_name="もとにした同意",
        editable=False,
    )
    received_on = models.DateField("受け取った日", null=True, blank=True)
    received_how = models.CharField("受領の確認", max_length=20, choices=Receipt, blank=True)
    received_from = models.CharField("受け取りを確かめた相手", max_length=80, blank=True)
    receipt_at = models.DateTimeField("受領を記録した日時", null=True, blank=True, editable=False)
    receipt_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who recorded it stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="受領を記録した職員",
        editable=False,
    )
    taken_back_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)
    taken_back_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した職員",
        editable=False,
    )
    taken_back_reason = models.CharField("取り消した理由", max_length=200, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "レポートの共有"
        verbose_name_plural = "レポートの共有"
        ordering = ["shared_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "recipient", "recipient_name", "shared_on"],
                condition=Q(taken_back_at__isnull=True),
                name="report_share_once",
                violation_error_message="同じ相手への同じ日の共有は記録済みです。",
            ),
            DateOrder(
                first="shared_on",
                last="received_on",
                name="report_share_received_order",
                violation_error_message="受け取った日は、共有した日以後にしてください。",
            ),
            Together(
                fields=["received_on", "receipt_at", "receipt_by"],
                name="report_share_receipt",
                violation_error_message="受領は、日付と記録した職員を合わせて残します。",
            ),
            Together(
                fields=["taken_back_at", "taken_back_by"],
                name="report_share_taken_back",
                violation_error_message="取り消しは、日時と職員を合わせて残します。",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_reason=""),
                name="report_share_taken_back_reason",
                violation_error_message="取り消す理由を入れてください。",
            ),
        ]

    def clean(self) -> None:
        """What went are items of a report."""
        if not set(self.items) <= set(ReportItem.values):
            raise ValidationError("支援レポートにない項目です。")

    @property
    def whom(self) -> str:
        """The recipient as a list shows it: 家族（母）."""
        kind = str(self.get_recipient_display())
        return f"{kind}（{self.recipient_name}）" if self.recipient_name else kind

    @staticmethod
    def standing(prefix: str = "") -> Q:
        """The condition that a share was not taken back; `prefix` reaches over a relation."""
        return Q(**{f"{prefix}taken_back_at__isnull": True})

    @classmethod
    def with_person(cls, **which: Any) -> models.QuerySet[ReportShare]:
        """The standing shares with the person: they alone earn a month (docs/rules.md §6)."""
        return cls.objects.filter(cls.standing(), recipient=cls.Recipient.PERSON, **which)
