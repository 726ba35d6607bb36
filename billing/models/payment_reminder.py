"""Payment reminder: the letter to whoever has not paid after the last day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from billing.models.invoice import Invoice
from clients.models import Client
from teikyaku.accounts.models import IssuedDocument, Office
from teikyaku.accounts.models.base import PublicModel
from teikyaku.frozen import FrozenModel


class PaymentReminder(FrozenModel, PublicModel):
    """お支払いのお知らせ one letter to one person, with everything that was late on its day.

    A row never changes: the next letter is another row.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # money
        related_name="payment_reminders",
        verbose_name="事業所",
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # money
        related_name="payment_reminders",
        verbose_name="利用者",
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="payment_reminder",
        verbose_name="文書",
    )

    class Meta:
        verbose_name = "お支払いのお知らせ"
        verbose_name_plural = "お支払いのお知らせ"
        ordering = ["pk"]


class PaymentReminderLine(FrozenModel):
    """お知らせの請求書 one invoice in a letter, with what was open of it (yen)."""

    reminder = models.ForeignKey(
        PaymentReminder,
        on_delete=models.PROTECT,  # money
        related_name="lines",
        verbose_name="お支払いのお知らせ",
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,  # money
        related_name="reminder_lines",
        verbose_name="請求書",
    )
    open_yen = models.PositiveIntegerField("残り（円）")

    class Meta:
        verbose_name = "お知らせの請求書"
        verbose_name_plural = "お知らせの請求書"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reminder", "invoice"],
                name="payment_reminder_line_once",
                violation_error_message="同じ請求書は、お知らせに1回だけ入ります。",
            ),
            models.CheckConstraint(
                condition=Q(open_yen__gt=0),
                name="payment_reminder_line_open",
                violation_error_message="残りがある請求書だけが、お知らせに入ります。",
            ),
        ]
