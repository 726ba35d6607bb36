"""File transfer: a person moves to another ward of the city, and the file passes with an acceptance."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clients.models import Client
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together


class FileTransfer(RecordedModel):
    """区の引継ぎ one ward offers a person's file, or another one asks for it.

    Nothing passes before the other ward says yes. Who asks has an application of the person in hand
    (`received`): it is received here, on its own day, once the file has come.
    """

    class Outcome(models.TextChoices):
        """結果 what became of the offer."""

        ACCEPTED = "accepted", "引き受けた"
        DECLINED = "declined", "引き受けなかった"
        WITHDRAWN = "withdrawn", "取り下げた"

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # part of both wards' records
        related_name="file_transfers",
        verbose_name="利用者",
    )
    from_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who offered it
        related_name="+",
        verbose_name="引き継ぐ区",
    )
    to_municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who was asked
        related_name="+",
        verbose_name="引き受ける区",
    )
    moved_on = models.DateField("転居の日")
    is_requested = models.BooleanField("受け取る区が頼んだ", default=False, editable=False)
    received = models.JSONField("受け付けた申請", default=dict, blank=True, editable=False)
    note = models.TextField("伝えること", blank=True, max_length=2000)
    outcome = models.CharField("結果", max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.CharField("引き受けない理由", max_length=400, blank=True)
    outcome_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who answered stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="答えた人",
        editable=False,
    )
    outcome_at = models.DateTimeField("答えた日時", null=True, blank=True, editable=False)

    @property
    def asking_ward_id(self) -> int:
        """The ward that waits for an answer, and may take its word back."""
        return self.to_municipality_id if self.is_requested else self.from_municipality_id

    @property
    def answering_ward_id(self) -> int:
        """The ward that answers."""
        return self.from_municipality_id if self.is_requested else self.to_municipality_id

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "区の引継ぎ"
        verbose_name_plural = "区の引継ぎ"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "from_municipality"],
                condition=Q(outcome=""),
                name="file_transfer_one_open",
                violation_error_message="この方の引継ぎは、もう申し出ています。",
            ),
            models.CheckConstraint(
                condition=~Q(from_municipality=F("to_municipality")),
                name="file_transfer_two_wards",
                violation_error_message="ほかの区を選んでください。",
            ),
            Together(
                fields=["outcome_by", "outcome_at"],
                name="file_transfer_outcome_together",
                violation_error_message="結果には、答えた人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="file_transfer_outcome_dated",
                violation_error_message="結果には、答えた人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(outcome_reason=""),
                name="file_transfer_decline_has_reason",
                violation_error_message="引き受けないときは、理由を書いてください。",
            ),
        ]
        indexes = [
            # What waits for a ward, and what it has offered, on its home.
            models.Index(fields=["to_municipality", "outcome"], name="file_transfer_to"),
            models.Index(fields=["from_municipality", "outcome"], name="file_transfer_from"),
            # Whether somebody's file has passed, asked for many people.
            models.Index(
                fields=["client", "outcome", "from_municipality"], name="file_transfer_of_client"
            ),
        ]
