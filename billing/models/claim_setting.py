"""How an office makes its claim files, and what its other services come to under the same number."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from billing.enums import InvoiceWay
from teikyaku.accounts.models import Municipality, Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import FirstOfMonth


class ClaimSetting(RecordedModel):
    """請求ファイルの作り方 of an office: what becomes of 請求書 (J111), and whether names are written."""

    office = models.OneToOneField(
        Office,
        on_delete=models.PROTECT,  # the office's own choice
        related_name="claim_setting",
        verbose_name="事業所",
    )
    invoice_way = models.CharField(
        "請求書（J111）", max_length=20, choices=InvoiceWay, default=InvoiceWay.OWN
    )
    omits_names = models.BooleanField("氏名カナを書かない", default=False)
    # Months before it were claimed with other software: nobody of them waits for a file.
    first_month = models.DateField("ここで請求する最初の月", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "請求ファイルの作り方"
        verbose_name_plural = "請求ファイルの作り方"
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="claim_setting_first_month",
                violation_error_message="月の初日で保存します。",
            )
        ]


class OtherServiceSum(RecordedModel):
    """ほかのサービスの合計 of one municipality and month, as other software claims it. Sums in yen.

    They stand in the one 請求書 (J111) of an office number that several services share.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="other_service_sums",
        verbose_name="事業所",
    )
    month = models.DateField("サービス提供月")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who is asked for it
        related_name="+",
        verbose_name="支給市町村",
    )
    service_type = models.CharField(
        "サービス種類",
        max_length=2,
        validators=[RegexValidator(r"^[0-9A-Z]{2}$", "英大文字か数字の2文字です。例：43")],
    )
    count = models.PositiveIntegerField("件数")
    units = models.PositiveIntegerField("単位数")
    total_cost_yen = models.PositiveIntegerField("費用合計（円）")
    benefit_yen = models.PositiveIntegerField("給付費請求額（円）")
    copayment_yen = models.PositiveIntegerField("利用者負担額（円）")
    subsidy_yen = models.PositiveIntegerField("自治体助成額（円）", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "ほかのサービスの合計"
        verbose_name_plural = "ほかのサービスの合計"
        ordering = ["municipality__code", "service_type"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="other_service_sum_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["office", "month", "municipality", "service_type"],
                name="other_service_sum_once",
                violation_error_message="この市町村とサービスの合計は、もう記録されています。",
            ),
            models.CheckConstraint(
                condition=~Q(service_type="47"),
                name="other_service_sum_not_ours",
                violation_error_message="47（就労定着支援）は、締めた月から計算します。",
            ),
        ]
