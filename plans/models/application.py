"""Application: what a person asks for, the hearing survey, and the service-use plan."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clients.models import Client, Organisation
from teikyaku.accounts.models import Membership, Municipality
from teikyaku.accounts.models.base import RecordedModel
from teikyaku.constraints import Together


class Application(RecordedModel):
    """申請 an application to a ward; ended by a decision, a refusal or a withdrawal, with reason."""

    class Kind(models.TextChoices):
        """種類 what is asked for."""

        NEW = "new", "新規"
        RENEWAL = "renewal", "更新"
        CHANGE = "change", "変更"

    class Outcome(models.TextChoices):
        """結果 how the application ended."""

        GRANTED = "granted", "支給決定"
        REFUSED = "refused", "却下"
        WITHDRAWN = "withdrawn", "取下げ"

    class Place(models.TextChoices):
        """受付場所 (新潟市 就労定着支援について)."""

        WARD_OFFICE = "ward_office", "区役所健康福祉課"
        HEALTH_CENTRE = "health_centre", "地域保健福祉センター"

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # the ward's record; erasing the provider's must not touch it
        related_name="applications",
        verbose_name="利用者",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # who decides
        related_name="applications",
        verbose_name="申請先",
    )
    kind = models.CharField("種類", max_length=20, choices=Kind, default=Kind.NEW)
    received_on = models.DateField("受付日")
    received_place = models.CharField("受付場所", max_length=30, choices=Place)
    handed_in_by = models.CharField(
        "提出した人", max_length=80, blank=True, help_text="本人でないとき：氏名と続柄"
    )
    contact_phone = models.CharField(
        "連絡先の電話番号",
        max_length=20,
        blank=True,
        help_text="補正などで、区から電話するときの番号",
    )
    contact_name = models.CharField(
        "連絡先の人", max_length=80, blank=True, help_text="本人でないとき：氏名と続柄"
    )
    outcome = models.CharField("結果", max_length=20, choices=Outcome, blank=True)
    outcome_on = models.DateField("結果の日", null=True, blank=True)
    outcome_reason = models.TextField("理由", blank=True)
    outcome_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who decided stays known
        null=True,
        blank=True,
        related_name="+",
        verbose_name="決めた人",
        editable=False,
    )
    outcome_at = models.DateTimeField("結果の記録日時", null=True, blank=True, editable=False)

    history = HistoricalRecords(related_name="history_rows")

    @property
    def has_come_to_nothing(self) -> bool:
        """Refused or withdrawn: nothing is waited for any more."""
        return self.outcome in (self.Outcome.REFUSED, self.Outcome.WITHDRAWN)

    class Meta:
        verbose_name = "申請"
        verbose_name_plural = "申請"
        ordering = ["-received_on", "-pk"]
        constraints = [
            Together(
                fields=["outcome_on", "outcome_by", "outcome_at"],
                name="application_outcome_together",
                violation_error_message="結果には、日付と記録した人が必要です。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_on__isnull=True)
                | (~Q(outcome="") & Q(outcome_on__isnull=False)),
                name="application_outcome_dated",
                violation_error_message="結果と結果の日は一緒に入れてください。",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["refused", "withdrawn"]) | ~Q(outcome_reason=""),
                name="application_end_has_reason",
                violation_error_message="却下・取下げには理由を入れてください。",
            ),
            models.UniqueConstraint(
                fields=["client", "municipality"],
                condition=Q(outcome=""),
                name="application_one_open",
                violation_error_message="この方には、まだ終わっていない申請があります。",
            ),
        ]
        indexes = [
            # With the key: PostgreSQL counts a queue in it and never reads the applications. With the
            # day of the outcome: a year's outcomes are counted in it, for the city's figures.
            models.Index(
                fields=["municipality", "outcome", "outcome_on", "id"], name="application_waiting"
            ),
            # A ward's list, newest first: a page of it, whatever the ward has decided in ten years.
            models.Index(fields=["municipality", "-received_on", "-id"], name="application_by_day"),
            # Whether somebody has applied with a ward, asked for many people.
            models.Index(
                fields=["client", "municipality", "outcome"], name="application_of_client"
            ),
        ]


class Survey(RecordedModel):
    """聞き取り調査 the hearing survey on the person's state."""

    application = models.OneToOneField(
        Application,
        on_delete=models.PROTECT,  # part of the ward's record
        related_name="survey",
        verbose_name="申請",
    )
    held_on = models.DateField("調査日")
    held_by = models.CharField("調査した人", max_length=80)
    work = models.TextField("仕事の状況", blank=True)
    living = models.TextField("生活の状況", blank=True)
    health = models.TextField("健康・通院", blank=True)
    support_around = models.TextField("まわりの支え", blank=True)
    difficulties = models.TextField("就職してからの困りごと")

    history = HistoricalRecords(related_name="history_rows")

    class Meta:
        verbose_name = "聞き取り調査"
        verbose_name_plural = "聞き取り調査"


class ServiceUsePlan(RecordedModel):
    """サービス等利用計画 proposed before the decision (案), final after it; from outside or self."""

    class Stage(models.TextChoices):
        """案・確定 before or after the decision."""

        PROPOSED = "proposed", "案"
        FINAL = "final", "確定"

    class Author(models.TextChoices):
        """作成者 a consultation office, or the person."""

        CONSULTATION = "consultation", "相談支援事業所"
        SELF = "self", "本人（セルフプラン）"

    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,  # part of the ward's record
        related_name="service_use_plans",
        verbose_name="申請",
    )
    stage = models.CharField("案・確定", max_length=10, choices=Stage)
    author = models.CharField("作成者", max_length=20, choices=Author)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,  # reference data
        null=True,
        blank=True,
        related_name="+",
        verbose_name="相談支援事業所",
    )
    received_on = models.DateField("受け取った日")
    monitoring_months = models.PositiveSmallIntegerField(
        "モニタリングの間隔（月）", null=True, blank=True
    )

    class Meta:
        verbose_name = "サービス等利用計画"
        verbose_name_plural = "サービス等利用計画"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "stage"],
                name="service_use_plan_once",
                violation_error_message="この計画は受け取り済みです。",
            ),
            models.CheckConstraint(
                condition=Q(author="consultation", organisation__isnull=False)
                | Q(author="self", organisation__isnull=True),
                name="service_use_plan_author",
                violation_error_message="相談支援事業所を選ぶか、セルフプランにしてください。",
            ),
        ]
