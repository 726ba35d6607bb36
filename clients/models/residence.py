"""Residence: where a person lives, and whether that must stay hidden."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models.client import Client
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap


class Residence(RecordedModel):
    """住所 an address with its period. The paying municipality is never derived from it (居住地特例)."""

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="residences",
        verbose_name="利用者",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # reference data
        related_name="+",
        verbose_name="市区町村",
    )
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=160)
    starts_on = models.DateField("住み始めた日")
    ends_on = models.DateField("転出した日", null=True, blank=True)
    is_protected = models.BooleanField(
        "支援措置（住所を隠す）",
        default=False,
        help_text="一覧・印刷・書き出しで住所を伏せます。見た人は記録されます。",
    )

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "住所"
        verbose_name_plural = "住所"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="residence_date_order",
                violation_error_message="転出日は住み始めた日以後にしてください。",
            ),
            NoOverlap(
                fields=["client"],
                name="residence_no_overlap",
                violation_error_message="住所の期間が重なっています。",
            ),
        ]
