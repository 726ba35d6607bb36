"""City answer: what the municipality said of a person's month that the rules leave open."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.enums import CityWay
from billing.models.taken_back import ReplacedRow, retold_constraints
from clients.models import Enrolment
from teikyaku.accounts.models import Municipality
from teikyaku.constraints import FirstOfMonth


class CityAnswer(ReplacedRow):
    """市町村の回答 whether one person's month can be billed, as the municipality said it, and when.

    A row never changes: a new answer, or the correction of a slip, is a further row that `replaces` it,
    and one that `is_withdrawn` says that there was no answer. `codes` are the reasons it was asked
    about (plans.rules.city_answer; none where it refused of its own accord); it settles no other, and
    of a month of two municipalities only as long as the month is claimed from the one that it was asked
    about (`payer`).
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed by it
        related_name="city_answers",
        verbose_name="利用",
    )
    month = models.DateField("月")
    codes = models.JSONField("確かめた理由", default=list, blank=True)
    is_billable = models.BooleanField("請求できる")
    answered_on = models.DateField("回答の日")
    way = models.CharField("回答の方法", max_length=20, choices=CityWay)
    respondent = models.CharField("答えた人（課・氏名）", max_length=80)
    payer = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # the answer is about a claim to it
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確かめたときの請求先（月の途中で市町村が変わったとき）",
    )
    # Where nobody can be given the report any more; what stands in 実績記録票, never a day of ours.
    report_on = models.DateField("支援レポート共有日（市町村の回答）", null=True, blank=True)
    reason = models.CharField("市町村が言った理由", max_length=200, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)
    why_again = models.CharField("書き直した理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "市町村の回答"
        verbose_name_plural = "市町村の回答"
        ordering = ["month", "pk"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="city_answer_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "month"],
                condition=Q(replaces=None),
                name="city_answer_first_once",
                violation_error_message="この月の回答は、たったいま別の人が記録しました。",
            ),
            models.CheckConstraint(
                condition=Q(is_billable=True) | ~Q(reason=""),
                name="city_answer_no_has_reason",
                violation_error_message="請求できないと言われた理由を入れてください。",
            ),
            *retold_constraints(
                "city_answer", why="why_again", asks="書き直す理由を入れてください。"
            ),
        ]
