"""Household: the facts from which the copayment category follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models.client import Client
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap


class HouseholdFact(RecordedModel):
    """世帯の収入状況 what is known of person and spouse for a span of months (docs/rules.md §5)."""

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="household_facts",
        verbose_name="利用者",
    )
    first_month = models.DateField("適用の最初の月")
    last_month = models.DateField("適用の最後の月", null=True, blank=True)
    receives_public_assistance = models.BooleanField("生活保護を受けている", null=True, blank=True)
    gross_salary_yen = models.PositiveIntegerField(
        "前年の給与収入（円）",
        null=True,
        blank=True,
        help_text="課税かどうか分からないときだけ。手取りではなく、税や保険料を引く前の額です。",
    )
    is_taxed = models.BooleanField("本人に市民税が課税されている", null=True, blank=True)
    has_spouse = models.BooleanField("配偶者がいる", null=True, blank=True)
    is_spouse_taxed = models.BooleanField("配偶者に課税されている", null=True, blank=True)
    income_levy_yen = models.PositiveIntegerField(
        "所得割額（円）",
        null=True,
        blank=True,
        help_text="政令市では調整後の額を入れます。通知書の額とは違うことがあります。",
    )
    lives_in_group_home = models.BooleanField("グループホームに住んでいる", null=True, blank=True)
    is_in_facility = models.BooleanField("施設に入所している", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "世帯の収入状況"
        verbose_name_plural = "世帯の収入状況"
        ordering = ["first_month"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="household_first_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="household_month_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            NoOverlap(
                fields=["client"],
                starts="first_month",
                ends="last_month",
                name="household_no_overlap",
                violation_error_message="世帯の収入状況の月が重なっています。",
            ),
            models.CheckConstraint(
                condition=~Q(has_spouse=False) | Q(is_spouse_taxed__isnull=True),
                name="household_spouse_tax_needs_spouse",
                violation_error_message="配偶者がいないときは、配偶者の課税は空欄にしてください。",
            ),
        ]
