"""Contract: what person and office agreed, and from when the service is used."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.models import Enrolment
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap


class Contract(RecordedModel):
    """利用契約 the paper: 重要事項説明, signature, use begins; its action opens the enrolment's use."""

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed on it
        related_name="contracts",
        verbose_name="利用",
    )
    explained_on = models.DateField("重要事項を説明した日")
    signed_on = models.DateField("契約日")
    starts_on = models.DateField("利用開始日")
    ends_on = models.DateField("契約終了日", null=True, blank=True)
    contracted_amount = models.CharField("契約支給量", max_length=40, blank=True)
    entry_number = models.PositiveSmallIntegerField("事業者記入欄の番号", default=1)
    reported_on = models.DateField("契約内容報告書を送った日", null=True, blank=True)
    end_reported_on = models.DateField("契約終了の報告日", null=True, blank=True)
    # docs/rules.md §7 [?]: who gets it, and when the first month has no meeting: the office answers.
    initial_addition_month = models.DateField("初期加算を算定する月", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "利用契約"
        verbose_name_plural = "利用契約"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="contract_date_order",
                violation_error_message="契約終了日は利用開始日以後にしてください。",
            ),
            DateOrder(
                first="explained_on",
                last="signed_on",
                name="contract_explained_before_signed",
                violation_error_message="契約の前に、重要事項を説明した日が必要です。",
            ),
            DateOrder(
                first="signed_on",
                last="starts_on",
                name="contract_signed_before_start",
                violation_error_message="利用開始日は契約日以後にしてください。",
            ),
            FirstOfMonth(
                field="initial_addition_month",
                name="contract_initial_month",
                violation_error_message="月の初日で保存します。",
            ),
            NoOverlap(
                fields=["enrolment"],
                name="contract_no_overlap",
                violation_error_message="この方の契約の期間が重なっています。",
            ),
        ]
