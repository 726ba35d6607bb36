"""Expiry settlement: what has passed and was laid aside by somebody, with a reason."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clients.models import Client
from plans.rules.expiry import EndKind, WardEndKind
from teikyaku.accounts.models import Membership, Municipality, Office, StaffQualification
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together

KINDS = {kind.value: kind.label for kind in (*EndKind, *WardEndKind)}


class ExpirySettlementQuerySet(models.QuerySet["ExpirySettlement"]):
    """Questions about settlements."""

    def standing(self) -> ExpirySettlementQuerySet:
        """Those that were not taken back."""
        return self.filter(undone_at=None)


class ExpirySettlement(RecordedModel):
    """済みにした期限 an end that has passed and waits for nothing more: why, by whom, when.

    It holds for one row and for the day that stood on it. Where that day is corrected later, the end
    shows again.
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose board it left
        null=True,
        blank=True,
        related_name="+",
        verbose_name="事業所",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # whose board it left
        null=True,
        blank=True,
        related_name="+",
        verbose_name="自治体",
    )
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # erased with the file that it is part of
        null=True,
        blank=True,
        related_name="+",
        verbose_name="利用者",
    )
    qualification = models.ForeignKey(
        StaffQualification,
        on_delete=models.PROTECT,  # why it was not renewed stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="職員の資格・研修",
    )
    kind = models.CharField("種類", max_length=20, choices=list(KINDS.items()))
    subject_id = models.UUIDField("対象")
    """The public id of the row that ended."""
    on_file = models.DateField("記録にある日")
    """The day that stood on that row, from which the end follows."""
    reason = models.CharField("済みにした理由", max_length=200)
    undone_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known as long as the row does
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
        editable=False,
    )

    objects = ExpirySettlementQuerySet.as_manager()

    class Meta:
        verbose_name = "済みにした期限"
        verbose_name_plural = "済みにした期限"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, municipality__isnull=True)
                | Q(office__isnull=True, municipality__isnull=False, client__isnull=False),
                name="expiry_settlement_one_board",
                violation_error_message="一つの事業所か、一つの区の期限を済みにします。",
            ),
            models.CheckConstraint(
                condition=Q(client__isnull=False, qualification__isnull=True)
                | Q(client__isnull=True, qualification__isnull=False),
                name="expiry_settlement_one_owner",
                violation_error_message="利用者か職員、どちらか一人の期限です。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="expiry_settlement_has_reason",
                violation_error_message="済みにした理由を入れてください。",
            ),
            Together(
                fields=["undone_at", "undone_by"],
                name="expiry_settlement_undone_by",
                violation_error_message="取り消すには、日時と人が要ります。",
            ),
            models.UniqueConstraint(
                fields=["office", "kind", "subject_id", "on_file"],
                condition=Q(undone_at=None, office__isnull=False),
                name="expiry_settlement_once_office",
                violation_error_message="この期限は、たったいま別の人が済みにしました。",
            ),
            models.UniqueConstraint(
                fields=["municipality", "kind", "subject_id", "on_file"],
                condition=Q(undone_at=None, municipality__isnull=False),
                name="expiry_settlement_once_ward",
                violation_error_message="この期限は、たったいま別の人が済みにしました。",
            ),
        ]
        indexes = [
            models.Index(fields=["subject_id", "kind"], name="expiry_settlement_of"),
        ]
