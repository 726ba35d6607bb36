"""Other support: registration with a centre, a job coach, or a service that bars this one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.enums import SupportKind
from clients.models.client import Client
from clients.models.organisation import Organisation
from clients.rules.job_coach import PhaseSpan, phases_of
from teikyaku.accounts.models import Membership
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import DateOrder, Together
from teikyaku.periods import Month


class OtherSupportQuerySet(models.QuerySet["OtherSupport"]):
    """Questions about other support."""

    def standing(self) -> OtherSupportQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def barring(self) -> OtherSupportQuerySet:
        """Those that may bar months of this service (docs/rules.md §7 M)."""
        has_months = ~Q(subsidised_months=[])
        return self.standing().filter(has_months | Q(kind=SupportKind.INDEPENDENT_LIVING))


class OtherSupport(RecordedModel):
    """他の支援 one support beside this service, from its first to its last day.

    A job coach's support is one row: its three phases follow one another on it without a gap or an
    overlap, each until the day before the next. The first one begins with the support.
    """

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,  # part of the person's file
        related_name="other_supports",
        verbose_name="利用者",
    )
    kind = models.CharField("種類", max_length=20, choices=SupportKind)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # reference data
        related_name="+",
        verbose_name="機関",
    )
    starts_on = models.DateField("開始日")
    transition_on = models.DateField("移行支援の初日", null=True, blank=True)
    follow_up_on = models.DateField("フォローアップの初日", null=True, blank=True)
    ends_on = models.DateField("終了日", null=True, blank=True)
    end_note = models.CharField("終わり方", max_length=200, blank=True)
    subsidised_months = models.JSONField(
        "訪問型ジョブコーチの助成を請求する月", default=list, blank=True, editable=False
    )
    """Months as 2026-04, in order; one by one, since not every month of a support is claimed."""
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

    history = HistoricalRecords(related_name="history_rows")
    objects = OtherSupportQuerySet.as_manager()

    class Meta:
        verbose_name = "他の支援"
        verbose_name_plural = "他の支援"
        ordering = ["starts_on", "pk"]
        constraints = [
            DateOrder(
                name="other_support_date_order",
                violation_error_message="終了日は開始日以後にしてください。",
            ),
            DateOrder(
                first="starts_on",
                last="transition_on",
                name="other_support_transition_after_start",
                violation_error_message="移行支援の初日は、開始日以後にしてください。",
            ),
            DateOrder(
                first="starts_on",
                last="follow_up_on",
                name="other_support_follow_up_after_start",
                violation_error_message="フォローアップの初日は、開始日以後にしてください。",
            ),
            DateOrder(
                first="transition_on",
                last="follow_up_on",
                name="other_support_phases_in_order",
                violation_error_message="フォローアップの初日は、移行支援の初日以後にしてください。",
            ),
            DateOrder(
                first="transition_on",
                last="ends_on",
                name="other_support_transition_before_end",
                violation_error_message="終了日は、移行支援の初日以後にしてください。",
            ),
            DateOrder(
                first="follow_up_on",
                last="ends_on",
                name="other_support_follow_up_before_end",
                violation_error_message="終了日は、フォローアップの初日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(kind="job_coach")
                | Q(transition_on=None, follow_up_on=None, subsidised_months=[]),
                name="other_support_phase_is_for_job_coach",
                violation_error_message="段階と助成はジョブコーチのときだけ入れます。",
            ),
            Together(
                fields=["withdrawn_at", "withdrawn_by"],
                name="other_support_withdrawn_by",
                violation_error_message="取消しには、日時と人が要ります。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="other_support_withdrawn_why",
                violation_error_message="取り消すには、理由を入れてください。",
            ),
        ]

    @property
    def phases(self) -> tuple[PhaseSpan, ...]:
        """The phases of a job coach's support in order; empty for every other kind."""
        if self.kind != SupportKind.JOB_COACH:
            return ()
        return phases_of(self.starts_on, self.transition_on, self.follow_up_on, self.ends_on)

    @property
    def months(self) -> tuple[Month, ...]:
        """The subsidised months in order."""
        return tuple(Month.parse(text) for text in self.subsidised_months)
