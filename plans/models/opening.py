"""Opening facts: what an office knew of a person before it wrote here."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models import Enrolment
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import FirstOfMonth


class OpeningFacts(RecordedModel):
    """移行時の事実 where the support of a person stood when the office moved in.

    The last meeting and the pace up to it stand in another file: the due date goes on from them. They
    are no contact here, and no month is billed on them.
    """

    enrolment = models.OneToOneField(
        Enrolment,
        on_delete=models.CASCADE,  # part of the enrolment, erased with it
        related_name="opening",
        verbose_name="利用",
    )
    last_met_on = models.DateField("移行前の最後の面談日", null=True, blank=True)
    pace_months = models.PositiveSmallIntegerField(
        "そのときの面談の間隔（月）",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(3)],
    )
    settled_meetings = models.PositiveSmallIntegerField("続けて安定していた面談の回数", default=0)
    without_plan_since = models.DateField(
        "個別支援計画のない月が続いている最初の月", null=True, blank=True
    )

    network_months = models.CharField(
        "地域連携会議を算定した月", max_length=120, blank=True, default="", db_default=""
    )
    """As `plans.rules.network_before` writes it: used elsewhere, before the first month here."""
    network_count = models.PositiveSmallIntegerField(
        "地域連携会議を算定した回数（月の分からないもの）", default=0, db_default=0
    )

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "移行時の事実"
        verbose_name_plural = "移行時の事実"
        ordering = ["pk"]
        constraints = [
            FirstOfMonth(
                field="without_plan_since",
                name="opening_without_plan_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.CheckConstraint(
                condition=Q(last_met_on__isnull=False) | Q(pace_months=1, settled_meetings=0),
                name="opening_pace_needs_meeting",
                violation_error_message="面談の間隔と回数には、最後の面談日が要ります。",
            ),
        ]
