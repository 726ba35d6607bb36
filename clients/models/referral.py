"""Referral: somebody who could not use the service was led to who helps instead."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.enums import CentreKind, FollowUp, ReferralOutcome
from clients.models.client import Client
from clients.models.keeping import ONE_KEEPER
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, Together

# Written by `plans.actions.referral.refresh_referrals`, and by nothing else.
DERIVED = ("eligible_from", "eligible_until")


class Referral(RecordedModel):
    """つなぎ a person was led to a centre: when, where, what was handed over, what came of it.

    It belongs to the office or to the ward that made it, and tells the other nothing. The derived
    columns say from when to when this keeper's facts would let the person use the service after all,
    so that lists and homes find them again in SQL.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # erased with its keeper's file, by the action
        related_name="referrals",
        verbose_name="利用者",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose record it is
        null=True,
        blank=True,
        related_name="+",
        verbose_name="事業所",
        editable=False,
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # whose record it is
        null=True,
        blank=True,
        related_name="+",
        verbose_name="自治体",
        editable=False,
    )
    referred_on = models.DateField("つないだ日")
    centre = models.CharField("つなぎ先", max_length=20, choices=CentreKind)
    centre_name = models.CharField("つなぎ先の名称・担当", max_length=80, blank=True)
    why = models.TextField("つないだ理由", max_length=600, blank=True)
    handed_over = models.TextField("渡したもの・伝えたこと", max_length=1000, blank=True)
    consented_on = models.DateField("本人が同意した日", null=True, blank=True)
    outcome = models.CharField(
        "結果", max_length=20, choices=ReferralOutcome, default=ReferralOutcome.WAITING
    )
    outcome_on = models.DateField("結果の日", null=True, blank=True)
    outcome_note = models.CharField("結果のメモ", max_length=300, blank=True)

    follow_up = models.CharField(
        "もう一度声をかけた結果", max_length=20, choices=FollowUp, blank=True
    )
    follow_up_on = models.DateField("もう一度声をかけた日", null=True, blank=True)
    follow_up_note = models.CharField("声をかけたときのメモ", max_length=300, blank=True)

    withdrawn_at = models.DateTimeField("取消日時", null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
        editable=False,
    )
    withdrawn_reason = models.CharField("取消しの理由", max_length=100, blank=True, editable=False)

    # Derived; see the class docstring.
    eligible_from = models.DateField("利用できる最初の日", null=True, editable=False)
    eligible_until = models.DateField("利用できる最後の日", null=True, editable=False)

    history = HistoricalRecords(
        related_name="history_rows", excluded_fields=["eligible_from", "eligible_until"]
    )

    class Meta:
        verbose_name = "つなぎ"
        verbose_name_plural = "つなぎ"
        ordering = ["-referred_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_KEEPER,
                name="referral_one_keeper",
                violation_error_message="つなぎは、一つの事業所か一つの区の記録です。",
            ),
            models.CheckConstraint(
                condition=Q(handed_over="") | Q(consented_on__isnull=False),
                name="referral_handed_over_with_consent",
                violation_error_message="渡したものがあるときは、本人が同意した日を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(outcome=ReferralOutcome.WAITING.value, outcome_on=None)
                | (~Q(outcome=ReferralOutcome.WAITING.value) & Q(outcome_on__isnull=False)),
                name="referral_outcome_has_day",
                violation_error_message="結果が分かったら、その日も入れてください（返事待ちのあいだは空欄）。",
            ),
            DateOrder(
                first="referred_on",
                last="outcome_on",
                name="referral_outcome_after",
                violation_error_message="結果の日は、つないだ日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(follow_up="", follow_up_on=None)
                | (~Q(follow_up="") & Q(follow_up_on__isnull=False)),
                name="referral_follow_up_has_day",
                violation_error_message="もう一度声をかけた結果と日は、一緒に入れてください。",
            ),
            DateOrder(
                first="referred_on",
                last="follow_up_on",
                name="referral_follow_up_after",
                violation_error_message="もう一度声をかけた日は、つないだ日以後にしてください。",
            ),
            Together(
                fields=["withdrawn_at", "withdrawn_by"],
                name="referral_withdrawn_by",
                violation_error_message="取消しには、日時と人が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="referral_withdrawn_why",
                violation_error_message="取り消すには、理由を入れてください。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "eligible_from"], name="referral_of_office"),
            models.Index(fields=["municipality", "eligible_from"], name="referral_of_ward"),
            # Somebody's later ones, asked for many people.
            models.Index(fields=["client", "office"], name="referral_of_client"),
        ]
