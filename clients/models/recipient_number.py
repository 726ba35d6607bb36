"""Recipient number: the number on the certificate, by which another office finds the person."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models

from clients.models.client import Client
from teikyaku.accounts.models import Municipality
from teikyaku.accounts.models.base import RecordedModel


class RecipientNumber(RecordedModel):
    """受給者証番号 10 digits as text; in one municipality it belongs to one person for good.

    docs/rules.md §4: S exactly 10 digits, no check digit enforced; M stays through renewals.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="recipient_numbers",
        verbose_name="利用者",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # reference data
        related_name="+",
        verbose_name="支給市町村",
    )
    number = models.CharField(
        "受給者証番号",
        max_length=10,
        validators=[RegexValidator(r"^\d{10}\Z", "受給者証番号は数字10桁です。")],
    )

    class Meta:
        verbose_name = "受給者証番号"
        verbose_name_plural = "受給者証番号"
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="recipient_number_once",
                violation_error_message="この番号は、この市町村の別の方が使っています。",
            )
        ]
