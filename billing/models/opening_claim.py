"""Opening claim: what 国保連 still owed for a month that other software claimed, and its payments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.taken_back import (
    RetoldRow,
    TakenBackRow,
    cancellation_has_reason,
    retold_constraints,
)
from teikyaku.accounts.models import Municipality, Office
from teikyaku.constraints import FirstOfMonth


class OpeningClaim(RetoldRow):
    """移行前の国保連への請求 of a service month, of which something was unpaid when claims began here.

    The sum is what was left then, of all people of one municipality, 助成 included; nobody's in
    particular. Without `municipality` it is that of all of them together, and then the month has no
    other row. A row of 0 yen that `is_withdrawn` says that it never was.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="opening_claims",
        verbose_name="事業所",
    )
    month = models.DateField("サービス提供月")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # money
        null=True,
        blank=True,
        related_name="+",
        verbose_name="支給市町村（空欄は、分けていない額）",
    )
    amount_yen = models.PositiveBigIntegerField("引き継いだ額（円）")
    carried_on = models.DateField("繰り越した日")

    class Meta:
        verbose_name = "移行前の国保連への請求"
        verbose_name_plural = "移行前の国保連への請求"
        ordering = ["month", "pk"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="opening_claim_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["office", "month", "municipality"],
                condition=Q(replaces__isnull=True),
                name="opening_claim_once",
                violation_error_message="この月のこの市町村の請求は、もう入っています。違うときは、それを訂正してください。",
            ),
            models.UniqueConstraint(
                fields=["office", "month"],
                condition=Q(replaces__isnull=True, municipality__isnull=True),
                name="opening_claim_whole_once",
                violation_error_message="この月の請求は、もう入っています。違うときは、それを訂正してください。",
            ),
            *retold_constraints("opening_claim"),
        ]


class OpeningClaimPayment(TakenBackRow):
    """移行前の請求への支払い what 国保連 paid on a day for a month that other software claimed.

    It counts for the month and the municipality, so it follows when the claim is told anew.
    """

    claim = models.ForeignKey(
        OpeningClaim,
        on_delete=models.PROTECT,  # money
        related_name="payments",
        verbose_name="移行前の国保連への請求",
    )
    paid_on = models.DateField("支払日")
    amount_yen = models.PositiveBigIntegerField("支払われた額（円）")
    note = models.CharField("取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "移行前の請求への支払い"
        verbose_name_plural = "移行前の請求への支払い"
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0),
                name="opening_claim_payment_positive",
                violation_error_message="支払われた額は1円以上で入れてください。",
            ),
            cancellation_has_reason("opening_claim_payment"),
        ]


class OpeningClaimDeduction(TakenBackRow):
    """移行前の請求の過誤調整 what 国保連 took off a transfer for a month that other software claimed.

    The claim was paid, also before claims began here, and then taken back at the municipality. It needs
    no `OpeningClaim`: what was paid before is carried over by nobody.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="opening_claim_deductions",
        verbose_name="事業所",
    )
    month = models.DateField("サービス提供月")
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # money
        related_name="+",
        verbose_name="支給市町村",
    )
    deducted_on = models.DateField("差し引かれた日")
    amount_yen = models.PositiveBigIntegerField("過誤調整額（円）")
    note = models.CharField("取り消しの理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "移行前の請求の過誤調整"
        verbose_name_plural = "移行前の請求の過誤調整"
        ordering = ["deducted_on", "pk"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="opening_deduction_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0),
                name="opening_deduction_positive",
                violation_error_message="過誤調整額は1円以上で入れてください。",
            ),
            cancellation_has_reason("opening_deduction"),
        ]
