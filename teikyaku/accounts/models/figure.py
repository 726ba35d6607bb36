"""Figure overrides: what an operator corrected without a release."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, FirstOfMonth, NoOverlap


class FigureOverride(RecordedModel):
    """制度の数値の訂正 an operator's figure that wins over the packaged one for its months.

    docs/rules.md: what is [M] or [?] is data that an operator can correct.
    """

    key = models.CharField("項目", max_length=80)
    value = models.CharField("値", max_length=80)
    first_month = models.DateField("最初の月")
    last_month = models.DateField("最後の月", null=True, blank=True)
    source = models.CharField("根拠", max_length=200)

    # What was corrected or taken back stays readable.
    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "制度の数値の訂正"
        verbose_name_plural = "制度の数値の訂正"
        ordering = ["key", "first_month"]
        constraints = [
            FirstOfMonth(
                field="first_month",
                name="figure_override_first_month",
                violation_error_message="月の初日で保存します。",
            ),
            DateOrder(
                first="first_month",
                last="last_month",
                name="figure_override_order",
                violation_error_message="最後の月は最初の月以後にしてください。",
            ),
            NoOverlap(
                fields=["key"],
                starts="first_month",
                ends="last_month",
                name="figure_override_no_overlap",
                violation_error_message="この項目の訂正は、月が重なっています。",
            ),
        ]
