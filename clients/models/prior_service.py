"""Prior service: what the person used before (or during) the employment."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from clients.enums import ServiceKind
from clients.models.client import Client
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder


class PriorService(RecordedModel):
    """就職前のサービス利用 the use of a service from which the right grows (docs/rules.md §1)."""

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person, erased with them
        related_name="prior_services",
        verbose_name="利用者",
    )
    kind = models.CharField("サービス", max_length=30, choices=ServiceKind)
    office_name = models.CharField("事業所名", max_length=80, blank=True)
    starts_on = models.DateField("利用開始日")
    ends_on = models.DateField("利用終了日", null=True, blank=True)
    is_during_employment = models.BooleanField(
        "働きながらの利用（復職・労働時間の延長）",
        default=False,
        help_text="この場合、6か月は利用が終わった日の翌日から数えます。",
    )

    is_provisional = models.BooleanField(
        "移行のときの仮の記録",
        default=False,
        help_text="種類をまとめて答えたか、日付が表になかったもの。日付は就職日の前日です。",
    )
    """Until somebody corrects it; who answered is who recorded it."""

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "就職前のサービス利用"
        verbose_name_plural = "就職前のサービス利用"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="prior_service_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            )
        ]
