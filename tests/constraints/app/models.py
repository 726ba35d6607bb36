"""Models that hold one constraint of each kind, so that each can be provoked on both databases."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap, Together
from teikyaku.frozen import FrozenModel


class Owner(models.Model):
    """持ち主 what the rows of the other tables hang on."""

    code = models.CharField("符号", max_length=20, unique=True)

    class Meta:
        verbose_name = "持ち主"
        verbose_name_plural = "持ち主"

    def __str__(self) -> str:
        return self.code


class Stay(models.Model):
    """滞在 days of an owner, open or closed."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, verbose_name="持ち主")
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)
    note = models.CharField("備考", max_length=20, blank=True)

    class Meta:
        verbose_name = "滞在"
        verbose_name_plural = "滞在"
        constraints = [
            DateOrder(name="stay_order", violation_error_message="終了日は開始日以後です。"),
            NoOverlap(
                fields=["owner"],
                name="stay_no_overlap",
                violation_error_message="滞在が重なっています。",
            ),
        ]

    def __str__(self) -> str:
        return f"stay {self.pk}"


class Booking(models.Model):
    """予約 days of a room (text) where only what is not cancelled counts; keys may be empty."""

    owner = models.ForeignKey(
        Owner, on_delete=models.CASCADE, null=True, blank=True, verbose_name="持ち主"
    )
    room = models.CharField("部屋", max_length=20, null=True, blank=True)
    state = models.CharField("状態", max_length=20, default="kept")
    starts_on = models.DateField("開始日", null=True, blank=True)
    ends_on = models.DateField("終了日", null=True, blank=True)

    class Meta:
        verbose_name = "予約"
        verbose_name_plural = "予約"
        constraints = [
            DateOrder(name="booking_order", violation_error_message="終了日は開始日以後です。"),
            NoOverlap(
                fields=["owner", "room"],
                condition=~Q(state="cancelled") & Q(state__in=["kept", 'it\'s "owner_id"']),
                name="booking_no_overlap",
                violation_error_message="予約が重なっています。",
            ),
        ]

    def __str__(self) -> str:
        return f"booking {self.pk}"


class OpenRates(models.Manager["Rate"]):
    """Hands out a part of the rows only, as a default manager may."""

    def get_queryset(self) -> models.QuerySet[Rate]:
        return super().get_queryset().filter(last_month=None)


class Rate(models.Model):
    """月額 months of an owner, stored as first days."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, verbose_name="持ち主")
    first_month = models.DateField("最初の月")
    last_month = models.DateField("最後の月", null=True, blank=True)

    running = OpenRates()
    objects = models.Manager()

    class Meta:
        verbose_name = "月額"
        verbose_name_plural = "月額"
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="rate_first_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="rate_order",
                violation_error_message="最後の月は最初の月以後です。",
            ),
            NoOverlap(
                fields=["owner"],
                starts="first_month",
                ends="last_month",
                name="rate_no_overlap",
                violation_error_message="月が重なっています。",
            ),
        ]

    def __str__(self) -> str:
        return f"rate {self.pk}"


class Ruling(models.Model):
    """裁定 a decision with its day and its author, and keys that are unique in four ways."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, verbose_name="持ち主")
    number = models.CharField("番号", max_length=20, unique=True)
    year = models.PositiveSmallIntegerField("年度", default=2026)
    position = models.PositiveSmallIntegerField("順", default=1)
    is_current = models.BooleanField("現在", default=False)
    label = models.CharField("名称", max_length=20, null=True, blank=True)
    decided_on = models.DateField("決定日", null=True, blank=True)
    decided_by = models.ForeignKey(
        Owner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="決定者",
    )

    class Meta:
        verbose_name = "裁定"
        verbose_name_plural = "裁定"
        constraints = [
            Together(
                fields=["decided_on", "decided_by"],
                name="ruling_decided_together",
                violation_error_message="決定には日付と決定者が必要です。",
            ),
            models.UniqueConstraint(
                fields=["owner", "year", "position"],
                name="ruling_position_once",
                violation_error_message="この年度の順は登録済みです。",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_current=True),
                name="ruling_one_current",
                violation_error_message="現在の裁定は一つだけです。",
            ),
            models.UniqueConstraint(
                Lower("label"),
                name="ruling_label_once",
                violation_error_message="この名称は登録済みです。",
            ),
            models.UniqueConstraint(fields=["position", "decided_on"], name="ruling_plain_words"),
            models.CheckConstraint(
                condition=Q(year__gte=2000),
                name="ruling_year_range",
                violation_error_message="年度は2000年度からです。",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(position=1),
                name="ruling_current_is_first",
                violation_error_message="現在の裁定は順が1のものだけです。",
            ),
        ]

    def __str__(self) -> str:
        return f"ruling {self.pk}"


class Sealed(FrozenModel):
    """封印 a frozen row."""

    class Kind(models.TextChoices):
        """種類 two kinds."""

        PLAIN = "plain", "普通"
        SPECIAL = "special", "特別"

    kind = models.CharField("種類", max_length=10, choices=Kind, default=Kind.PLAIN)
    amount = models.DecimalField("額", max_digits=8, decimal_places=3, default=0)
    sealed_on = models.DateField("日付", null=True, blank=True)
    sealed_at = models.DateTimeField("日時", null=True, blank=True)
    public_id = models.UUIDField("公開ID", null=True, blank=True)
    facts = models.JSONField("事実", default=dict)

    class Meta:
        verbose_name = "封印"
        verbose_name_plural = "封印"

    def __str__(self) -> str:
        return f"sealed {self.pk}"


class SealedLine(FrozenModel):
    """封印の明細 a frozen row that hangs on a frozen row."""

    sealed = models.ForeignKey(
        Sealed, on_delete=models.PROTECT, related_name="lines", verbose_name="封印"
    )
    text = models.CharField("文", max_length=40, unique=True)

    class Meta:
        verbose_name = "封印の明細"
        verbose_name_plural = "封印の明細"

    def __str__(self) -> str:
        return f"line {self.pk}"
