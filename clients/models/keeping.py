"""Keeping: a file that is held back from erasing, the record of an erasure, and what outlives it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from clients.models.client import Client
from teikyaku.accounts.models import Membership, Municipality, Office
from teikyaku.accounts.models.base import PublicModel, RecordedModel
from teikyaku.constraints import Together
from teikyaku.frozen import FrozenModel

ONE_KEEPER = Q(office__isnull=False, municipality__isnull=True) | Q(
    office__isnull=True, municipality__isnull=False
)


class KeepingHoldQuerySet(models.QuerySet["KeepingHold"]):
    """Questions about holds."""

    def standing(self) -> KeepingHoldQuerySet:
        """Those that were not lifted."""
        return self.filter(lifted_at=None)


class KeepingHold(RecordedModel):
    """消去の保留 a file whose time of keeping is over stays, for a reason, until a day or until lifted."""

    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,  # erased with the file that it holds back
        related_name="keeping_holds",
        verbose_name="利用者",
    )
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose file it is
        null=True,
        blank=True,
        related_name="+",
        verbose_name="事業所",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # whose file it is
        null=True,
        blank=True,
        related_name="+",
        verbose_name="自治体",
    )
    reason = models.CharField("保留の理由", max_length=200)
    until = models.DateField("保留の最終日", null=True, blank=True)
    lifted_at = models.DateTimeField("保留を解いた日時", null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who lifted it stays known as long as the hold does
        null=True,
        blank=True,
        related_name="+",
        verbose_name="保留を解いた人",
        editable=False,
    )

    objects = KeepingHoldQuerySet.as_manager()

    class Meta:
        verbose_name = "消去の保留"
        verbose_name_plural = "消去の保留"
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            Together(
                fields=["lifted_at", "lifted_by"],
                name="keeping_hold_lifted_by",
                violation_error_message="保留を解くには、日時と人が要ります。",
            ),
            models.CheckConstraint(
                condition=ONE_KEEPER,
                name="keeping_hold_one_keeper",
                violation_error_message="保留は、一つの事業所か一つの区の記録に付けます。",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="keeping_hold_has_reason",
                violation_error_message="保留の理由を入れてください。",
            ),
            models.UniqueConstraint(
                fields=["client", "office"],
                condition=Q(lifted_at=None, office__isnull=False),
                name="keeping_hold_once_office",
                violation_error_message="この方の消去は、たったいま別の人が保留にしました。",
            ),
            models.UniqueConstraint(
                fields=["client", "municipality"],
                condition=Q(lifted_at=None, municipality__isnull=False),
                name="keeping_hold_once_ward",
                violation_error_message="この方の消去は、たったいま別の人が保留にしました。",
            ),
        ]


class Erasure(FrozenModel, PublicModel):
    """消去の記録 who erased whose file, when, how many rows of each kind, and why it was time.

    Of the person only the random id is left, by which the audit trail names them too.
    """

    person_id = models.UUIDField("利用者")
    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose file it was
        null=True,
        blank=True,
        related_name="erasures",
        verbose_name="事業所",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,  # whose file it was
        null=True,
        blank=True,
        related_name="erasures",
        verbose_name="自治体",
    )
    was_last = models.BooleanField("最後の記録だった", default=False)
    """The person's shared facts went with it: nobody else kept a file."""
    erased_at = models.DateTimeField("消去した日時")
    erased_by = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,  # who erased stays known
        related_name="+",
        verbose_name="消去した人",
    )
    ended_on = models.DateField("サービスが終わった日")
    years = models.PositiveSmallIntegerField("保存期間（年）")
    due_on = models.DateField("消去できる最初の日")
    counts = models.JSONField("消去した数", default=dict)
    """Kind → number of rows."""

    class Meta:
        verbose_name = "消去の記録"
        verbose_name_plural = "消去の記録"
        ordering = ["-erased_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=ONE_KEEPER,
                name="erasure_one_keeper",
                violation_error_message="消去の記録は、一つの事業所か一つの区のものです。",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "-erased_at"], name="erasure_of_office"),
            models.Index(fields=["municipality", "-erased_at"], name="erasure_of_ward"),
            models.Index(fields=["person_id"], name="erasure_of_person"),
        ]


class FileToErase(models.Model):
    """消去するファイル a stored file whose row is gone: removed after the commit, or by the next run.

    Written in the transaction of the erasure, so that a crash right after it loses nothing.
    """

    name = models.CharField("ファイル名", max_length=100, unique=True)
    """Random: it tells of nobody."""

    class Meta:
        verbose_name = "消去するファイル"
        verbose_name_plural = "消去するファイル"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class RetentionEvidence(models.Model):
    """率の根拠 what 就労定着率 and 実績体制加算 still need of somebody whose file is erased.

    No name, no id of the person, no link: a person cannot be found from it (docs/rules.md §10 M).
    """

    office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,  # whose rate it is
        related_name="retention_evidence",
        verbose_name="事業所",
    )
    used = models.JSONField("利用した期間")
    """[first day, last day] each, in ISO."""
    employed_years = models.JSONField("3月31日に就労していた年", default=list)
    open_years = models.JSONField("3月31日の就労を確かめていなかった年", default=list)
    stays = models.JSONField("実績体制加算の就職日と月数", default=list)
    """[fiscal year, day of hiring in ISO, whole months] each."""
    died_on = models.DateField("死亡日", null=True, blank=True)
    needed_until = models.DateField("必要な最後の日")

    class Meta:
        verbose_name = "率の根拠"
        verbose_name_plural = "率の根拠"
        ordering = ["needed_until", "pk"]
        indexes = [models.Index(fields=["office", "needed_until"], name="evidence_needed")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
