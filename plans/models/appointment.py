"""Appointment change: an agreed day was moved or called off without a contact of its own."""

from __future__ import annotations

from django.db import models

from clients.models import Enrolment
from teikyaku.accounts.models.base import RecordedModel


class AppointmentChange(RecordedModel):
    """会う約束の変更 the next day is another one now, or there is none any more.

    Days are agreed in contacts (`Interview.next_on`). A call that only moves a day tells nothing of
    work and life, so it is no contact; which one holds is answered by plans.queries.appointment.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # part of what was agreed with the person
        related_name="appointment_changes",
        verbose_name="利用",
    )
    changed_on = models.DateField("変えた日")
    former_on = models.DateField("前の約束の日", null=True, blank=True)
    next_on = models.DateField("新しい約束の日", null=True, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name = "会う約束の変更"
        verbose_name_plural = "会う約束の変更"
        ordering = ["-changed_on", "-pk"]
        indexes = [
            models.Index(fields=["enrolment", "-changed_on"], name="appointment_by_enrolment")
        ]
