"""Cap management: what the offices of one person share out of one month's copayment."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from billing.enums import CapOutcome, CapRank
from clients.models import Enrolment
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import FirstOfMonth
from teikyaku.frozen import FrozenModel


class CapResult(FrozenModel, RecordedModel):
    """上限額管理結果 of one person's month: made here, told by the managing office, or that nobody else served.

    A row never changes: a correction is the next `number` with its reason, and the highest number
    holds (docs/rules.md §5). Closed months keep the row by which they were computed.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # money
        related_name="cap_results",
        verbose_name="利用",
    )
    month = models.DateField("サービス提供月")
    number = models.PositiveSmallIntegerField("回", default=1)
    outcome = models.CharField("管理結果", max_length=1, choices=CapOutcome, blank=True)
    is_alone = models.BooleanField("ほかの事業所の利用がない月", default=False)
    """Nobody else served the person: nothing is shared out, one's own copayment stays."""
    cap_yen = models.PositiveIntegerField("負担上限月額（円）")
    is_made_here = models.BooleanField("この事業所が管理した")
    managing_office_number = models.CharField("上限額管理事業所の番号", max_length=10, blank=True)
    managing_office_name = models.CharField("上限額管理事業所", max_length=80)
    decided_on = models.DateField("結果票の日付")
    own_total_yen = models.PositiveIntegerField("この事業所の総費用額（円）")
    own_before_yen = models.PositiveIntegerField("この事業所の負担額（円）")
    own_after_yen = models.PositiveIntegerField("この事業所の管理後の負担額（円）")
    reason = models.CharField("書き直す理由", max_length=200, blank=True)
    manager_reason = models.CharField("受給者証と違う事業所にした理由", max_length=200, blank=True)
    person_name = models.CharField("結果票の氏名", max_length=120, blank=True)
    """As on the day of the sheet, like the next two; only of a sheet that was made here."""
    certificate_number = models.CharField("結果票の受給者証番号", max_length=10, blank=True)
    municipality_name = models.CharField("結果票の市町村", max_length=80, blank=True)

    class Meta:
        verbose_name = "上限額管理結果"
        verbose_name_plural = "上限額管理結果"
        ordering = ["month", "number"]
        constraints = [
            FirstOfMonth(
                field="month",
                name="cap_result_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "month", "number"],
                name="cap_result_once",
                violation_error_message="この月の結果は、たったいま別の人が記録しました。",
            ),
            models.CheckConstraint(
                condition=Q(own_after_yen__lte=F("own_before_yen")),
                name="cap_result_not_more",
                violation_error_message="管理後の負担額は、管理前より多くなりません。",
            ),
            models.CheckConstraint(
                condition=Q(cap_yen__gt=0),
                name="cap_result_of_a_cap",
                violation_error_message="上限額が0円の月は、上限額管理をしません。",
            ),
            models.CheckConstraint(
                condition=Q(is_alone=False) & ~Q(outcome="")
                | Q(is_alone=True, outcome="", is_made_here=False)
                & Q(own_after_yen=F("own_before_yen")),
                name="cap_result_alone",
                violation_error_message="ほかの事業所の利用がない月には、管理結果がなく、負担額は変わりません。",
            ),
            models.CheckConstraint(
                condition=Q(is_alone=True) | ~Q(managing_office_number=""),
                name="cap_result_manager",
                violation_error_message="上限額管理事業所の番号を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="cap_result_reason",
                violation_error_message="書き直す理由を入れてください。",
            ),
        ]


class CapResultLine(FrozenModel, PublicModel):
    """結果票の行 one office's part of a sheet that was made here; one's own is among them."""

    result = models.ForeignKey(
        CapResult,
        on_delete=models.PROTECT,  # money
        related_name="lines",
        verbose_name="上限額管理結果",
    )
    position = models.PositiveSmallIntegerField("項番")
    office_number = models.CharField("事業所番号", max_length=10)
    office_name = models.CharField("事業所", max_length=80)
    rank = models.CharField("サービスの種類", max_length=20, choices=CapRank)
    is_own = models.BooleanField("この事業所", default=False)
    total_cost_yen = models.PositiveIntegerField("総費用額（円）")
    before_yen = models.PositiveIntegerField("利用者負担額（円）")
    after_yen = models.PositiveIntegerField("管理結果後利用者負担額（円）")

    class Meta:
        verbose_name = "上限額管理結果票の行"
        verbose_name_plural = "上限額管理結果票の行"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "position"],
                name="cap_result_line_once",
                violation_error_message="項番が重なっています。",
            ),
            models.CheckConstraint(
                condition=Q(after_yen__lte=F("before_yen")),
                name="cap_result_line_not_more",
                violation_error_message="管理後の負担額は、管理前より多くなりません。",
            ),
        ]
