"""Pending grant: what one officer wants to decide, until a second one has looked."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from plans.models.application import Application
from teikyaku.accounts.models import Membership
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together


class PendingGrant(RecordedModel):
    """確認待ちの支給決定 the answers of the grant's form; nothing is decided before the second look.

    Only of wards that have asked for it (`Municipality.needs_second_officer`).
    """

    class Outcome(models.TextChoices):
        """結果 of the second look."""

        CONFIRMED = "confirmed", "確認した"
        RETURNED = "returned", "戻した"

    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,  # part of the ward's record
        related_name="pending_grants",
        verbose_name="申請",
    )
    answers = models.JSONField("入力")
    outcome = models.CharField("結果", max_length=10, choices=Outcome, blank=True)
    outcome_reason = models.CharField("戻した理由", max_length=400, blank=True)
    outcome_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who looked stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="確認した人",
        editable=False,
    )
    outcome_at = models.DateTimeField("確認した日時", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "確認待ちの支給決定"
        verbose_name_plural = "確認待ちの支給決定"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(outcome=""),
                name="pending_grant_one_open",
                violation_error_message="この支給決定は、もう確認を待っています。",
            ),
            Together(
                fields=["outcome_by", "outcome_at"],
                name="pending_grant_outcome_together",
                violation_error_message="結果には、確認した人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="pending_grant_outcome_dated",
                violation_error_message="結果には、確認した人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(outcome_reason=""),
                name="pending_grant_return_has_reason",
                violation_error_message="戻すときは理由を書いてください。",
            ),
            # A proposer may take their own back, never confirm it.
            models.CheckConstraint(
                condition=~Q(outcome="confirmed") | ~Q(outcome_by=F("recorded_by")),
                name="pending_grant_second_person",
                violation_error_message="自分の案は、自分では確認できません。",
            ),
        ]
