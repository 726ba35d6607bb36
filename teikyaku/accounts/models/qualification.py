"""Staff qualification: what a member of staff has completed, and until when it holds."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.accounts.models.membership import Membership
from teikyaku.constraints import DateOrder


class StaffQualification(RecordedModel):
    """職員の資格・研修 of a member of staff, with the last day on which it holds.

    The kind is what people write, and the end what stands on their paper: neither is computed, for no
    source gives the periods. A renewal is the next row of the same kind.
    """

    membership = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who had which qualification stays known
        related_name="qualifications",
        verbose_name="職員",
    )
    kind = models.CharField("資格・研修の名前", max_length=60)
    obtained_on = models.DateField("修了・取得した日", null=True, blank=True)
    valid_until = models.DateField("有効期限", null=True, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "職員の資格・研修"
        verbose_name_plural = "職員の資格・研修"
        ordering = ["kind", "obtained_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=""),
                name="staff_qualification_has_kind",
                violation_error_message="資格・研修の名前を入れてください。",
            ),
            DateOrder(
                first="obtained_on",
                last="valid_until",
                name="staff_qualification_date_order",
                violation_error_message="有効期限は、修了・取得した日以後にしてください。",
            ),
            models.UniqueConstraint(
                fields=["membership", "kind", "valid_until"],
                name="staff_qualification_once",
                violation_error_message="この資格・研修の、この有効期限は、もう記録されています。",
            ),
        ]
