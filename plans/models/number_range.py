"""Number range: the certificate numbers that a ward hands out itself."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import RecordedModel

NUMBER_DIGITS = 10
_TEN_DIGITS = RegexValidator(r"^\d{10}\Z", "受給者証番号は数字10桁です。")


class NumberRange(RecordedModel):
    """受給者証番号の範囲 from the first to the last number; `next_number` has not been handed out.

    docs/rules.md §4: ten digits as text; whether there is a check digit is unknown, so a range
    counts up in plain steps of one. A number that somebody has already is passed over.
    """

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who hands them out
        related_name="number_ranges",
        verbose_name="支給市町村",
    )
    first_number = models.CharField("最初の番号", max_length=10, validators=[_TEN_DIGITS])
    last_number = models.CharField("最後の番号", max_length=10, validators=[_TEN_DIGITS])
    # Kept here and not looked up: a number is not handed out again after its person was erased.
    next_number = models.PositiveBigIntegerField("次の番号", editable=False)
    is_open = models.BooleanField("使っている", default=True, editable=False)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "受給者証番号の範囲"
        verbose_name_plural = "受給者証番号の範囲"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_number__gte=F("first_number")),
                name="number_range_order",
                violation_error_message="最後の番号は最初の番号以後にしてください。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "first_number"],
                name="number_range_once",
                violation_error_message="この番号から始まる範囲は登録済みです。",
            ),
        ]
