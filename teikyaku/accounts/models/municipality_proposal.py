"""Municipality proposal: a place that an office needed before the administrator had registered it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from teikyaku.accounts.models.base import RecordedModel
from teikyaku.accounts.models.membership import Membership
from teikyaku.accounts.models.municipality import Municipality
from teikyaku.accounts.models.office import Office
from teikyaku.constraints import Together


class MunicipalityProposal(RecordedModel):
    """自治体の仮登録 a municipality that an office entered from a certificate, until somebody has confirmed it.

    The municipality is used from the first day on; name and number are looked at, and put right, by the
    administrator. One that is on file under another number already is joined with that one, and stays for
    what was closed with it.
    """

    municipality = models.OneToOneField(
        Municipality,
        on_delete=models.PROTECT,  # reference data
        related_name="proposal",
        verbose_name="支給市町村",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # who needed it first stays known
        related_name="+",
        verbose_name="事業所",
    )
    confirmed_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who confirmed stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認した人",
        editable=False,
    )
    confirmed_at = models.DateTimeField("確認した日時", null=True, blank=True, editable=False)
    same_as = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # reference data
        null=True,
        blank=True,
        related_name="+",
        verbose_name="同じ自治体",
    )

    class Meta:
        verbose_name = "自治体の仮登録"
        verbose_name_plural = "自治体の仮登録"
        ordering = ["pk"]
        constraints = [
            Together(
                fields=["confirmed_by", "confirmed_at"],
                name="municipality_proposal_confirmed_together",
                violation_error_message="確認には、人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(same_as=None)
                | Q(confirmed_at__isnull=False) & ~Q(same_as=F("municipality")),
                name="municipality_proposal_joined",
                violation_error_message="まとめる先は、確かめた別の自治体です。",
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        """Nobody has confirmed it yet."""
        return self.confirmed_at is None
