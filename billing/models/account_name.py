"""Account name: what an office calls an account of the journal, from a month on."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from billing.rules.journal import Account
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import FirstOfMonth

LONGEST_NAME = 40


class AccountName(RecordedModel):
    """勘定科目の名前 of an office from `first_month` on; empty: the name that the figures give.

    The last row of an account at or before a month holds for it.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the office's own books
        related_name="account_names",
        verbose_name="事業所",
    )
    account = models.CharField(
        "何の科目か", max_length=30, choices=[(each.value, each.label) for each in Account]
    )
    first_month = models.DateField("使いはじめる月")
    name = models.CharField("勘定科目の名前", max_length=LONGEST_NAME, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "勘定科目の名前"
        verbose_name_plural = "勘定科目の名前"
        ordering = ["office", "first_month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "account", "first_month"],
                name="account_name_once_a_month",
                violation_error_message="この月からの名前は、たったいま別の人が入れました。",
            ),
            FirstOfMonth(
                field="first_month",
                name="account_name_first_month",
                violation_error_message="月の初日で保存します。",
            ),
        ]
