"""Office: a tenant, and the dated terms on which it is paid."""

from __future__ import annotations

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap
from teikyaku.reasons import Certainty


class Office(PublicModel):
    """事業所 an office that provides 就労定着支援; the tenant whose staff see its clients."""

    number = models.CharField(
        "事業所番号",
        max_length=10,
        unique=True,
        validators=[RegexValidator(r"^\d{10}\Z", "事業所番号は数字10桁です。")],
        error_messages={"unique": "この事業所番号は登録済みです。"},
    )
    name = models.CharField("事業所名", max_length=80)
    kana = models.CharField("ふりがな", max_length=120, blank=True)
    corporation = models.CharField("法人名", max_length=80)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("所在地", max_length=120, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    bank_account = models.CharField(
        "振込先", max_length=120, blank=True, help_text="請求書に印字します。"
    )
    shares_number = models.BooleanField(
        "他のサービスと同じ事業所番号を使う",
        default=False,
        help_text="就労移行支援などと番号を共にすると、請求の総括が一つになります。",
    )
    opened_on = models.DateField("指定年月日")
    closed_on = models.DateField("廃止年月日", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "事業所"
        verbose_name_plural = "事業所"
        ordering = ["number"]
        constraints = [
            DateOrder(
                first="opened_on",
                last="closed_on",
                name="office_date_order",
                violation_error_message="廃止の日は指定の日以後にしてください。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What the header shows as the active place."""
        return self.name


class OfficeTerms(RecordedModel):
    """地域区分と単価 the area class (級地) and unit price in yen of an office, for a period.

    docs/rules.md §7 [?]: a dated setting per office without default; その他 is 10.00 yen.
    """

    class AreaClass(models.TextChoices):
        """級地 codes as the claim files print them."""

        FIRST = "11", "一級地"
        SECOND = "12", "二級地"
        THIRD = "13", "三級地"
        FOURTH = "14", "四級地"
        FIFTH = "15", "五級地"
        SIXTH = "16", "六級地"
        SEVENTH = "17", "七級地"
        OTHER = "23", "その他"

    office = models.ForeignKey(
        Office,
        # Closed months were computed with these terms.
        on_delete=models.PROTECT,
        related_name="terms",
        verbose_name="事業所",
    )
    starts_on = models.DateField("適用開始日")
    ends_on = models.DateField("適用終了日", null=True, blank=True)
    area_class = models.CharField("級地", max_length=2, choices=AreaClass)
    unit_price = models.DecimalField(
        "1単位の単価（円）", max_digits=5, decimal_places=3, validators=[MinValueValidator(1)]
    )
    source = models.CharField("根拠", max_length=120, help_text="告示や通知の名前と日付")
    # As of every figure: whoever writes the price down says how sure it is; what stands from before nobody said.
    certainty = models.CharField(
        "確かさ", max_length=1, choices=[(each.value, each.label) for each in Certainty],
        default=Certainty.UNKNOWN.value,
    )  # fmt: skip

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "地域区分と単価"
        verbose_name_plural = "地域区分と単価"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="office_terms_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["office"],
                name="office_terms_no_overlap",
                violation_error_message="この事業所の単価は、期間が重なっています。",
            ),
        ]

    @property
    def is_unsure(self) -> bool:
        """Whether somebody should look it up once more before it is claimed by."""
        return self.certainty in (Certainty.PRACTICE, Certainty.UNKNOWN)
