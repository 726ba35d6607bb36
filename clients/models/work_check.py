"""Work check: what an office found out about one March 31 of somebody who used it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.enums import CheckOutcome, CheckSource
from clients.models.client import Client
from clients.rules.work_check import ANSWERS
from teikyaku.accounts.models import Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, LastOfMarch


class WorkCheckQuerySet(models.QuerySet["WorkCheck"]):
    """Questions about work checks."""

    def answers(self) -> WorkCheckQuerySet:
        """Those that say whether the person worked; attempts are left out."""
        return self.filter(outcome__in=ANSWERS)


class WorkCheck(RecordedModel):
    """3月31日の就労の確認 an answer about one March 31, or an attempt that reached nobody.

    One answer stands for a person, office and March 31; a wrong one is corrected, and its history
    keeps what was. It tells nothing to another office.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # evidence of a rate: erasing it is an action of its own
        related_name="work_checks",
        verbose_name="利用者",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # the office's file
        related_name="work_checks",
        verbose_name="事業所",
    )
    counted_on = models.DateField("数える日", editable=False)
    outcome = models.CharField("結果", max_length=20, choices=CheckOutcome)
    source = models.CharField("だれから・何から", max_length=20, choices=CheckSource)
    asked_on = models.DateField("確かめた日")
    note = models.CharField("メモ", max_length=200, blank=True)

    history = HistoricalRecords(related_name="history_rows")
    objects = WorkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = "3月31日の就労の確認"
        verbose_name_plural = "3月31日の就労の確認"
        ordering = ["asked_on", "pk"]
        constraints = [
            LastOfMarch(
                field="counted_on",
                name="work_check_march_31",
                violation_error_message="数える日は3月31日です。",
            ),
            DateOrder(
                first="counted_on",
                last="asked_on",
                name="work_check_asked_after",
                violation_error_message="3月31日かそれより後の日にしてください。",
            ),
            models.UniqueConstraint(
                fields=["client", "office", "counted_on"],
                condition=Q(outcome__in=[str(each) for each in ANSWERS]),
                name="work_check_one_answer",
                violation_error_message="この方の答えは、もう記録されています。直すときは「訂正」を使ってください。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "counted_on"], name="work_check_year"),
        ]
