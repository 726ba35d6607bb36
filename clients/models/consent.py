"""Consent: what may go to whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.enums import ReportItem
from clients.models.enrolment import Enrolment
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder
from teikyaku.periods import day_after, in_force


class ConsentQuerySet(models.QuerySet[Any]):
    """Consents by day."""

    def given(self, on: date) -> ConsentQuerySet:
        """Those that allow something on `on`: from the day of the withdrawal on nothing goes."""
        is_withdrawn = Q(withdrawn_on__isnull=False, withdrawn_on__lte=on)
        return self.filter(in_force(on)).exclude(is_withdrawn)


class Consent(RecordedModel):
    """同意 the person's consent for one recipient and one scope; it can be withdrawn.

    For a 支援レポート it can name the items that may go; none named are all of them, which is what a
    consent meant before items could be named.
    """

    class Recipient(models.TextChoices):
        """相手 to whom something may go."""

        EMPLOYER = "employer", "職場"
        FAMILY = "family", "家族"
        CENTRE = "centre", "就業・生活支援センター"
        MEDICAL = "medical", "医療機関"
        CONSULTATION = "consultation", "相談支援事業所"
        OTHER = "other", "その他"

    class ConsentScope(models.TextChoices):
        """範囲 what may go."""

        REPORT = "report", "支援レポート"
        CONTACT = "contact", "連絡・相談"
        HANDOVER = "handover", "引き継ぎの情報"
        SUPPORT_PLAN = "support_plan", "個別支援計画"

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.CASCADE,  # part of the file
        related_name="consents",
        verbose_name="利用",
    )
    recipient = models.CharField("相手", max_length=20, choices=Recipient)
    recipient_name = models.CharField("相手の名称", max_length=80, blank=True)
    scope = models.CharField("範囲", max_length=20, choices=ConsentScope)
    starts_on = models.DateField("同意した日")
    ends_on = models.DateField("同意の最終日", null=True, blank=True)
    withdrawn_on = models.DateField("撤回した日", null=True, blank=True)
    items = models.JSONField("渡してよい項目", default=list, blank=True)

    objects = ConsentQuerySet.as_manager()
    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "同意"
        verbose_name_plural = "同意"
        ordering = ["starts_on"]
        constraints = [
            DateOrder(
                name="consent_date_order",
                violation_error_message="最終日は同意した日以後にしてください。",
            ),
            DateOrder(
                first="starts_on",
                last="withdrawn_on",
                name="consent_withdrawn_order",
                violation_error_message="撤回した日は、同意した日以後にしてください。",
            ),
        ]

    def clean(self) -> None:
        """Items are those of a report, and only a report has them."""
        if self.items and self.scope != self.ConsentScope.REPORT:
            raise ValidationError({"items": "項目を選べるのは、支援レポートの同意だけです。"})
        if not set(self.items) <= set(ReportItem.values):
            raise ValidationError({"items": "支援レポートにない項目です。"})

    def is_given(self, on: date) -> bool:
        """`ConsentQuerySet.given` for a row at hand."""
        is_begun = self.starts_on <= on
        is_over = self.ends_on is not None and self.ends_on < on
        return is_begun and not is_over and (self.withdrawn_on is None or on < self.withdrawn_on)

    def over_on(self, on: date) -> date | None:
        """The day from which it allowed nothing any more, where that has come by `on`."""
        if self.withdrawn_on is not None and self.withdrawn_on <= on:
            return self.withdrawn_on
        return day_after(self.ends_on) if self.ends_on is not None and self.ends_on < on else None

    @property
    def allowed_items(self) -> tuple[ReportItem, ...]:
        """The items of a report that may go, in their order."""
        return tuple(item for item in ReportItem if not self.items or item.value in self.items)
