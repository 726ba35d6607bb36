"""Pace: the office's settings, and the human decisions on loosening it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from clients.models import Enrolment
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, NoOverlap


class PaceSetting(RecordedModel):
    """面談の間隔の設定 the office's settings with their date; without a row the figures apply."""

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # explains past due dates
        related_name="pace_settings",
        verbose_name="事業所",
    )
    starts_on = models.DateField("適用開始日")
    ends_on = models.DateField("適用終了日", null=True, blank=True)
    monthly_first_months = models.PositiveSmallIntegerField("利用開始から毎月の期間（月）")
    monthly_last_months = models.PositiveSmallIntegerField("終了前の毎月の期間（月）")
    settled_meetings = models.PositiveSmallIntegerField(
        "ゆるめるまでの安定した面談の回数", validators=[MinValueValidator(1)]
    )
    attempts_to_tighten = models.PositiveSmallIntegerField(
        "毎月に戻す不在の回数", validators=[MinValueValidator(1)]
    )
    longest_months = models.PositiveSmallIntegerField(
        "最長の間隔（月）", validators=[MinValueValidator(1), MaxValueValidator(3)]
    )

    class Meta:
        verbose_name = "面談の間隔の設定"
        verbose_name_plural = "面談の間隔の設定"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="pace_setting_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            NoOverlap(
                fields=["office"],
                name="pace_setting_no_overlap",
                violation_error_message="設定の期間が重なっています。",
            ),
        ]


class PaceDecision(RecordedModel):
    """間隔の決定 a サービス管理責任者 accepted a looser pace, declined it, or set monthly by hand.

    To decline and to set monthly (`to_months` 1) take a reason. docs/rules.md §6: if the same person also meets the client, it is marked 本人兼務.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # explains past due dates
        related_name="pace_decisions",
        verbose_name="利用",
    )
    decided_on = models.DateField("決めた日")
    from_months = models.PositiveSmallIntegerField("これまでの間隔（月）")
    to_months = models.PositiveSmallIntegerField(
        "これからの間隔（月）", validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    is_accepted = models.BooleanField("ゆるめる")
    reason = models.CharField("理由", max_length=200, blank=True)
    is_same_person = models.BooleanField("本人兼務", default=False, editable=False)

    class Meta:
        verbose_name = "間隔の決定"
        verbose_name_plural = "間隔の決定"
        ordering = ["decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_accepted=True) | ~models.Q(reason=""),
                name="pace_decision_decline_has_reason",
                violation_error_message="見送るときは理由を入れてください。",
            )
        ]


class InterviewDue(models.Model):
    """面談の期限の記録 the due date of an enrolment as it was stored, from a day on.

    Written by the one function that stores it (plans.actions.pace): which date everybody went by on
    a day stays known when the facts behind it are put right. Up to the next row's day; of a day the
    last date. Not in the histories: it is one.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # part of the enrolment, erased with it
        related_name="interview_dues",
        verbose_name="利用",
    )
    since = models.DateField("この期限になった日")
    due_on = models.DateField("面談の期限", null=True)
    pace_months = models.PositiveSmallIntegerField("面談の間隔（月）", null=True)
    # Dates stood before it, which nobody stored: those days are judged by the facts alone.
    is_carried = models.BooleanField("記録を始める前からの期限", default=False)

    class Meta:
        verbose_name = "面談の期限の記録"
        verbose_name_plural = "面談の期限の記録"
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "since"],
                name="interview_due_once_a_day",
                violation_error_message="この日の期限は、記録済みです。",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
