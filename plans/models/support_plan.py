"""Support plan: the provider's individual plan (not the service-use plan), from assessment on."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models import Enrolment, RelatedPerson
from plans.rules.support_plan import PlanDates, PlanStep, next_step
from teikyaku.accounts.models import IssuedDocument, Membership
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import DateOrder, Together
from teikyaku.frozen import FrozenModel

# Each day with the one before which it cannot lie, and the step as the message names it.
ORDER = (
    ("assessed_on", "drafted_on", "「原案」の日は、「アセスメント」の日以後にしてください。"),
    ("drafted_on", "meeting_on", "「会議」の日は、「原案」の日以後にしてください。"),
    ("meeting_on", "explained_on", "「説明」の日は、「会議」の日以後にしてください。"),
    ("explained_on", "consented_on", "「同意」の日は、「説明」の日以後にしてください。"),
    ("consented_on", "handed_over_on", "「本人への交付」の日は、「同意」の日以後にしてください。"),
    ("consented_on", "consultation_on", "「相談支援への交付」は、「同意」の日以後にしてください。"),
    ("starts_on", "review_by", "見直しの期限は、計画の開始日以後にしてください。"),
)
# Each day and what has to be there before it.
NEEDS = (
    ("meeting_on", "drafted_on", "先に「原案」を書いてください。"),
    ("explained_on", "meeting_on", "先に「会議」を記録してください。"),
    ("consented_on", "explained_on", "先に「説明」の日を入れてください。"),
    ("handed_over_on", "consented_on", "先に「同意」を記録してください。"),
    ("consultation_on", "consented_on", "先に「同意」を記録してください。"),
    ("drafted_on", "starts_on", "原案には、計画の開始日が要ります。"),
)


class SupportPlanQuerySet(models.QuerySet["SupportPlan"]):
    """Plans by how far they are."""

    def complete(self) -> SupportPlanQuerySet:
        """With every step that the rule asks for: the database keeps the steps in a row."""
        return self.filter(handed_over_on__isnull=False)

    def being_made(self) -> SupportPlanQuerySet:
        """Begun, not yet handed over and not given up: at most one of an enrolment."""
        return self.filter(handed_over_on__isnull=True, stopped_on__isnull=True)

    def begun(self, on: date) -> SupportPlanQuerySet:
        """Complete ones whose first day has come, the newest first."""
        return self.complete().filter(starts_on__lte=on).order_by("-starts_on")


class SupportPlan(RecordedModel):
    """個別支援計画 assessment → draft → meeting → explained, consent → handed over; reviewed.

    docs/rules.md §6 S: reviewed at least every 6 months. One row lives through all steps; a review
    is the next row.
    """

    class Signer(models.TextChoices):
        """署名 who signed the consent."""

        PERSON = "person", "本人"
        BOTH = "both", "本人と、後見人など"
        REPRESENTATIVE = "representative", "後見人など（本人に代わって）"

    class Consultation(models.TextChoices):
        """相談支援への交付 what became of it."""

        HANDED = "handed", "渡した"
        NONE = "none", "相談支援事業所がない（セルフプランなど）"
        DECLINED = "declined", "本人が、渡すことを希望しない"

    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,  # months were billed on it
        related_name="support_plans",
        verbose_name="利用",
    )
    wishes = models.TextField("本人の希望（本人の言葉で）", blank=True)
    work = models.TextField("仕事のようす", blank=True)
    living = models.TextField("生活のようす", blank=True)
    health = models.TextField("健康・通院・服薬", blank=True)
    around = models.TextField("まわりの支え", blank=True)
    strengths = models.TextField("得意なこと・強み", blank=True)
    support = models.TextField("支援の方針", blank=True)
    assessed_on = models.DateField("アセスメントの日")
    drafted_on = models.DateField("原案の作成日", null=True, blank=True)
    meeting_on = models.DateField("本人を交えた会議の日", null=True, blank=True)
    participants = models.CharField("会議に出た人", max_length=200, blank=True)
    meeting_notes = models.TextField("会議で出た意見", blank=True)
    manager = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who answers for the plan stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="サービス管理責任者",
    )
    explained_on = models.DateField("説明した日", null=True, blank=True)
    consented_on = models.DateField("文書で同意を得た日", null=True, blank=True)
    signer = models.CharField("署名した人", max_length=20, choices=Signer, blank=True)
    representative = models.ForeignKey(
        RelatedPerson,
        on_delete=models.PROTECT,  # whose signature stands on the paper
        null=True,
        blank=True,
        related_name="+",
        verbose_name="署名した後見人など",
    )
    guardian_note = models.CharField("後見人の署名がない理由", max_length=200, blank=True)
    handed_over_on = models.DateField("本人に交付した日", null=True, blank=True)
    consultation = models.CharField(
        "相談支援への交付", max_length=20, choices=Consultation, blank=True
    )
    consultation_on = models.DateField("相談支援に渡した日・確かめた日", null=True, blank=True)
    consultation_name = models.CharField("相談支援事業所", max_length=80, blank=True)
    starts_on = models.DateField("計画の開始日", null=True, blank=True)
    review_by = models.DateField("見直しの期限", null=True, blank=True)
    stopped_on = models.DateField("取りやめた日", null=True, blank=True)
    stop_reason = models.CharField("取りやめた理由", max_length=200, blank=True)
    version = models.PositiveIntegerField("書き換えの回数", default=1, editable=False)

    objects = SupportPlanQuerySet.as_manager()
    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "個別支援計画"
        verbose_name_plural = "個別支援計画"
        ordering = ["starts_on", "pk"]
        constraints = [
            *(
                DateOrder(
                    first=first,
                    last=last,
                    name=f"support_plan_{last}_order",
                    violation_error_message=words,
                )
                for first, last, words in ORDER
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{later}__isnull": True}) | Q(**{f"{earlier}__isnull": False}),
                    name=f"support_plan_{later}_needs",
                    violation_error_message=words,
                )
                for later, earlier, words in NEEDS
            ),
            Together(
                fields=["starts_on", "review_by"],
                name="support_plan_period",
                violation_error_message="計画の開始日と見直しの期限は、両方入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(consented_on__isnull=True) | ~Q(signer=""),
                name="support_plan_consent_signed",
                violation_error_message="だれが署名したかを選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(signer__in=["", "person"], representative__isnull=True)
                | Q(signer__in=["both", "representative"], representative__isnull=False),
                name="support_plan_representative",
                violation_error_message="署名した後見人などを選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(consultation="", consultation_on__isnull=True)
                | (~Q(consultation="") & Q(consultation_on__isnull=False)),
                name="support_plan_consultation_dated",
                violation_error_message="相談支援への交付には、日付を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(stopped_on__isnull=True)
                | (Q(handed_over_on__isnull=True) & ~Q(stop_reason="")),
                name="support_plan_stopped_why",
                violation_error_message="交付していない計画だけを、理由を書いて取りやめられます。",
            ),
            models.UniqueConstraint(
                fields=["enrolment", "starts_on"],
                condition=Q(stopped_on__isnull=True),
                name="support_plan_once",
                violation_error_message="同じ開始日の計画があります。",
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(handed_over_on__isnull=True, stopped_on__isnull=True),
                name="support_plan_one_open",
                violation_error_message="作成中の計画があります。先にその計画を進めるか、取りやめてください。",
            ),
        ]

    @property
    def dates(self) -> PlanDates:
        """The days of its steps, as the rules take them."""
        return PlanDates(
            assessed_on=self.assessed_on,
            drafted_on=self.drafted_on,
            meeting_on=self.meeting_on,
            explained_on=self.explained_on,
            consented_on=self.consented_on,
            handed_over_on=self.handed_over_on,
            consultation_on=self.consultation_on,
        )

    @property
    def is_complete(self) -> bool:
        """Every step that the rule asks for is there: it counts for its months."""
        return self.handed_over_on is not None

    @property
    def is_open(self) -> bool:
        """Being made: neither handed over nor given up."""
        return self.handed_over_on is None and self.stopped_on is None

    @property
    def next_step(self) -> PlanStep | None:
        """What comes next; None when all is done, or it was given up."""
        return None if self.stopped_on else next_step(self.dates)

    @property
    def goals(self) -> str:
        """The goals as text, one a line; long-term and short-term told apart where both are there.

        Prefetch `goal_rows` where several plans are read.
        """
        rows = list(self.goal_rows.all())
        has_both = len({row.term for row in rows}) > 1
        return "\n".join(
            f"{row.get_term_display()}：{row.goal}" if has_both else row.goal for row in rows
        )


class SupportPlanGoal(RecordedModel):
    """個別支援計画の目標 one goal: what it is, who does what, by when (docs/rules.md §6)."""

    class Term(models.TextChoices):
        """期間 of a goal."""

        LONG = "long", "長期目標"
        SHORT = "short", "短期目標"

    plan = models.ForeignKey(
        SupportPlan,
        on_delete=models.CASCADE,  # part of the plan; ratings and papers protect what was used
        related_name="goal_rows",
        verbose_name="個別支援計画",
    )
    position = models.PositiveSmallIntegerField("順番")
    term = models.CharField("長期・短期", max_length=10, choices=Term)
    goal = models.TextField("目標")
    person_does = models.TextField("本人がすること", blank=True)
    staff_does = models.TextField("支援者がすること", blank=True)
    target_on = models.DateField("いつまでに", null=True, blank=True)

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "個別支援計画の目標"
        verbose_name_plural = "個別支援計画の目標"
        ordering = ["plan", "position", "pk"]


class SupportPlanPaper(FrozenModel, PublicModel):
    """個別支援計画書 a plan as it was printed; its content stands frozen in `document`."""

    class Kind(models.TextChoices):
        """種類 of paper; the values are the templates."""

        PLAN = "support_plan", "個別支援計画書"
        PLAIN = "support_plan_plain", "わたしの計画（やさしい言葉）"

    kind = models.CharField("種類", max_length=30, choices=Kind)
    plan = models.ForeignKey(
        SupportPlan,
        on_delete=models.PROTECT,  # what was handed over
        related_name="papers",
        verbose_name="個別支援計画",
    )
    document = models.OneToOneField(
        IssuedDocument,
        on_delete=models.PROTECT,  # the paper itself
        related_name="support_plan_paper",
        verbose_name="交付文書",
    )

    class Meta:
        verbose_name = "個別支援計画書"
        verbose_name_plural = "個別支援計画書"
        ordering = ["pk"]
