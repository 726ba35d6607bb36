"""Invoice: what a person was asked for a month, here or before the office moved in; frozen."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from billing.models.month import MonthLine, PersonMonth
from billing.models.taken_back import RetoldRow, retold_constraints
from clients.models import Client, Enrolment
from teikyaku.accounts.models import IssuedDocument
from teikyaku.accounts.models.base import PublicModel
from teikyaku.clock import date_of
from teikyaku.constraints import FirstOfMonth
from teikyaku.frozen import FrozenModel


class Invoice(FrozenModel, PublicModel):
    """請求書 ties a person's month to the document that was issued for it.

    One of before the office moved in (`opening`) has neither a closed month nor a document here: it is
    asked for, paid and given back as all others are, and is no revenue.
    """

    person_month = models.ForeignKey(
        PersonMonth,
        on_delete=models.PROTECT,  # money
        null=True,
        blank=True,
        related_name="invoices",
        verbose_name="利用者の月",
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        null=True,
        blank=True,
        related_name="invoice",
        verbose_name="文書",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # money
        related_name="invoices",
        verbose_name="利用",
    )
    month = models.DateField("サービスの月")
    amount_yen = models.PositiveIntegerField("請求額（円）")
    due_on = models.DateField("支払期限")

    class Meta:
        verbose_name = "請求書"
        verbose_name_plural = "請求書"
        ordering = ["pk"]
        indexes = [models.Index(fields=["enrolment", "month"], name="invoice_line")]
        constraints = [
            FirstOfMonth(
                field="month",
                name="invoice_month",
                violation_error_message="月の初日で保存します。",
            ),
            models.CheckConstraint(
                condition=Q(person_month__isnull=True, document__isnull=True)
                | Q(person_month__isnull=False, document__isnull=False),
                name="invoice_month_with_document",
                violation_error_message="締めた月と文書は、一緒に記録します。",
            ),
        ]

    @property
    def line(self) -> MonthLine:
        """The rows of one person's month at one office, which money counts for."""
        return self.enrolment_id, self.month

    @property
    def client(self) -> Client:
        """Whose it is."""
        return self.enrolment.client  # type: ignore[no-any-return]

    @property
    def is_opening(self) -> bool:
        """Whether it is one of before the office moved in."""
        return self.person_month_id is None

    @property
    def paper(self) -> IssuedDocument:
        """The document of one that was issued here. Raises ValueError for one of before the move."""
        if self.document is None:
            raise ValueError("an invoice of before the move has no document here")
        return self.document

    @property
    def closed_month(self) -> PersonMonth:
        """The month that it was issued for. Raises ValueError for one of before the move."""
        if self.person_month is None:
            raise ValueError("an invoice of before the move has no closed month")
        return self.person_month

    @property
    def number(self) -> str:
        """The number that stands on the paper."""
        return str(self.opening.number or "—" if self.document is None else self.document.number)

    @property
    def issued_on(self) -> date:
        """The day of the paper."""
        if self.document is None:
            return self.opening.issued_on  # type: ignore[no-any-return]
        return date_of(self.document.issued_at)

    @property
    def asks_since(self) -> date:
        """The day on which it was put in the place of another; without one, the day of the paper."""
        if self.document is None and self.opening.replaces_id is not None:
            return date_of(self.opening.recorded_at)
        return self.issued_on

    @property
    def is_replaced(self) -> bool:
        """Whether another one asks in its place."""
        return hasattr(self.opening if self.document is None else self.document, "replaced_by")

    @property
    def is_sample(self) -> bool:
        """Whether its sum comes from a sample of a fee table."""
        month = self.person_month
        return month is not None and bool(month.closing.is_sample_tariff)


class OpeningInvoice(RetoldRow):
    """移行前の請求 an invoice on paper of another system, of which something was open at the move.

    The sum of its `invoice` is what was left then. A mistake is mended by a new row that `replaces`
    this one and says why; a row of 0 yen that `is_withdrawn` says that it never was.
    """

    invoice = models.OneToOneField(
        Invoice,
        on_delete=models.PROTECT,  # money
        related_name="opening",
        verbose_name="請求書",
    )
    number = models.CharField("前の請求書の番号", max_length=40, blank=True)
    issued_on = models.DateField("発行日")
    carried_on = models.DateField("繰り越した日")

    class Meta:
        verbose_name = "移行前の請求"
        verbose_name_plural = "移行前の請求"
        ordering = ["pk"]
        constraints = retold_constraints("opening_invoice")
