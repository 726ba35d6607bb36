"""The closed month: frozen rows that explain themselves."""

from __future__ import annotations

from django.db import models

from billing.models.cap_management import CapResult
from clients.models import Client, Enrolment
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.accounts.models.base import PublicModel
from teikyaku.constraints import FirstOfMonth
from teikyaku.frozen import FrozenModel


class MonthClosing(FrozenModel, PublicModel):
    """月の締め one run for office × month; held people come later as a run with the next number."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="closings",
        verbose_name="事業所",
    )
    month = models.DateField("サービス提供月")
    number = models.PositiveSmallIntegerField("回", default=1)
    closed_at = models.DateTimeField("締めた日時")
    closed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who closed stays known
        related_name="+",
        verbose_name="締めた人",
    )
    tariff = models.CharField("報酬表", max_length=40)
    is_sample_tariff = models.BooleanField("見本の報酬表", default=False)
    digest = models.CharField("検査値", max_length=64)

    class Meta:
        verbose_name = "月の締め"
        verbose_name_plural = "月の締め"
        ordering = ["month", "number"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="month_closing_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["office", "month", "number"],
                name="month_closing_once",
                violation_error_message="この月は、たったいま別の人が締めました。",
            ),
        ]


class PersonMonth(FrozenModel, PublicModel):
    """利用者の月 what one person's month came to: units, total cost, copayment, benefit (yen)."""

    closing = models.ForeignKey(
        MonthClosing,
        on_delete=models.PROTECT,  # money
        related_name="person_months",
        verbose_name="月の締め",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # money
        related_name="person_months",
        verbose_name="利用",
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # money
        related_name="person_months",
        verbose_name="利用者",
    )
    month = models.DateField("サービス提供月")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # the payer of that month
        related_name="+",
        verbose_name="支給決定市町村",
    )
    certificate_number = models.CharField("受給者証番号", max_length=10)
    units = models.PositiveIntegerField("単位数")
    unit_price = models.DecimalField("単価（円）", max_digits=5, decimal_places=3)
    total_cost_yen = models.PositiveIntegerField("総費用額（円）")
    one_tenth_yen = models.PositiveIntegerField("1割（円）")
    cap_yen = models.PositiveIntegerField("負担上限月額（円）")
    cap_result = models.ForeignKey(
        CapResult,
        on_delete=models.PROTECT,  # money: the month was computed with it
        null=True,
        blank=True,
        related_name="person_months",
        verbose_name="上限額管理結果",
    )
    copayment_yen = models.PositiveIntegerField("利用者負担額（円）")
    benefit_yen = models.PositiveIntegerField("給付費（円）")
    # What somebody else pays of the copayment; the copayment itself stays as it was decided.
    subsidy_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who pays a part of that month
        null=True,
        blank=True,
        related_name="+",
        verbose_name="助成する市町村",
    )
    subsidy_yen = models.PositiveIntegerField("自治体助成額（円）", default=0)

    class Meta:
        verbose_name = "利用者の月"
        verbose_name_plural = "利用者の月"
        ordering = ["pk"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="person_month_month",
                violation_error_message="月の初日で保存します。",
            ),
            # docs/rules.md §7: one base fee per person and month, also when two offices served it.
            models.UniqueConstraint(
                fields=["client", "month"],
                name="person_month_once",
                violation_error_message="この方のこの月は、たったいま別に締められました。",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    total_cost_yen=models.F("copayment_yen") + models.F("benefit_yen")
                ),
                name="person_month_sums",
                violation_error_message="総費用額と、負担額・給付費の合計が合いません。",
            ),
            models.CheckConstraint(
                condition=models.Q(copayment_yen__lte=models.F("cap_yen"))
                & models.Q(copayment_yen__lte=models.F("one_tenth_yen")),
                name="person_month_copayment_capped",
                violation_error_message="利用者負担額が上限か1割を超えています。",
            ),
            models.CheckConstraint(
                condition=models.Q(subsidy_yen=0, subsidy_municipality=None)
                | models.Q(
                    subsidy_yen__gt=0,
                    subsidy_municipality__isnull=False,
                    subsidy_yen__lte=models.F("copayment_yen"),
                ),
                name="person_month_subsidy_of_copayment",
                violation_error_message="助成は、助成する市町村と一緒に、利用者負担額まで入れます。",
            ),
        ]

    @property
    def payable_yen(self) -> int:
        """What the person pays: the copayment less the subsidy."""
        return self.copayment_yen - self.subsidy_yen


class PersonMonthLine(FrozenModel):
    """明細 one line of the calculation, with its rule and source."""

    person_month = models.ForeignKey(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        related_name="lines",
        verbose_name="利用者の月",
    )
    position = models.PositiveSmallIntegerField("順")
    kind = models.CharField("種類", max_length=40)
    label = models.CharField("項目", max_length=80)
    units = models.IntegerField("単位数")
    times = models.PositiveSmallIntegerField("回数", default=1)
    total_units = models.IntegerField("合計単位数")
    expression = models.CharField("計算", max_length=200, blank=True)
    rule = models.CharField("規則", max_length=120)
    source = models.CharField("根拠", max_length=200)
    certainty = models.CharField("確かさ", max_length=1)

    class Meta:
        verbose_name = "明細"
        verbose_name_plural = "明細"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["person_month", "position"],
                name="person_month_line_once",
                violation_error_message="明細の順が重なっています。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.total_units}"
