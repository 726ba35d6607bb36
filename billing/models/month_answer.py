"""Answers and subsidies: what the office says of one person's months, dated, with its source."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from billing.enums import AnswerKind, SubsidyKind
from billing.rules.subsidy import WHOLE
from clients.models import Enrolment
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap, Together


class StandingQuerySet(models.QuerySet[models.Model]):
    """Questions about rows that can be taken back."""

    def standing(self) -> StandingQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)


class MonthsOfPerson(RecordedModel):
    """月の幅 of one person: from a month on, to a last one or open; taken back with a reason."""

    first_month = models.DateField("最初の月")
    last_month = models.DateField("最後の月", null=True, blank=True)
    withdrawn_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
        editable=False,
    )
    withdrawn_reason = models.CharField(
        "取り消した理由", max_length=200, blank=True, editable=False
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="%(class)s_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="%(class)s_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            Together(
                fields=["withdrawn_at", "withdrawn_by"],
                name="%(class)s_withdrawn_by",
                violation_error_message="取り消しには、日時と人が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="%(class)s_withdrawn_why",
                violation_error_message="取り消す理由を入れてください。",
            ),
        ]


class MonthAnswer(MonthsOfPerson):
    """月の答え what the office answers where the rules say [?]: of one person, from a month on."""

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed by it
        related_name="month_answers",
        verbose_name="利用",
    )
    kind = models.CharField("答え", max_length=30, choices=AnswerKind)
    why = models.CharField("わけ・確かめた相手", max_length=200)
    told_on = models.DateField("確かめた日")

    history = HistoricalRecords(related_name="history_rows")

    class Meta(MonthsOfPerson.Meta):
        abstract = False
        verbose_name = "月の答え"
        verbose_name_plural = "月の答え"
        ordering = ["first_month", "pk"]
        constraints = [
            *MonthsOfPerson.Meta.constraints,
            NoOverlap(
                fields=["enrolment", "kind"],
                starts="first_month",
                ends="last_month",
                condition=Q(withdrawn_at=None),
                name="month_answer_no_overlap",
                violation_error_message="同じ答えの月が重なっています。",
            ),
        ]


class Subsidy(MonthsOfPerson):
    """自治体助成 what a municipality pays of a person's copayment, from a month on (docs/rules.md §5)."""

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed by it
        related_name="subsidies",
        verbose_name="利用",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who pays
        related_name="+",
        verbose_name="助成する市町村",
    )
    kind = models.CharField("助成のしかた", max_length=20, choices=SubsidyKind)
    amount = models.PositiveIntegerField("率（％）か額（円）")
    source = models.CharField("根拠（要綱・通知など）", max_length=200)

    history = HistoricalRecords(related_name="history_rows")

    class Meta(MonthsOfPerson.Meta):
        abstract = False
        verbose_name = "自治体助成"
        verbose_name_plural = "自治体助成"
        ordering = ["first_month", "pk"]
        constraints = [
            *MonthsOfPerson.Meta.constraints,
            NoOverlap(
                fields=["enrolment"],
                starts="first_month",
                ends="last_month",
                condition=Q(withdrawn_at=None),
                name="subsidy_no_overlap",
                violation_error_message="この方の助成の月が重なっています。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="percent") | Q(amount__lte=WHOLE),
                name="subsidy_percent_to_100",
                violation_error_message="率は100％までです。",
            ),
        ]

    @property
    def words(self) -> str:
        """利用者負担の50％."""
        return {
            SubsidyKind.PERCENT.value: f"利用者負担の{self.amount}％",
            SubsidyKind.UP_TO.value: f"月に{self.amount:,}円まで",
            SubsidyKind.BEYOND.value: f"本人が払う{self.amount:,}円を超えた分",
        }[self.kind]
