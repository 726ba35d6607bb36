"""Remainder: what is left of a closed month once the time of keeping of people in it is over."""

from __future__ import annotations

from django.db import models

from billing.models.month import MonthClosing
from billing.rules.journal import Account
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class MonthRemainder(FrozenModel, PublicModel):
    """消去後の月 the sums of those who were erased from a closed month, nameless, and a new digest.

    The month keeps its totals. Its first digest stays on the closing; this one holds for what is
    left. The next erasure puts another in its place: two of them would tell one person's sums.
    """

    closing = models.OneToOneField(
        MonthClosing,
        on_delete=models.PROTECT,  # money
        related_name="remainder",
        verbose_name="月の締め",
    )
    sums = models.JSONField("消去した分の合計")
    """By municipality: municipality, people, units, total_cost_yen, copayment_yen, benefit_yen."""
    digest = models.CharField("検査値", max_length=64)

    class Meta:
        verbose_name = "消去後の月"
        verbose_name_plural = "消去後の月"
        ordering = ["pk"]

    @property
    def people(self) -> int:
        """How many people of the month are erased."""
        return sum(each["people"] for each in self.sums)

    @property
    def total_cost_yen(self) -> int:
        """総費用額 of them together."""
        return self.total("total_cost_yen")

    @property
    def copayment_yen(self) -> int:
        """利用者負担額 of them together."""
        return self.total("copayment_yen")

    @property
    def benefit_yen(self) -> int:
        """給付費 of them together."""
        return self.total("benefit_yen")

    def total(self, name: str) -> int:
        """The sum of one column over all municipalities."""
        return sum(each[name] for each in self.sums)


class JournalRemainder(FrozenModel, PublicModel):
    """消去後の仕訳 what the journal of a day held of people who were erased, nameless, by its accounts.

    The books of a year stay what they were. The next erasure adds to the sums of a day: without text
    and number of a paper, and no line for each person.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="journal_remainders",
        verbose_name="事業所",
    )
    on = models.DateField("日付")
    debit = models.CharField("借方", max_length=20, choices=[(a.value, a.label) for a in Account])
    credit = models.CharField("貸方", max_length=20, choices=[(a.value, a.label) for a in Account])
    yen = models.PositiveBigIntegerField("金額（円）")

    class Meta:
        verbose_name = "消去後の仕訳"
        verbose_name_plural = "消去後の仕訳"
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "on", "debit", "credit"],
                name="journal_remainder_once",
                violation_error_message="この日のこの科目の仕訳は、もうあります。",
            )
        ]
