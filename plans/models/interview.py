"""Interview: a meeting, an attempt, a call: one dated contact."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from simple_history.models import HistoricalRecords

from clients.models import Enrolment
from plans.enums import (
    ContactOutcome,
    ContactWay,
    MeetingKind,
    Partner,
    Rating,
    Topic,
    WorkplaceTalk,
)
from teikyaku.accounts.models import Membership
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.accounts.roles import Role
from teikyaku.constraints import DateOrder, Together


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Questions about contacts."""

    def standing(self) -> InterviewQuerySet:
        """What holds: neither corrected by a later row nor taken back."""
        return self.filter(replaced_by=None, withdrawn_at=None)

    def with_day_roles(self) -> InterviewQuerySet:
        """With what who met them was here on that day, which `is_by_support_worker` asks.

        The one answer to "was it a 就労定着支援員 in post on that day?" (docs/rules.md §6 S). A change of
        roles of which somebody hears later counts from its own day on, and so does an end.
        """
        return self.annotate(day_roles=_day_roles())

    def by_support_workers(self) -> InterviewQuerySet:
        """Those by a 就労定着支援員 in post on their day: `is_by_support_worker`, as a condition."""
        held = self.alias(day_roles=_day_roles())
        return held.filter(day_roles__icontains=f'"{Role.SUPPORT_WORKER.value}"')


def _day_roles() -> Subquery:
    # Of several on one day (let go and taken back) the last word counts.
    in_post = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=OuterRef("held_on")), starts_on__lte=OuterRef("held_on"),
        user=OuterRef("met_by__user"), office=OuterRef("enrolment__office"),
    )  # fmt: skip
    return Subquery(in_post.order_by("-pk").values("roles")[:1])


class Interview(RecordedModel):
    """面談・連絡 one contact with the person or those around them.

    Met by (`met_by`) and written by (`recorded_by`) are two facts (代行入力). Whether it counts for
    the month is never stored: plans.rules.interview answers it.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed on it
        related_name="interviews",
        verbose_name="利用",
    )
    held_on = models.DateField("日付")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("時間（分）", null=True, blank=True)
    way = models.CharField("方法", max_length=20, choices=ContactWay)
    outcome = models.CharField("結果", max_length=20, choices=ContactOutcome)
    place = models.CharField("場所", max_length=80, blank=True)
    met_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who met the person decides whether the month counts
        related_name="+",
        verbose_name="面談した職員",
    )
    participants = models.CharField("同席した人", max_length=120, blank=True)
    work_rating = models.CharField("仕事の様子", max_length=20, choices=Rating, blank=True)
    life_rating = models.CharField("生活の様子", max_length=20, choices=Rating, blank=True)
    own_work_rating = models.CharField(
        "本人の感じ方（仕事）", max_length=20, choices=Rating, blank=True
    )
    own_life_rating = models.CharField(
        "本人の感じ方（生活）", max_length=20, choices=Rating, blank=True
    )
    topics = models.JSONField("話題", default=list, blank=True)
    spoke_with = models.JSONField("話した相手（本人のほか）", default=list, blank=True)
    workplace_talk = models.CharField(
        "職場との連絡（職場連絡禁止の方）", max_length=20, choices=WorkplaceTalk, blank=True
    )
    workplace_reason = models.CharField("職場に連絡したわけ", max_length=200, blank=True)
    meeting_kind = models.CharField("会議の区分", max_length=20, choices=MeetingKind, blank=True)
    has_worries = models.BooleanField("気がかりがある", default=False)
    wants_more = models.BooleanField("本人がもっと会いたい", default=False)
    has_employer_concern = models.BooleanField("職場から心配の声がある", default=False)
    notes = models.TextField("話したこと", blank=True)
    agreed = models.TextField("決めたこと", blank=True)
    offered_instead = models.CharField("代わりに提案したこと", max_length=200, blank=True)
    next_on = models.DateField("次回の予定日", null=True, blank=True)
    # A correction that leaves the day as it was says no day anew: plans.actions.interview.
    agreed_at = models.DateTimeField("次回を決めた日時", null=True, editable=False)
    # One opening of the form becomes one record, however often it is sent.
    page = models.UUIDField("書いた画面", null=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,  # a correction refers to what it corrects
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="訂正前の記録",
        editable=False,
    )
    correction_reason = models.CharField("訂正の理由", max_length=200, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who took it back stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
        editable=False,
    )
    withdrawn_at = models.DateTimeField("取り消した日時", null=True, blank=True, editable=False)
    withdrawal_reason = models.CharField("取り消した理由", max_length=200, blank=True)

    # Read by `with_day_roles` alone; None of somebody who was in no post that day.
    day_roles: list[str] | None

    objects = InterviewQuerySet.as_manager()
    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "面談・連絡"
        verbose_name_plural = "面談・連絡"
        ordering = ["-held_on", "-pk"]
        constraints = [
            DateOrder(
                first="held_on",
                last="next_on",
                name="interview_next_after",
                violation_error_message="次回の予定日は、この面談より後にしてください。",
            ),
            Together(
                fields=["next_on", "agreed_at"],
                name="interview_next_has_instant",
                violation_error_message="次回の予定日には、決めた日時が要ります。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="met") | (~Q(work_rating="") & ~Q(life_rating="")),
                name="interview_met_has_ratings",
                violation_error_message="会えたときは、仕事と生活の様子を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(meeting_kind="") | Q(way="conference"),
                name="interview_meeting_kind_of_conference",
                violation_error_message="会議の区分は、方法が「関係者との会議」のときだけです。",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(correction_reason=""),
                name="interview_correction_has_reason",
                violation_error_message="訂正の理由を入れてください。",
            ),
            models.CheckConstraint(
                condition=~Q(workplace_talk="ours") | ~Q(workplace_reason=""),
                name="interview_workplace_has_reason",
                violation_error_message="職場に連絡したわけを入れてください。",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "page"],
                condition=Q(page__isnull=False),
                name="interview_once_from_page",
                violation_error_message="この画面の内容は、もう記録されています。",
            ),
            Together(
                fields=["withdrawn_by", "withdrawn_at"],
                name="interview_withdrawn_together",
                violation_error_message="取消しには、人と日時が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="interview_withdrawal_has_reason",
                violation_error_message="取り消す理由を入れてください。",
            ),
        ]
        indexes = [
            models.Index(fields=["enrolment", "-held_on"], name="interview_by_enrolment"),
            # Few rows have one, and every month of every office asks for those of its own people.
            models.Index(
                fields=["enrolment", "meeting_kind", "held_on"], name="interview_of_meeting_kind"
            ),
        ]

    @property
    def is_by_support_worker(self) -> bool:
        """Whether a 就労定着支援員 in post on that day met them; of rows read `with_day_roles`."""
        return Role.SUPPORT_WORKER in (self.day_roles or ())

    @property
    def topic_labels(self) -> list[str]:
        """The ticked topics in words, in the order in which the form shows them."""
        return [str(topic.label) for topic in Topic if topic.value in self.topics]

    @property
    def partner_labels(self) -> list[str]:
        """Whom one spoke to beside the person, in words, in the order of the form."""
        return [str(partner.label) for partner in Partner if partner.value in self.spoke_with]
