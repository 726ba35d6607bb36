"""Related people: guardian, family, payer; who may sign, who gets the post."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models.client import Client
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class RelatedPerson(RecordedModel):
    """関係者 somebody around the person (docs/rules.md §6)."""

    class Kind(models.TextChoices):
        """続柄 or legal role."""

        GUARDIAN = "guardian", "成年後見人"
        CURATOR = "curator", "保佐人"
        ASSISTANT = "assistant", "補助人"
        SPOUSE = "spouse", "配偶者"
        PARENT = "parent", "親"
        SIBLING = "sibling", "きょうだい"
        OTHER = "other", "その他"

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person's file, erased with it
        related_name="related_people",
        verbose_name="利用者",
    )
    kind = models.CharField("続柄", max_length=20, choices=Kind)
    name = models.CharField("氏名", max_length=80)
    kana = models.CharField("ふりがな", max_length=120, blank=True)
    phone = models.CharField("電話番号", max_length=20, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=160, blank=True)
    may_sign = models.BooleanField("本人に代わって署名できる", default=False)
    gets_post = models.BooleanField("郵便の宛先にする", default=False)
    is_payer = models.BooleanField("支払者", default=False)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "関係者"
        verbose_name_plural = "関係者"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="related_person_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            )
        ]
