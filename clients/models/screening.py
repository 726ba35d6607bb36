"""Screening: the answer that somebody was given, with what it was based on."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from clients.models.client import Client
from teikyaku.accounts.models.base import RecordedModel


class Screening(RecordedModel):
    """利用できるかの確認 inputs, answer and reasons, and the version of the rules that answered."""

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person's file
        related_name="screenings",
        verbose_name="利用者",
    )
    screened_on = models.DateField("確認日")
    inputs = models.JSONField("入力", encoder=DjangoJSONEncoder)
    answer = models.CharField("結果", max_length=30)
    reasons = models.JSONField("理由", encoder=DjangoJSONEncoder)
    rules_version = models.CharField("規則の版", max_length=20)

    class Meta:
        verbose_name = "利用できるかの確認"
        verbose_name_plural = "利用できるかの確認"
        ordering = ["-screened_on", "-pk"]
